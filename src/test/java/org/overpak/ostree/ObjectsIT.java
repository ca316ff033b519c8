package org.overpak.ostree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.overpak.Digest;
import org.overpak.Progress;
import org.overpak.gvariant.Variant;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.tree.Attributes;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.GeneratedTrees;
import org.overpak.tree.TreeDirectory;
import org.overpak.tree.TreePath;

/// Objects of generated trees against those that `ostree commit` makes of the same files, and back.
class ObjectsIT {
  private static final long TIMESTAMP = 1_700_000_000L;

  private final Judge ostree = Judge.of("ostree");

  @Property(seed = "20261124", tries = 200)
  @Domain(GeneratedTrees.class)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void aTreeIsCommittedAsOstreeDoes(@ForAll FileTree tree) throws IOException {
    assertSomeHave("an empty directory", tree, ObjectsIT::isEmptyDirectory);
    assertSomeHave("a large file", tree, ObjectsIT::isLarge);
    assertSomeHave("a name beyond UTF-16's basic plane", tree, ObjectsIT::isBeyondBasicPlane);
    assertSomeHave("set-user-ID, set-group-ID or sticky bits", tree, ObjectsIT::hasSpecialBits);
    compare("a generated tree", tree);
  }

  /// Says, when all trees were drawn, that a fair part of them has a path that IS something.
  private static void assertSomeHave(
      String what, FileTree tree, BiPredicate<FileTree, TreePath> is) {
    boolean has = tree.entries().keySet().stream().anyMatch(path -> is.test(tree, path));
    Statistics.label(what)
        .collect(has)
        .coverage(trees -> trees.check(true).percentage(share -> share > 10));
  }

  private static boolean isEmptyDirectory(FileTree tree, TreePath path) {
    return tree.get(path).orElseThrow() instanceof Entry.Directory && tree.list(path).isEmpty();
  }

  private static boolean isLarge(FileTree tree, TreePath path) {
    return tree.get(path).orElseThrow() instanceof Entry.RegularFile file
        && file.content().size() > 60_000;
  }

  private static boolean isBeyondBasicPlane(FileTree tree, TreePath path) {
    return path.name().codePoints().anyMatch(Character::isSupplementaryCodePoint);
  }

  private static boolean hasSpecialBits(FileTree tree, TreePath path) {
    return tree.get(path).orElseThrow().attributes().mode() > 0777;
  }

  @Property(seed = "20261124", tries = 3, shrinking = ShrinkingMode.OFF)
  void aDirectoryOfThousandsIsCommittedAsOstreeDoes(@ForAll("wide") FileTree tree)
      throws IOException {
    assertThat(tree.entries()).hasSizeGreaterThan(1500);
    compare("thousands in one directory", tree);
  }

  @Provide
  Arbitrary<FileTree> wide() {
    return GeneratedTrees.wide(1500);
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
      TreeObjects ours = objectsOf(tree);
      Map<String, String> theirs = objects(directory.resolve("repo"));
      Map<String, String> mine = objects(ours);
      ostree.compare("objects of " + subject, theirs, mine);
      ostree.distinguishes(
          "a mode that is another",
          "objects of " + subject,
          theirs,
          objects(objectsOf(withOtherMode(tree))));

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

  private static TreeObjects objectsOf(FileTree tree) {
    var ids = new FileIds();
    ids.add(List.of(tree), Progress.SILENT);
    return TreeObjects.of(tree, ids);
  }

  /// Such that one bit differs, of the entry that stands last.
  private static FileTree withOtherMode(FileTree tree) {
    Map.Entry<TreePath, Entry> last = tree.entries().lastEntry();
    Attributes attributes = last.getValue().attributes();
    return tree.with(
        last.getKey(), last.getValue().with(attributes.withMode(attributes.mode() ^ 1)));
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
    SortedMap<String, Variant> metadata = new TreeMap<>();
    metadata.put("ostree.ref-binding", Variant.strings(List.of("test")));
    Commit commit = Commit.of(metadata, "s", "", TIMESTAMP, objects);
    result.put(commit.id().hex() + ".commit", commit.id().hex());
    return result;
  }
}
