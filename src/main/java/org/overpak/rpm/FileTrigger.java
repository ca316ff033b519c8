package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;

/// A script that runs when files below certain paths are installed or erased by any package.
///
/// @param scope once for each package that brings such files, or once for a transaction
/// @param number of the script in its package
/// @param prefixes absolute paths, compared as plain byte prefixes: `/usr/share/a` matches
///   `/usr/share/ab` too
/// @param priority the larger runs first; those below {@link #AFTER_POST} run after `%post`
public record FileTrigger(
    Scope scope,
    Trigger.Kind kind,
    int number,
    Script script,
    List<String> prefixes,
    long priority) {
  /// Where priorities divide: from this one on, a trigger runs before `%post`.
  public static final long AFTER_POST = 10_000;

  /// rpm's code; its manual says 100000.
  private static final long DEFAULT_PRIORITY = 1_000_000;

  /// What one run of it is for.
  public enum Scope {
    PACKAGE,
    TRANSACTION
  }

  public FileTrigger {
    prefixes = List.copyOf(prefixes);
  }

  static List<FileTrigger> read(Header header) {
    var result = new ArrayList<FileTrigger>();
    read(header, TriggerTags.FILE, Scope.PACKAGE, Tag.FILETRIGGERPRIORITIES, result);
    read(
        header,
        TriggerTags.TRANSACTION_FILE,
        Scope.TRANSACTION,
        Tag.TRANSFILETRIGGERPRIORITIES,
        result);
    return result;
  }

  private static void read(
      Header header, TriggerTags tags, Scope scope, Tag priorities, List<FileTrigger> result) {
    if (!tags.isIn(header)) {
      return;
    }
    List<Script> scripts = tags.scripts(header);
    List<List<Integer>> byScript = tags.conditions(header, scripts.size());
    List<String> prefixes = header.strings(tags.names());
    long[] flags = tags.flags(header);
    long[] priority = header.numbers(priorities);
    for (int number = 0; number < scripts.size(); number++) {
      List<Integer> own = byScript.get(number);
      if (!own.isEmpty()) {
        result.add(
            new FileTrigger(
                scope,
                Trigger.Kind.of(flags[own.getFirst()], header),
                number,
                scripts.get(number),
                own.stream().map(prefixes::get).toList(),
                number < priority.length ? priority[number] : DEFAULT_PRIORITY));
      }
    }
  }
}
