package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.OverpakException;
import org.overpak.testing.Command;
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
                : new Entry.RegularFile(attributes, Content.of(content(path))));
      }
    }
    return FileTree.of(entries);
  }

  /// Such that nothing is wrong with it.
  private static String content(TreePath path) {
    if (path.value().startsWith("share/icons/hicolor/")) {
      return "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><!-- %s --></svg>"
          .formatted(path);
    }
    return path.name().endsWith(".service")
        ? "[D-BUS Service]\nName=%s\nExec=/app/bin/%s\n".formatted(ID, path)
        : "#" + path;
  }

  private static String pick(Random random, List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  /// What the files in the theme of icons hold, whatever their names say, and whether the app is
  /// exported.
  @Test
  void iconsAreRefusedAsFlatpakRefusesThem() throws IOException {
    Map<String, byte[]> icons = icons();
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    for (Map.Entry<String, byte[]> icon : icons.entrySet()) {
      String suffix = icon.getKey().replaceFirst(".*\\.", ".");
      var path = new TreePath("share/icons/hicolor/48x48/apps/" + ID + suffix);
      FileTree app =
          FileTree.EMPTY.with(
              path, new Entry.RegularFile(Attributes.of(0644, 0), Content.of(icon.getValue())));
      theirs.put(icon.getKey(), isExported(app) ? "accepted" : "refused");
      try {
        Exports.collect(app, ID, List.of());
        ours.put(icon.getKey(), "accepted");
      } catch (OverpakException e) {
        assertThat(e).hasMessageContaining("/app" + path + ": ");
        ours.put(icon.getKey(), "refused");
      }
    }
    flatpak.compare("icons", theirs, ours);
    assertThat(ours.values()).contains("accepted", "refused").hasSizeGreaterThan(60);
    ours.replaceAll((_, _) -> "accepted");
    flatpak.distinguishes("icons that are not looked at", "icons", theirs, ours);
  }

  @Test
  void launchersAreRefusedAsFlatpakRefusesThem() throws IOException {
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    String service = "[D-BUS Service]\nName=org.t.App\nExec=/app/bin/app --service\n";
    for (String desktop :
        List.of(
            "",
            "[Desktop Entry]\nName=App\nExec=app %U\n",
            "[Desktop Entry]\nName=App\nExec=/app/bin/missing\nIcon=other\n",
            "[Desktop Entry]\nName=App\nIcon=org.t.App.missing\n",
            "[Desktop Entry]\nName=App\nDBusActivatable=true\n",
            "[Desktop Entry]\nName=App\nExec=\nDBusActivatable=false\n",
            "no key file\n")) {
      for (String file :
          List.of(
              "",
              service,
              service.replace("org.t.App", "org.t.Other"),
              service.replaceFirst("Name=.*", ""),
              service.replaceFirst("Exec=.*", ""),
              service.replace("bin/app", "bin/missing"),
              service.replace("D-BUS", "DBUS"),
              "no key file\n")) {
        FileTree app = with("bin/app", "#!", FileTree.EMPTY);
        app = with("share/applications/org.t.App.desktop", desktop, app);
        app = with("share/dbus-1/services/org.t.App.service", file, app);
        String subject = desktop + "--\n" + file;
        theirs.put(subject, isExported(app) ? "accepted" : "refused");
        try {
          Exports.collect(app, ID, List.of());
          ours.put(subject, "accepted");
        } catch (OverpakException _) {
          ours.put(subject, "refused");
        }
      }
    }
    flatpak.compare("launchers", theirs, ours);
    assertThat(ours.values()).contains("accepted", "refused").hasSize(56);
    ours.replaceAll((_, _) -> "accepted");
    flatpak.distinguishes("launchers that are not looked at", "launchers", theirs, ours);
  }

  private static FileTree with(String path, String text, FileTree tree) {
    return text.isEmpty()
        ? tree
        : tree.with(
            new TreePath(path), new Entry.RegularFile(Attributes.of(0644, 0), Content.of(text)));
  }

  private boolean isExported(FileTree app) throws IOException {
    Path build = Files.createTempDirectory(directory, "icon");
    TreeDirectory.write(app, Files.createDirectory(build.resolve("files")));
    TreeDirectory.write(
        app.filter((path, _) -> path.value().startsWith("share")),
        Files.createDirectory(build.resolve("export")));
    Files.writeString(build.resolve("metadata"), "[Application]\nname=" + ID + "\n");
    Command export =
        flatpak.command("build-export", directory.resolve("repo").toString(), build.toString());
    return flatpak.runToAnyEnd(export).exitCode() == 0;
  }

  private static Map<String, byte[]> icons() throws IOException {
    Map<String, byte[]> icons = new TreeMap<>();
    for (int[] size : new int[][] {{16, 16}, {48, 48}, {512, 512}, {513, 513}, {48, 47}}) {
      for (String format : List.of("png", "jpeg", "gif")) {
        byte[] image = image(format, size[0], size[1]);
        String name = "%s %d×%d".formatted(format, size[0], size[1]);
        icons.put(name + ".png", image);
        icons.put(name + " in the name of an SVG.svg", image);
      }
    }
    byte[] png = image("png", 48, 48);
    byte[] flipped = png.clone();
    flipped[png.length / 2] ^= 1;
    icons.put("one bit flipped.png", flipped);
    icons.put("cut off.png", Arrays.copyOf(png, png.length / 2));
    icons.put("empty.png", new byte[0]);
    icons.put("text.png", "hello".getBytes(StandardCharsets.UTF_8));
    for (String attributes :
        List.of(
            "width='16' height='16'",
            "width='16' height='18'",
            "width='4096' height='4096'",
            "width='4097' height='4097'",
            "width='16.4' height='16.2'",
            "width='16.5' height='17'",
            "width='10mm' height='1cm'",
            "width='12pt' height='1pc'",
            "width='1in' height='90px'",
            "width='1em' height='12'",
            "width='1ex' height='6'",
            "width='0' height='0'",
            "width=' 16 ' height='16PX'",
            "width='1.6e1' height='16'",
            "viewBox='0 0 30 30'",
            "viewBox='0,0,48,48'",
            "viewBox='0 0 30 40'",
            "viewBox='0 0 33.867 33.866'",
            "viewBox='0 0 64 64' width='100%' height='100%'",
            "viewBox='0 0 64 64' width='50%' height='32'",
            "viewBox='0 0 64 32' width='50%' height='50%'",
            "viewBox='0 0 40 30' width='20'",
            "viewBox='0 0 40 40' width='20'",
            "viewBox='0 0 40 30' height='30'",
            "viewBox='x' width='16' height='16'")) {
      byte[] svg = svg("<svg xmlns='http://www.w3.org/2000/svg' " + attributes + "/>");
      icons.put("SVG " + attributes + ".svg", svg);
      if (attributes.startsWith("width='16'")) {
        icons.put("SVG, compressed " + attributes + ".svgz", compressed(svg));
      }
    }
    String square = " xmlns='http://www.w3.org/2000/svg' width='16' height='16'";
    icons.put("not closed.svg", svg("<svg" + square + "><g></svg>"));
    icons.put("a page.svg", svg("<html><svg" + square + "/></html>"));
    icons.put(
        "a prefix.svg",
        svg("<svg:svg xmlns:svg='http://www.w3.org/2000/svg' width='9' height='9'/>"));
    icons.put(
        "deep.svg", svg("<svg" + square + ">" + "<g>".repeat(200) + "</g>".repeat(200) + "</svg>"));
    icons.put(
        "a long path.svg",
        svg("<svg" + square + "><path d='M 0 0" + " L 1 1".repeat(20_000) + "'/></svg>"));
    icons.put(
        "an entity.svg",
        svg(
            "<!DOCTYPE svg [<!ENTITY s '16'>]><svg xmlns='http://www.w3.org/2000/svg' width='&s;' height='16'/>"));
    return icons;
  }

  private static byte[] svg(String text) {
    return ("<?xml version='1.0'?>\n" + text).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] compressed(byte[] bytes) throws IOException {
    var result = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(result)) {
      gzip.write(bytes);
    }
    return result.toByteArray();
  }

  private static byte[] image(String format, int width, int height) throws IOException {
    var result = new ByteArrayOutputStream();
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x204060);
    ImageIO.write(image, format, result);
    return result.toByteArray();
  }
}
