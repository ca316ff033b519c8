package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;

/// A script that runs when another package is installed or erased.
///
/// @param number of the script in its package
/// @param conditions any one of them sets it off
public record Trigger(Kind kind, int number, Script script, List<Condition> conditions) {
  /// What must be true of the other package.
  ///
  /// @param position among all conditions of the header, in which order they are tried
  public record Condition(int position, Dependency.Simple dependency) {
    /// Whether OTHER has that name, and provides that (psm.c, `handleOneTrigger`).
    public boolean isMetBy(PackageHeader other) {
      return dependency.name().equals(other.nevra().name())
          && other.metadata().relations().provides().stream()
              .anyMatch(
                  provide ->
                      provide instanceof Dependency.Simple simple
                          && dependency.satisfiedBy(simple));
    }
  }

  public Trigger {
    conditions = List.copyOf(conditions);
  }

  /// When it runs: before or after the other package is installed, or is erased.
  public enum Kind {
    PREIN("%triggerprein", 25),
    IN("%triggerin", 16),
    UN("%triggerun", 17),
    POSTUN("%triggerpostun", 18);

    private final String section;
    private final int bit;

    Kind(String section, int bit) {
      this.section = section;
      this.bit = bit;
    }

    /// Its section in a spec file, `%triggerin`, if it is on a package.
    public String section() {
      return section;
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
        List<Integer> own = byScript.get(number);
        if (!own.isEmpty()) {
          result.add(
              new Trigger(
                  Kind.of(all.get(own.getFirst()).flags(), header),
                  number,
                  scripts.get(number),
                  own.stream()
                      .map(position -> new Condition(position, simple(all.get(position), header)))
                      .toList()));
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
