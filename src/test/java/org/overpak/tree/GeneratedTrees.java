package org.overpak.tree;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/// Trees as any file system can hold them: names of all of Unicode, empty directories, large files,
/// links that lead nowhere, any mode with which their owner can read them. One that fails a
/// property is shrunk to the few entries and letters that matter.
///
/// ```java
/// @Property(seed = "1", tries = 50)
/// @Domain(GeneratedTrees.class)
/// void holds(@ForAll FileTree tree) { … }
/// ```
public final class GeneratedTrees extends DomainContextBase {
  private static final int DEPTH = 4;
  private static final int LONGEST_NAME = 255;

  /// Files about as large as buffers are, and larger than all of them.
  private static final List<Content> LARGE =
      IntStream.of(65_535, 65_536, 65_537, 131_073, 1_048_577, 2_999_999)
          .mapToObj(size -> content(size, (byte) 0))
          .toList();

  /// Trees of a few entries, some deep.
  @Provide
  Arbitrary<FileTree> trees() {
    return directory(DEPTH, 0, 16).map(FileTree::of).withoutEdgeCases();
  }

  /// Trees with a directory of COUNT to twice as many entries.
  public static Arbitrary<FileTree> wide(int count) {
    return directory(1, count, 2 * count).map(FileTree::of).withoutEdgeCases();
  }

  /// What stands at a path and below: the entries by their paths from there.
  private static Arbitrary<Map<TreePath, Entry>> below(int depth) {
    Arbitrary<Map<TreePath, Entry>> leaf =
        Arbitraries.frequencyOf(Tuple.of(3, files()), Tuple.of(1, links()))
            .map(entry -> Map.of(TreePath.ROOT, entry));
    return depth == 0
        ? leaf
        : Arbitraries.frequencyOf(
            Tuple.of(2, leaf), Tuple.of(1, Arbitraries.lazy(() -> directory(depth - 1, 0, 5))));
  }

  private static Arbitrary<Map<TreePath, Entry>> directory(int depth, int least, int most) {
    Arbitrary<Entry> self = modes(0700).map(mode -> new Entry.Directory(Attributes.of(mode, 0)));
    // A list in which a name may stand twice is shrunk much faster than a map.
    Arbitrary<List<Child>> children =
        Combinators.combine(names(), below(depth))
            .as(Child::new)
            .list()
            .ofMinSize(least)
            .ofMaxSize(most)
            .withSizeDistribution(RandomDistribution.uniform());
    return Combinators.combine(self, children).as(GeneratedTrees::parent);
  }

  private record Child(String name, Map<TreePath, Entry> entries) {}

  private static Map<TreePath, Entry> parent(Entry self, List<Child> children) {
    Map<TreePath, Entry> entries = new HashMap<>();
    entries.put(TreePath.ROOT, self);
    for (Child child : children) {
      var at = new TreePath(child.name());
      if (!entries.containsKey(at)) {
        child.entries().forEach((path, entry) -> entries.put(at.resolve(path), entry));
      }
    }
    return entries;
  }

  /// Names of files, of 1 to 255 bytes.
  public static Arbitrary<String> names() {
    return Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.strings().alpha().numeric().withChars("._- ").ofMaxLength(12)),
            Tuple.of(2, codePoints(1, 0x7f).list().ofMaxSize(10).map(GeneratedTrees::joined)),
            // Of each length that a character has in UTF-8; and its order is not that of UTF-16,
            // where those above the surrogates come last.
            Tuple.of(
                3,
                Arbitraries.oneOf(
                        codePoints(1, 0x7f),
                        codePoints(0x80, 0x7ff),
                        codePoints(0x800, 0xd7ff),
                        codePoints(0xe000, 0xffff),
                        codePoints(0x10000, 0x10ffff))
                    .list()
                    .ofMaxSize(LONGEST_NAME / 4)
                    .map(GeneratedTrees::joined)),
            Tuple.of(1, Arbitraries.strings().alpha().ofMinLength(100).ofMaxLength(LONGEST_NAME)))
        .filter(name -> !name.isEmpty() && !name.equals(".") && !name.equals(".."));
  }

  private static Arbitrary<Integer> codePoints(int first, int last) {
    return Arbitraries.integers().between(first, last).filter(point -> point != '/');
  }

  private static String joined(List<Integer> codePoints) {
    return codePoints.stream()
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /// Modes that have at least the bits of LEAST.
  private static Arbitrary<Integer> modes(int least) {
    return Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.of(0755, 0744, 0700)),
            Tuple.of(1, Arbitraries.integers().between(0, 07777)))
        .map(mode -> mode | least);
  }

  private static Arbitrary<Entry> files() {
    return Combinators.combine(modes(0400), contents())
        .as((mode, content) -> new Entry.RegularFile(Attributes.of(mode, 0), content));
  }

  private static Arbitrary<Entry> links() {
    return names().map(target -> new Entry.Symlink(Attributes.of(0777, 0), target));
  }

  private static Arbitrary<Content> contents() {
    Arbitrary<Content> small =
        Combinators.combine(Arbitraries.integers().between(0, 300), Arbitraries.bytes())
            .as(GeneratedTrees::content);
    return Arbitraries.frequencyOf(Tuple.of(30, small), Tuple.of(1, Arbitraries.of(LARGE)));
  }

  /// SIZE bytes, of which none is drawn but the FIRST: so many would take long to shrink.
  private static Content content(int size, byte first) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (first + i * 31 + (i >>> 9));
    }
    return Content.of(bytes);
  }
}
