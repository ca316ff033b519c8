package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;

/// A script that runs when another package is installed or erased.
///
/// @param number of the script in its package
/// @param conditions on the other package: any one of them sets it off
public record Trigger(Kind kind, int number, Script script, List<Dependency.Simple> conditions) {
  public Trigger {
    conditions = List.copyOf(conditions);
  }

  /// When it runs: before or after the other package is installed, or is erased.
  public enum Kind {
    PREIN(25),
    IN(16),
    UN(17),
    POSTUN(18);

    private final int bit;

    Kind(int bit) {
      this.bit = bit;
    }

    static Kind of(long flags, Header header) {
      for (Kind kind : values()) {
        if ((flags & (1L << kind.bit)) != 0) {
          return kind;
        }
      }
      throw header.origin().malformed("trigger with flags %d is of no kind", flags);
    }
  }

  static List<Trigger> read(Header header) {
    var result = new ArrayList<Trigger>();
    if (TriggerTags.PACKAGE.isIn(header)) {
      List<Script> scripts = TriggerTags.PACKAGE.scripts(header);
      List<Requirement> all = DependencyTags.TRIGGERS.read(header);
      List<List<Integer>> byScript = TriggerTags.PACKAGE.conditions(header, scripts.size());
      for (int number = 0; number < scripts.size(); number++) {
        List<Requirement> own = byScript.get(number).stream().map(all::get).toList();
        if (!own.isEmpty()) {
          result.add(
              new Trigger(
                  Kind.of(own.getFirst().flags(), header),
                  number,
                  scripts.get(number),
                  own.stream().map(condition -> simple(condition, header)).toList()));
        }
      }
    }
    return result;
  }

  private static Dependency.Simple simple(Requirement condition, Header header) {
    if (condition.dependency() instanceof Dependency.Simple simple) {
      return simple;
    }
    throw header.origin().malformed("trigger on a rich dependency: %s", condition.dependency());
  }
}
