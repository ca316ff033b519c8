package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.overpak.tree.TreePath;

/// Metadata with all that Flatpak writes in the order of a hash table sorted, by plain text
/// operations that share nothing with the code under test.
final class MetadataNormal {
  private static final Set<String> SORTED_LISTS =
      Set.of("filesystems", "persistent", "unset-environment");
  private static final Set<String> SORTED_GROUPS =
      Set.of("[Session Bus Policy]", "[System Bus Policy]", "[Environment]");

  private MetadataNormal() {}

  static String of(String metadata) {
    List<String> blocks = new ArrayList<>();
    List<String> policies = new ArrayList<>();
    for (String block : metadata.strip().split("\n\n")) {
      if (block.startsWith("[Policy ")) {
        policies.add(sortedLines(block));
      } else {
        flush(policies, blocks);
        blocks.add(normal(block));
      }
    }
    flush(policies, blocks);
    return String.join("\n\n", blocks) + "\n";
  }

  /// Groups of generic policies follow each other, in any order.
  private static void flush(List<String> policies, List<String> blocks) {
    policies.sort(TreePath::compare);
    blocks.addAll(policies);
    policies.clear();
  }

  private static String normal(String block) {
    String header = block.lines().findFirst().orElse("");
    if (SORTED_GROUPS.contains(header)) {
      return sortedLines(block);
    }
    return header.equals("[Context]")
        ? String.join("\n", block.lines().map(MetadataNormal::sortedList).toList())
        : block;
  }

  private static String sortedLines(String block) {
    List<String> lines = block.lines().toList();
    List<String> sorted = new ArrayList<>(lines.subList(0, 1));
    lines.stream().skip(1).sorted(TreePath::compare).forEach(sorted::add);
    return String.join("\n", sorted);
  }

  private static String sortedList(String line) {
    int equals = line.indexOf('=');
    if (equals < 0 || !SORTED_LISTS.contains(line.substring(0, equals))) {
      return line;
    }
    return line.substring(0, equals + 1)
        + String.join(
            ";",
            Arrays.stream(line.substring(equals + 1).split("(?<!\\\\);"))
                .sorted(TreePath::compare)
                .toList());
  }
}
