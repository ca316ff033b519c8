package org.overpak.solve;

import java.util.Arrays;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.PackageMetadata;

/// Who provides what, by name: for each name one stretch of two parallel arrays, in package order.
///
/// Each package provides itself, `NAME = EVR`, even where its header does not say so (as libsolv's
/// readers add it).
final class Provides {
  private final Names names;
  private final int[] starts;
  private final int[] owners;
  private final Dependency.Simple[] entries;

  private Provides(Names names, int[] starts, int[] owners, Dependency.Simple[] entries) {
    this.names = names;
    this.starts = starts;
    this.owners = owners;
    this.entries = entries;
  }

  /// @param solvables numbered from 1; the first element is not looked at
  static Provides of(Solvable[] solvables) {
    var names = new Names();
    var numbers = new IntList();
    for (int id = 1; id < solvables.length; id++) {
      PackageMetadata metadata = solvables[id].metadata();
      for (Dependency provide : metadata.relations().provides()) {
        if (provide instanceof Dependency.Simple simple) {
          numbers.add(names.add(simple.name()));
        }
      }
      if (!providesItself(metadata)) {
        numbers.add(names.add(metadata.nevra().name()));
      }
    }
    int[] starts = new int[names.size() + 1];
    for (int i = 0; i < numbers.size(); i++) {
      starts[numbers.get(i) + 1]++;
    }
    for (int name = 0; name < names.size(); name++) {
      starts[name + 1] += starts[name];
    }
    int[] next = Arrays.copyOf(starts, names.size());
    int[] owners = new int[numbers.size()];
    var entries = new Dependency.Simple[numbers.size()];
    int i = 0;
    for (int id = 1; id < solvables.length; id++) {
      PackageMetadata metadata = solvables[id].metadata();
      for (Dependency provide : metadata.relations().provides()) {
        if (provide instanceof Dependency.Simple simple) {
          int at = next[numbers.get(i++)]++;
          owners[at] = id;
          entries[at] = simple;
        }
      }
      if (!providesItself(metadata)) {
        int at = next[numbers.get(i++)]++;
        owners[at] = id;
        entries[at] = metadata.nevra().asProvide();
      }
    }
    return new Provides(names, starts, owners, entries);
  }

  private static boolean providesItself(PackageMetadata metadata) {
    for (Dependency provide : metadata.relations().provides()) {
      if (provide instanceof Dependency.Simple simple
          && simple.name().equals(metadata.nevra().name())
          && simple.operator() == Dependency.Operator.EQUAL
          && metadata.nevra().evr().equals(simple.evr())) {
        return true;
      }
    }
    return false;
  }

  /// The packages with an entry that meets DEPENDENCY, ascending.
  int[] matching(Dependency.Simple dependency) {
    int name = names.find(dependency.name());
    if (name < 0) {
      return new int[0];
    }
    var found = new IntList();
    for (int at = starts[name]; at < starts[name + 1]; at++) {
      boolean isNew = found.isEmpty() || found.get(found.size() - 1) != owners[at];
      if (isNew && dependency.satisfiedBy(entries[at])) {
        found.add(owners[at]);
      }
    }
    return found.toArray();
  }
}
