package org.overpak.flatpak;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeBuilder;
import org.overpak.tree.TreePath;

/// What an installed system gives to a runtime: `/usr` becomes the runtime's files, `/etc` their
/// `etc`, and the RPM database is kept below `lib/sysimage/rpm`, wherever it was. Nothing else of
/// the system ships.
///
/// @param files what will be `/usr`
/// @param dropped what was left behind though it is not empty
public record RuntimeFiles(FileTree files, List<Dropped> dropped) {
  private static final TreePath USR = new TreePath("usr");
  private static final TreePath ETC = new TreePath("etc");
  private static final TreePath VAR_RPM = new TreePath("var/lib/rpm");

  /// Where the database goes from `/var/lib/rpm`, which no runtime has: to the place that Fedora
  /// and openSUSE keep it in.
  private static final TreePath SYSIMAGE_RPM = new TreePath("lib/sysimage/rpm");

  /// Merged into `/usr` by every distribution that can be a runtime.
  private static final Set<String> MERGED =
      Set.of("bin", "lib", "lib32", "lib64", "libx32", "sbin");

  /// Their content tells the build's package sources, which are not the user's. The directories
  /// stay, so that repositories can be put there again where the runtime is used as a system.
  private static final List<TreePath> REPOSITORIES =
      List.of(new TreePath("etc/yum.repos.d"), new TreePath("etc/zypp/repos.d"));

  private static final TreePath LINKER_CONFIGURATION = new TreePath("etc/ld.so.conf");

  /// Of what the file may be looked at, in bytes; real ones have a few lines.
  private static final int LONGEST_CONFIGURATION = 1 << 16;

  /// The lines that Flatpak writes itself where it finds an empty file
  /// (`flatpak-run.c:add_ld_so_conf`), with `/app/lib64`, which it leaves out and where RPM's
  /// 64-bit packages have their libraries, and with what the distribution includes. A file that is
  /// not empty is used as it is, and serves a container as well.
  private static final String LINKER_LINES =
      """
      include /run/flatpak/ld.so.conf.d/app-*.conf
      include /app/etc/ld.so.conf
      /app/lib64
      /app/lib
      include /run/flatpak/ld.so.conf.d/runtime-*.conf
      include /usr/etc/ld.so.conf.d/*.conf
      """;

  /// Files that are not part of the runtime.
  ///
  /// @param directory that holds them: one at the top, or for `/var` one or two levels down
  /// @param files how many, links included
  /// @param bytes how many they hold
  public record Dropped(TreePath directory, long files, long bytes) {}

  public RuntimeFiles {
    dropped = List.copyOf(dropped);
  }

  /// Takes the runtime's part of the installed system ROOT.
  ///
  /// @throws OverpakException if ROOT has files in `/usr/etc`, which `/etc` would hide, or in
  ///   `/bin`, `/lib` and the like, which must be links into `/usr`
  public static RuntimeFiles of(FileTree root) {
    requireMerged(root);
    requireEmpty(
        root,
        new TreePath("usr/etc"),
        "In a runtime /etc is /usr/etc: remove the package that brings it, or move it to /etc.");
    FileTree usr = root.subtree(USR).filter((path, _) -> !path.equals(ETC));
    var files = new TreeBuilder(usr.overlay(etc(root).under(ETC)));
    boolean databaseInVar = !root.list(VAR_RPM).isEmpty();
    if (databaseInVar) {
      files.putAll(root.subtree(VAR_RPM).under(SYSIMAGE_RPM));
    }
    files
        .get(LINKER_CONFIGURATION)
        .flatMap(RuntimeFiles::linkerConfiguration)
        .ifPresent(entry -> files.put(LINKER_CONFIGURATION, entry));
    return new RuntimeFiles(withoutRepositories(files.build()), dropped(root, databaseInVar));
  }

