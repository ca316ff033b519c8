package org.overpak.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import org.overpak.Digest;
import org.overpak.Progress;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.LinkGroup;
import org.overpak.tree.Owner;
import org.overpak.tree.TreePath;

/// Commands that change a root in every way, and all that is known of it afterwards, as text. A
/// program too, so that it can run as another user.
final class SandboxScenario {
  private final Path root;
  private final Path work;

  SandboxScenario(Path root, Path work) {
    this.root = root;
    this.work = work;
  }

  /// ROOT WORK OVERLAY SUBORDINATE
  public static void main(String[] arguments) throws IOException {
    System.out.print(
        new SandboxScenario(Path.of(arguments[0]), Path.of(arguments[1]))
            .run(
                new Sandbox.Options(
                    Boolean.parseBoolean(arguments[2]), Boolean.parseBoolean(arguments[3]))));
  }

  MaterializedRoot root() {
    return MaterializedRoot.of(
        FileTree.ofDirectory(root),
        Digest.sha256(new byte[0]),
        work.resolve("roots"),
        Progress.SILENT);
  }

  /// A package's files: with owners and modes that this process may not give.
  static FileTree added() {
    var linked = new LinkGroup();
    Attributes plain = Attributes.of(0644, 1000);
    return FileTree.of(
        Map.ofEntries(
            Map.entry(new TreePath("app"), new Entry.Directory(Attributes.of(0755, 1000))),
            file("app/changed", plain, "before"),
            file(
                "app/untouched", new Attributes(04750, new Owner(7, 8), 1000, plain.xattrs()), "x"),
            file("app/touched", new Attributes(0640, new Owner(7, 8), 1000, plain.xattrs()), "y"),
            file("app/mode", plain, "z"),
            file("app/owner", plain, "o"),
            file("app/gone", plain, "g"),
            file("app/directory/old", plain, "d"),
            file("app/größe", plain, "ü"),
            Map.entry(new TreePath("app/link"), new Entry.Symlink(plain, "nowhere/at/all")),
            Map.entry(
                new TreePath("app/hard-1"),
                new Entry.RegularFile(plain, Content.of("hard"), linked)),
            Map.entry(
                new TreePath("app/hard-2"),
                new Entry.RegularFile(plain, Content.of("hard"), linked))));
  }

  private static Map.Entry<TreePath, Entry> file(String path, Attributes attributes, String text) {
    return Map.entry(new TreePath(path), new Entry.RegularFile(attributes, Content.of(text)));
  }

  private static final String SCRIPT =
      """
      set -e
      cd /app
      echo after > changed
      touch touched
      chmod 4711 mode
      rm gone
      rm -r directory
      mkdir directory
      echo new > directory/new
      ln changed changed-too
      ln -s changed symlink
      mv link moved
      mkdir closed secret
      chmod 0 closed
      echo secret > secret/file
      chmod 0 secret/file
      chmod 0 secret
      rm -r /usr/share/doc
      rm -r /usr/share/zoneinfo
      mkdir /usr/share/zoneinfo
      echo utc > /usr/share/zoneinfo/UTC
      chmod 700 /usr/bin
      echo more >> /etc/passwd
      echo gone > /tmp/gone
      mv /usr/share/info /usr/share/info-moved 2>/dev/null || mkdir /usr/share/info-moved
      """;

  String run(Sandbox.Options options) throws IOException {
    var report = new StringJoiner("\n", "", "\n");
    MaterializedRoot materialized = root();
    try (var sandbox = Sandbox.over(materialized, work, options)) {
      sandbox.add(added());
      report.add(show(sandbox.run(SandboxCommand.of("sh", "-c", SCRIPT))));
      report.add(show(sandbox.run(SandboxCommand.of("sh", "-c", "chown 5:6 /app/owner"))));
      Changes changes = sandbox.changes();
      report.add("removed " + changes.removed());
      for (Map.Entry<TreePath, Entry> item : changes.changed().entries().entrySet()) {
        report.add(show(item.getKey(), item.getValue()));
      }
    }
    return report.toString();
  }

  private static String show(TreePath path, Entry entry) throws IOException {
    Attributes attributes = entry.attributes();
    String what =
        switch (entry) {
          case Entry.Directory _ -> "directory";
          case Entry.Symlink link -> "-> " + link.target();
          case Entry.Special special -> special.kind().toString();
          case Entry.RegularFile file ->
              (file.links() == LinkGroup.NONE ? "" : "(linked) ")
                  + (file.content().size() < 100
                      ? new String(file.content().readAll(), StandardCharsets.UTF_8).strip()
                      : Digest.sha256(file.content().readAll()));
        };
    return "%04o %d:%d %s %s"
        .formatted(
            attributes.mode(), attributes.owner().uid(), attributes.owner().gid(), path, what);
  }

  private static String show(Completed completed) {
    return completed.exitCode() + " " + completed.output().strip();
  }
}
