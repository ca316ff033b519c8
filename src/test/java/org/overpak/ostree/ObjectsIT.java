package org.overpak.ostree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
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

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> ascii = Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(12);
    Arbitrary<String> unicode =
        Arbitraries.strings().all().excludeChars('\0').ofMinLength(1).ofMaxLength(8);
    Arbitrary<String> long_ = Arbitraries.strings().alpha().ofMinLength(100).ofMaxLength(255);
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(5, ascii),
            net.jqwik.api.Tuple.of(5, unicode),
            net.jqwik.api.Tuple.of(1, long_))
        .filter(ObjectsIT::isName);
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

  @Provide
  Arbitrary<FileTree> trees() {
    Arbitrary<String> path =
        names().list().ofMinSize(1).ofMaxSize(4).map(names -> String.join("/", names));
    Arbitrary<byte[]> content =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(1, Arbitraries.just(new byte[0])),
            net.jqwik.api.Tuple.of(8, Arbitraries.bytes().array(byte[].class).ofMaxSize(300)),
            net.jqwik.api.Tuple.of(
                1, Arbitraries.integers().between(70_000, 3_000_000).map(ObjectsIT::big)));
    Arbitrary<Entry> file =
        Combinators.combine(content, Arbitraries.of(0644, 0755, 0600, 0700, 0444))
            .as((bytes, mode) -> new Entry.RegularFile(Attributes.of(mode, 0), Content.of(bytes)));
    Arbitrary<Entry> link = names().map(name -> new Entry.Symlink(Attributes.of(0777, 0), name));
    Arbitrary<Entry> directory =
        Arbitraries.of(0755, 0700, 01777).map(mode -> new Entry.Directory(Attributes.of(mode, 0)));
    return Combinators.combine(path, Arbitraries.oneOf(file, link, directory))
        .as(Map::entry)
        .list()
        .ofMaxSize(60)
        .map(ObjectsIT::tree);
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

  @Property(
      tries = 25,
      seed = "20261124",
      generation = GenerationMode.RANDOMIZED,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF)
  void generatedTreesAreCommittedAsOstreeDoes(@ForAll("trees") FileTree tree) throws IOException {
    compare("a generated tree", tree);
  }

  @net.jqwik.api.Example
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