  private static FileTree withoutRepositories(FileTree files) {
    FileTree result = files;
    for (TreePath directory : REPOSITORIES) {
      if (!files.list(directory).isEmpty()) {
        Entry empty = files.get(directory).orElseGet(CommitTree::directory);
        result = result.without(directory).with(directory, empty);
      }
    }
    return result;
  }

  private static void requireMerged(FileTree root) {
    for (String name : MERGED.stream().sorted().toList()) {
      requireEmpty(
          root,
          new TreePath(name),
          "Only systems where it is a link into /usr can become a runtime.");
    }
  }

  private static void requireEmpty(FileTree root, TreePath directory, String advice) {
    Optional<Map.Entry<TreePath, Entry>> file =
        root.subtree(directory).entries().entrySet().stream()
            .filter(entry -> !entry.getKey().isRoot())
            .filter(entry -> !(entry.getValue() instanceof Entry.Directory))
            .findFirst();
    if (file.isPresent()) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          directory + " is a directory with files: " + directory.resolve(file.get().getKey()),
          advice);
    }
  }

  /// `/etc`, with those links that lead out of it by `..` made absolute: where `/etc` itself is a
  /// link to `files/etc`, they would be followed from there, and end in the wrong place.
  private static FileTree etc(FileTree root) {
    FileTree etc = root.subtree(ETC);
    var result = new TreeBuilder(etc);
    etc.entries()
        .forEach(
            (path, entry) -> {
              if (entry instanceof Entry.Symlink link) {
                result.put(path, absoluteIfOutside(path, link));
              }
            });
    return result.build();
  }

  private static Entry.Symlink absoluteIfOutside(TreePath path, Entry.Symlink link) {
    List<String> components = new ArrayList<>(List.of(link.target().split("/+")));
    int up = 0;
    while (!components.isEmpty() && List.of("..", ".").contains(components.getFirst())) {
      up += components.removeFirst().equals("..") ? 1 : 0;
    }
    int depth = path.value().split("/").length;
    return up < depth
        ? link
        : new Entry.Symlink(link.attributes(), "/" + String.join("/", components));
  }

  /// Empty if the file is to stay: as it is empty, and so Flatpak's to write, or as the
  /// distribution thought of `/app` itself.
  private static Optional<Entry> linkerConfiguration(Entry entry) {
    if (!(entry instanceof Entry.RegularFile file)
        || file.content().size() == 0
        || text(file).contains("/app/")) {
      return Optional.empty();
    }
    return Optional.of(new Entry.RegularFile(file.attributes(), Content.of(LINKER_LINES)));
  }

  private static String text(Entry.RegularFile file) {
    try (InputStream stream = file.content().open()) {
      return new String(stream.readNBytes(LONGEST_CONFIGURATION), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "/" + LINKER_CONFIGURATION.value() + " cannot be read: " + e.getMessage(),
          "Check the disk and the files of the root.",
          e);
    }
  }

  private static List<Dropped> dropped(FileTree root, boolean databaseInVar) {
    SortedMap<TreePath, Dropped> result = new TreeMap<>();
    root.entries()
        .forEach(
            (path, entry) -> {
              boolean kept =
                  path.startsWith(USR)
                      || path.startsWith(ETC)
                      || (databaseInVar && path.startsWith(VAR_RPM))
                      || HybridLayout.provides(path, entry);
              if (!kept && !(entry instanceof Entry.Directory)) {
                long bytes = entry instanceof Entry.RegularFile file ? file.content().size() : 0;
                result.merge(
                    area(path),
                    new Dropped(area(path), 1, bytes),
                    (a, b) -> new Dropped(a.directory, a.files + b.files, a.bytes + b.bytes));
              }
            });
    return List.copyOf(result.values());
  }

  /// The directory under which PATH is reported.
  private static TreePath area(TreePath path) {
    String[] components = path.value().split("/");
    int most = Math.min(components[0].equals("var") ? 3 : 1, components.length - 1);
    return new TreePath(String.join("/", List.of(components).subList(0, most)));
  }
}
