package org.overpak.flatpak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.Judge;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeDirectory;
import org.overpak.tree.TreePath;

/// Exports against `flatpak build-finish`, over random trees that are the same in every run.
class ExportsIT {
  private static final String ID = "org.t.App";
  private static final List<String> OWN_NAMES = List.of("org.t.Other", "com.wild.*");

  private static final List<String> DIRECTORIES =
      List.of(
          "share/applications",
          "share/applications/sub",
          "share/applications/.hidden",
          "share/icons/hicolor/48x48/apps",
          "share/icons/backup~",
          "share/icons",
          "share/dbus-1/services",
          "share/dbus-1/system-services",
          "share/gnome-shell/search-providers",
          "share/mime/packages",
          "share/mime",
          "share/metainfo",
          "share/krunner/dbusplugins");

  private static final List<String> STEMS =
      List.of(
          "org.t.App",
          "org.t.App.Sub",
          "org.t.App.Sub.More",
          "org.t.App.9",
          "org.t.App.9x",
          "org.t.App.",
          "org.t.App..x",
          "org.t.App-x",
          "org.t.App.Sub-x",
          "org.t.App.-x",
          "org.t.App.Sub-x.y",
          "org.t.App+x",
          "org.t.App x",
          "org.t.App_x",
          "org.t.Apple",
          "org.t.app",
          "org.t",
          "xorg.t.App",
          "org.t.Other",
          "org.t.Other.Sub",
          "org.t.Other-x",
          "com.wild",
          "com.wild.A",
          "com.wild.A-b.C",
          "com.wilder",
          ".org.t.App",
          "");

  private static final List<String> EXTENSIONS =
      List.of(
          ".desktop",
          ".svg",
          ".svgz",
          ".png",
          ".ico",
          ".service",
          ".ini",
          ".xml",
          ".txt",
          "",
          "~",
          ".desktop~",
          ".PNG");

  private final Judge flatpak = Judge.of("flatpak");
  @TempDir Path directory;

  @Test
  void exportsWhatFlatpakExports() throws IOException {
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    var random = new Random(7);
    for (int i = 0; i < 30; i++) {
      Path build = directory.resolve("build" + i);
      TreeDirectory.write(randomApp(random), build.resolve("files"));
      Files.writeString(build.resolve("metadata"), "[Application]\nname=" + ID + "\n");
      flatpak.run(
          "build-finish",
          build.toString(),
          "--own-name=" + OWN_NAMES.getFirst(),
          "--own-name=" + OWN_NAMES.getLast());
      String subject = "app " + i + " ";
      show(subject, FileTree.ofDirectory(build.resolve("export")), theirs);
      FileTree app = FileTree.ofDirectory(build.resolve("files"));
      show(subject, Exports.collect(app, ID, OWN_NAMES).tree(), ours);
    }
    flatpak.compare("exports", theirs, ours);
    ours.keySet().removeIf(line -> line.endsWith(".desktop"));
    flatpak.distinguishes("exports that are missing", "exports", theirs, ours);
  }

  private static void show(String subject, FileTree tree, Map<String, String> lines)
      throws IOException {
    for (Map.Entry<TreePath, Entry> entry : CommitTree.canonical(tree, 0).entries().entrySet()) {
      lines.put(
          subject + entry.getKey(),
          entry.getValue() instanceof Entry.RegularFile file
              ? "file %o %s"
                  .formatted(
                      file.attributes().mode(),
                      new String(file.content().readAll(), StandardCharsets.UTF_8))
              : entry.getValue().getClass().getSimpleName());
    }
  }

  private static FileTree randomApp(Random random) {
    Map<TreePath, Entry> entries = new HashMap<>();
    for (int i = 0; i < 60; i++) {
      String name = pick(random, STEMS) + pick(random, EXTENSIONS);
      if (!name.isEmpty() && !name.equals(".")) {
        var path = new TreePath(pick(random, DIRECTORIES) + "/" + name);
        var attributes = Attributes.of(random.nextInt(4) == 0 ? 0755 : 0644, 0);
        entries.put(
            path,
            random.nextInt(8) == 0
                ? new Entry.Symlink(attributes, "org.t.App.desktop")
                : new Entry.RegularFile(attributes, Content.of(path.value())));
      }
    }
    return FileTree.of(entries);
  }

  private static String pick(Random random, List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
