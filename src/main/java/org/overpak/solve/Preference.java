package org.overpak.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.overpak.IntList;
import org.overpak.rpm.Dependency;

/// Which of several candidates are worth considering at all (libsolv, `policy_filter_unwanted`):
/// those of the best repository, then of the best architecture, then the best version of each name,
/// then those that no other candidate obsoletes. What is left is in alphabetical order.
final class Preference {
  private final Universe universe;

  Preference(Universe universe) {
    this.universe = universe;
  }

  int[] best(int[] candidates) {
    int[] left = ofBestPriority(candidates);
    left = ofBestArchitecture(left);
    left = ofBestVersion(left);
    return notObsoleted(left);
  }

  private int[] ofBestPriority(int[] candidates) {
    int best =
        Arrays.stream(candidates)
            .filter(id -> !universe.isInstalled(id))
            .map(universe::priority)
            .min()
            .orElse(0);
    return Arrays.stream(candidates)
        .filter(id -> universe.isInstalled(id) || universe.priority(id) == best)
        .toArray();
  }

  private int[] ofBestArchitecture(int[] candidates) {
    int best =
        Arrays.stream(candidates)
            .filter(id -> isOrdered(universe.architectureOrder(id)))
            .reduce(
                (a, b) -> universe.architectureOrder(a) <= universe.architectureOrder(b) ? a : b)
            .orElse(0);
    if (best == 0) {
      return candidates;
    }
    String arch = universe.nevra(best).arch();
    return Arrays.stream(candidates)
        .filter(id -> universe.architectureOrder(id) != Architecture.UNFIT)
        .filter(id -> Architecture.sameGroup(universe.nevra(id).arch(), arch))
        .toArray();
  }

  private static boolean isOrdered(int order) {
    return order != Architecture.NOARCH && order != Architecture.UNFIT;
  }

  private int[] ofBestVersion(int[] candidates) {
    List<Integer> sorted = new ArrayList<>(Arrays.stream(candidates).boxed().toList());
    sorted.sort(
        Comparator.<Integer, String>comparing(id -> universe.nevra(id).name())
            .thenComparing(this::compareArchitectures)
            .thenComparingInt(id -> universe.isInstalled(id) ? 0 : 1)
            .thenComparingInt(id -> universe.isInstalled(id) ? 0 : universe.cost(id))
            .thenComparingInt(id -> id));
    var best = new IntList();
    for (int id : sorted) {
      if (best.isEmpty() || !name(best.get(best.size() - 1)).equals(name(id))) {
        best.add(id);
      } else if (isNewer(id, best.get(best.size() - 1))) {
        best.removeLast();
        best.add(id);
      }
    }
    return best.toArray();
  }

  private int compareArchitectures(int a, int b) {
    int first = universe.architectureOrder(a);
    int second = universe.architectureOrder(b);
    return isOrdered(first) && isOrdered(second) ? Integer.compare(first, second) : 0;
  }

  private String name(int id) {
    return universe.nevra(id).name();
  }

  private boolean isNewer(int a, int b) {
    return universe.nevra(a).evr().compareTo(universe.nevra(b).evr()) > 0;
  }

  /// Of packages that obsolete each other in a circle, all stay.
  private int[] notObsoleted(int[] candidates) {
    int count = candidates.length;
    boolean[][] obsoletes = new boolean[count][];
    boolean any = false;
    for (int i = 0; i < count; i++) {
      obsoletes[i] = obsoletedBy(candidates[i], candidates);
      for (boolean obsoleted : obsoletes[i]) {
        any |= obsoleted;
      }
    }
    if (!any) {
      return candidates;
    }
    for (int via = 0; via < count; via++) {
      for (int from = 0; from < count; from++) {
        if (obsoletes[from][via]) {
          for (int to = 0; to < count; to++) {
            obsoletes[from][to] |= obsoletes[via][to];
          }
        }
      }
    }
    var left = new IntList();
    for (int i = 0; i < count; i++) {
      boolean obsoleted = false;
      for (int other = 0; other < count; other++) {
        obsoleted |= obsoletes[other][i] && !obsoletes[i][other];
      }
      if (!obsoleted) {
        left.add(candidates[i]);
      }
    }
    return left.toArray();
  }

  private boolean[] obsoletedBy(int id, int[] candidates) {
    boolean[] result = new boolean[candidates.length];
    for (Dependency dependency : universe.metadata(id).relations().obsoletes()) {
      for (int i = 0; i < candidates.length; i++) {
        result[i] |=
            dependency instanceof Dependency.Simple simple
                && !name(candidates[i]).equals(name(id))
                && simple.satisfiedBy(universe.nevra(candidates[i]).asProvide());
      }
    }
    return result;
  }
}
