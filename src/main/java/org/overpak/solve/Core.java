package org.overpak.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes a set of clauses that cannot hold together irreducible, by leaving out one after another.
final class Core {
  private Core() {}

  /// Clauses of which each is needed for the contradiction, in the order given.
  static List<Clause> irreducible(List<Clause> contradictory) {
    List<Clause> needed = new ArrayList<>(contradictory);
    for (int i = needed.size() - 1; i >= 0; i--) {
      List<Clause> without = new ArrayList<>(needed);
      without.remove(i);
      if (!isSatisfiable(without)) {
        needed = without;
      }
    }
    return needed;
  }

  private static boolean isSatisfiable(List<Clause> clauses) {
    Map<Integer, Integer> numbers = new HashMap<>();
    List<Clause> copies = new ArrayList<>();
    for (Clause clause : clauses) {
      int[] literals =
          Arrays.stream(clause.literals)
              .map(
                  literal -> {
                    int number =
                        numbers.computeIfAbsent(Math.abs(literal), _ -> numbers.size() + 1);
                    return literal > 0 ? number : -number;
                  })
              .toArray();
      copies.add(new Clause(literals, clause.cause));
    }
    var sat = new Sat(numbers.size() + 1);
    sat.addAll(copies);
    return sat.start() && decideAll(sat, numbers.size());
  }

  private static boolean decideAll(Sat sat, int count) {
    int level = 1;
    int id = 1;
    while (id <= count) {
      if (!sat.isUndecided(id)) {
        id++;
        continue;
      }
      int reached = sat.decide(-id, level);
      if (reached == 0) {
        return false;
      }
      id = reached <= level ? 1 : id;
      level = reached;
    }
    return true;
  }
}
