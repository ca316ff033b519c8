package org.overpak.ostree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.overpak.Digest;
import org.overpak.Progress;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeDirectory;
import org.overpak.tree.TreePath;

/// Objects of generated trees against those that `ostree commit` makes of the same files, and back.
class ObjectsIT {
  private static final long TIMESTAMP = 1_700_000_000L;

  private final Judge ostree = Judge.of("ostree");

  /// Trees made up from a seed: odd names, empty and large files, links, directories.
  private static final class Trees {
    private final Random random;

    Trees(long seed) {
      this.random = new Random(seed);
    }

    private String name() {
      while (true) {
        var name = new StringBuilder();
        int kind = random.nextInt(11);
        int length = kind == 0 ? 100 + random.nextInt(156) : 1 + random.nextInt(10);
        for (int i = 0; i < length; i++) {
          int character =
              kind == 0
                  ? 'a' + random.nextInt(26)
                  : kind < 6 ? 1 + random.nextInt(126) : 1 + random.nextInt(0x1ffff);
          name.appendCodePoint(character);
        }
        if (isName(name.toString())) {
          return name.toString();
        }
      }
    }

    private byte[] content() {
      return switch (random.nextInt(10)) {
        case 0 -> new byte[0];
        case 1 -> big(70_000 + random.nextInt(3_000_000));
        default -> {
          byte[] bytes = new byte[random.nextInt(300)];
          random.nextBytes(bytes);
          yield bytes;
        }
      };
    }

    private Entry entry() {
      int[] modes = {0644, 0755, 0600, 0700, 0444};
      return switch (random.nextInt(3)) {
        case 0 -> new Entry.Symlink(Attributes.of(0777, 0), name());
        case 1 ->
            new Entry.Directory(Attributes.of(new int[] {0755, 0700, 01777}[random.nextInt(3)], 0));
        default ->
            new Entry.RegularFile(
                Attributes.of(modes[random.nextInt(modes.length)], 0), Content.of(content()));
      };
    }

    FileTree next() {
      List<Map.Entry<String, Entry>> entries = new ArrayList<>();
      for (int count = random.nextInt(60); count > 0; count--) {
        List<String> names = new ArrayList<>();
        for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
          names.add(name());
        }
        entries.add(Map.entry(String.join("/", names), entry()));
      }
      return tree(entries);
    }
  }

  private static boolean isName(String name) {
    byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return bytes.length > 0
        && bytes.length <= 255
        && name.equals(new String(bytes, java.nio.charset.StandardCharsets.UTF_8))
        && name.indexOf('/') < 0
        && name.indexOf('\0') < 0
        && !name.equals(".")
        && !name.equals("..");
  }

  private static byte[] big(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + (i >>> 9));
    }
    return bytes;
  }

  /// What fits of ENTRIES, with a root and all parents.
  private static FileTree tree(List<Map.Entry<String, Entry>> entries) {
    Map<TreePath, Entry> result = new HashMap<>();
    Entry directory = new Entry.Directory(Attributes.of(0755, 0));
    result.put(TreePath.ROOT, directory);
    for (Map.Entry<String, Entry> entry : entries) {
      TreePath path = new TreePath(entry.getKey());
      boolean fits = !result.containsKey(path);
      for (TreePath parent = path.parent(); fits && !parent.isRoot(); parent = parent.parent()) {
        fits = !result.containsKey(parent) || result.get(parent) instanceof Entry.Directory;
      }
      if (fits) {
        for (TreePath parent = path.parent(); !parent.isRoot(); parent = parent.parent()) {
          result.putIfAbsent(parent, directory);
        }
        result.put(path, entry.getValue());
      }
    }
    return FileTree.of(result);
  }

  @Test
  void generatedTreesAreCommittedAsOstreeDoes() throws IOException {
    var trees = new Trees(20_261_124);
    for (int i = 0; i < 25; i++) {
      compare("a generated tree", trees.next());
    }
  }

  @Test
  void aDirectoryOfThousandsIsCommittedAsOstreeDoes() throws IOException {
    Map<TreePath, Entry> entries = new HashMap<>();
    entries.put(TreePath.ROOT, new Entry.Directory(Attributes.of(0755, 0)));
    entries.put(new TreePath("many"), new Entry.Directory(Attributes.of(0755, 0)));
    for (int i = 0; i < 3000; i++) {
      entries.put(
          new TreePath("many/number-" + i),
          new Entry.RegularFile(Attributes.of(0644, 0), Content.of("x" + i % 7)));
    }
    compare("thousands in one directory", FileTree.of(entries));
  }

  private void compare(String subject, FileTree tree) throws IOException {
    Path directory = Files.createTempDirectory("overpak-objects");
    try {
      Path files = directory.resolve("files");
      TreeDirectory.write(tree, files);
      String repository = "--repo=" + directory.resolve("repo");
      ostree.run(repository, "init", "--mode=archive");
      String commit =
          ostree
              .run(
                  repository,
                  "commit",
                  "--branch=test",
                  "--subject=s",
                  "--no-xattrs",
                  "--owner-uid=0",
                  "--owner-gid=0",
                  "--timestamp=@" + TIMESTAMP,
                  files.toString())
              .text()
              .strip();
      var ids = new FileIds();
      ids.add(List.of(tree), Progress.SILENT);
      TreeObjects ours = TreeObjects.of(tree, ids);
      Map<String, String> theirs = objects(directory.resolve("repo"));
      theirs.remove(commit + ".commit");
      Map<String, String> mine = objects(ours);
      ostree.compare("objects of " + subject, theirs, mine);
      var wrong = new TreeMap<>(mine);
      wrong.put(wrong.firstKey().replace('a', 'b') + "x", "");
      ostree.distinguishes("a wrong id", "objects of " + subject, theirs, wrong);

      // And back: what ostree wrote is read as the same tree.
      Repository read =
          Repository.of(FileTree.ofDirectory(directory.resolve("repo")), "ostree's repository");
      Revision revision =
          read.revisions(List.of("test"), new FileIds(), Progress.SILENT).getFirst();
      assertThat(revision.commit().id().hex()).isEqualTo(commit);
      assertThat(revision.commit().tree()).isEqualTo(ours.tree());
      assertThat(revision.tree().entries().keySet()).isEqualTo(tree.entries().keySet());
    } finally {
      Command.of("rm", "-rf", directory.toString()).run();
    }
  }

  /// Names of the objects, and of metadata the bytes, too.
  private static Map<String, String> objects(Path repository) throws IOException {
    Map<String, String> result = new TreeMap<>();
    Path objects = repository.resolve("objects");
    try (var all = Files.walk(objects)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = objects.relativize(file).toString().replace("/", "");
        result.put(
            name, name.endsWith(".filez") ? "" : Digest.sha256(Files.readAllBytes(file)).hex());
      }
    }
    return result;
  }

  private static Map<String, String> objects(TreeObjects objects) {
    Map<String, String> result = new TreeMap<>();
    objects
        .metadata()
        .forEach(
            (path, bytes) ->
                result.put(
                    path.value().substring("objects/".length()).replace("/", ""),
                    Digest.sha256(bytes).hex()));
    objects.files().keySet().forEach(id -> result.put(id.hex() + ".filez", ""));
    return result;
  }
}
