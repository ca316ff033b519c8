package org.overpak.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What `dnf --assumeno install` says that it would install.
public final class DnfTable {
  private DnfTable() {}

  /// Each `install NAME-EVR.ARCH@REPOSITORY`, as libsolv writes it. dnf breaks lines after long
  /// names, but a row always has six words, of which the last two are the size.
  public static Set<String> added(Command.Result result) {
    List<String> words = new ArrayList<>();
    int rules = 0;
    for (String line : result.lines()) {
      if (line.startsWith("===")) {
        rules++;
      } else if (line.matches(
          "(Installing( Environment)? Groups|Enabling .*):|Transaction Summary")) {
        break;
      } else if (rules == 2 && !line.startsWith("Installing")) {
        words.addAll(List.of(line.strip().split("\\s+")));
      }
    }
    words.removeIf(String::isEmpty);
    var added = new TreeSet<String>();
    for (int i = 0; i < words.size(); i += 6) {
      added.add(
          "install %s-%s.%s@%s"
              .formatted(words.get(i), words.get(i + 2), words.get(i + 1), words.get(i + 3)));
    }
    return added;
  }
}
