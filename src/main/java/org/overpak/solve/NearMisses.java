package org.overpak.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Packages that a spec which matches nothing may have meant: the same name in other versions or
/// another case, or a name a few letters away.
final class NearMisses {
  private static final int MOST = 5;

  private final Universe universe;

  NearMisses(Universe universe) {
    this.universe = universe;
  }

  private record Miss(int distance, Solvable solvable) {}

  List<Solvable> of(String spec) {
    String wanted = spec.toLowerCase(Locale.ROOT);
    int allowed = Math.max(1, Math.min(3, wanted.length() / 4));
    List<Miss> misses = new ArrayList<>();
    universe
        .names()
        .forEach(
            name -> {
              int distance = distance(wanted, name.toLowerCase(Locale.ROOT), allowed);
              if (distance <= allowed) {
                Arrays.stream(universe.named(name))
                    .filter(universe::isEligible)
                    .limit(1)
                    .forEach(id -> misses.add(new Miss(distance, universe.solvable(id))));
              }
            });
    misses.sort(
        Comparator.comparingInt(Miss::distance).thenComparing(miss -> miss.solvable().name()));
    return misses.stream().limit(MOST).map(Miss::solvable).toList();
  }

  /// 0 where the spec goes on after the name with a version or architecture that there is not; else
  /// the edits from one to the other, swaps of neighbours counting as one.
  private static int distance(String spec, String name, int allowed) {
    if (spec.startsWith(name + "-") || spec.startsWith(name + ".")) {
      return 0;
    }
    if (Math.abs(spec.length() - name.length()) > allowed) {
      return allowed + 1;
    }
    int[][] table = new int[spec.length() + 1][name.length() + 1];
    for (int i = 0; i <= spec.length(); i++) {
      for (int j = 0; j <= name.length(); j++) {
        table[i][j] = i == 0 || j == 0 ? i + j : cheapest(table, spec, name, i, j);
      }
      if (Arrays.stream(table[i]).min().orElse(0) > allowed) {
        return allowed + 1;
      }
    }
    return table[spec.length()][name.length()];
  }

  private static int cheapest(int[][] table, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int best = table[i - 1][j - 1] + (same ? 0 : 1);
    best = Math.min(best, Math.min(table[i - 1][j], table[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, table[i - 2][j - 2] + 1) : best;
  }
}
