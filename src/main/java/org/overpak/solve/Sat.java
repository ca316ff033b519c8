package org.overpak.solve;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.overpak.IntList;

/// Propagation and learning over clauses: two watched literals, learning at the first unique
/// implication point, jumping back ("conflict-driven clause learning", as MiniSat and libsolv).
/// What to decide is left to {@link Search}.
///
/// Level 1 holds what follows from the clauses alone; each decision opens the next level. A learnt
/// clause remembers what it follows from, so that a refutation can be told in the caller's clauses.
final class Sat {
  /// For each package: 0 if undecided, LEVEL if it is there, -LEVEL if it is not.
  private final int[] decided;

  private final @Nullable Clause[] reasons;
  private final @Nullable Clause[] watching;
  private final IntList trail = new IntList();
  private final List<Clause> units = new ArrayList<>();
  private final List<Clause> learnt = new ArrayList<>();
  private long changes;
  private int propagated;
  private @Nullable Clause refuted;

  /// @param limit one more than the highest number of a package
  Sat(int limit) {
    decided = new int[limit];
    reasons = new Clause[limit];
    watching = new Clause[2 * limit];
  }

  /// Adds clauses while nothing above level 1 is decided. Of several that become false or force a
  /// literal at once, the first in the list counts: what is learnt, and so what is chosen after a
  /// conflict, depends on it.
  void addAll(List<Clause> clauses) {
    // New watches go in front.
    clauses.reversed().forEach(this::add);
    Collections.reverse(units);
  }

  private void add(Clause clause) {
    switch (clause.literals.length) {
      case 0 -> refuted = clause;
      case 1 -> units.add(clause);
      default -> watch(clause, clause.literals[0], clause.literals[1]);
    }
  }

  boolean isTrue(int literal) {
    return literal > 0 ? decided[literal] > 0 : decided[-literal] < 0;
  }

  boolean isFalse(int literal) {
    return isTrue(-literal);
  }

  boolean isUndecided(int id) {
    return decided[id] == 0;
  }

  /// The level at which the package was decided to be there, or 0.
  int levelOfTrue(int id) {
    return Math.max(decided[id], 0);
  }

  /// All literals that are true, in the order in which they became so.
  IntList trail() {
    return trail;
  }

  /// What was learnt from conflicts, in that order.
  List<Clause> learnt() {
    return learnt;
  }

  /// Changes whenever a literal is decided or taken back.
  long changes() {
    return changes;
  }

  /// Decides all unit clauses and what follows from them, at level 1.
  ///
  /// @return whether the clauses may be satisfiable; if not, {@link #refutation} tells why
  boolean start() {
    if (refuted != null) {
      return false;
    }
    for (Clause unit : units) {
      int literal = unit.literals[0];
      if (isFalse(literal)) {
        refuted = unit;
        return false;
      }
      if (!isTrue(literal)) {
        assign(literal, 1, unit);
      }
    }
    refuted = propagate(1);
    return refuted == null;
  }

  /// Decides LITERAL above LEVEL, with all that follows; on a conflict, learns and jumps back.
  ///
  /// @return the level reached: LEVEL + 1, or less after a jump; 0 if the clauses are refuted
  int decide(int literal, int level) {
    int now = level + 1;
    assign(literal, now, null);
    while (true) {
      Clause conflict = propagate(now);
      if (conflict == null) {
        return now;
      }
      if (now == 1) {
        refuted = conflict;
        return 0;
      }
      now = learn(conflict, now);
    }
  }

  /// Takes back all decisions above LEVEL.
  void revertTo(int level) {
    while (!trail.isEmpty()) {
      int id = Math.abs(trail.get(trail.size() - 1));
      if (Math.abs(decided[id]) <= level) {
        break;
      }
      decided[id] = 0;
      reasons[id] = null;
      trail.removeLast();
    }
    propagated = trail.size();
    changes++;
  }

  private void assign(int literal, int level, @Nullable Clause reason) {
    int id = Math.abs(literal);
    decided[id] = literal > 0 ? level : -level;
    reasons[id] = reason;
    trail.add(literal);
    changes++;
  }

  private static int slot(int literal) {
    return literal > 0 ? 2 * literal : -2 * literal + 1;
  }

  private void watch(Clause clause, int first, int second) {
    clause.watch(first, watching[slot(first)], second, watching[slot(second)]);
    watching[slot(first)] = clause;
    watching[slot(second)] = clause;
  }

  /// @return a clause that is false, or null
  private @Nullable Clause propagate(int level) {
    while (propagated < trail.size()) {
      int falsified = -trail.get(propagated++);
      Clause previous = null;
      Clause clause = watching[slot(falsified)];
      while (clause != null) {
        Clause next = clause.nextOf(falsified);
        int other = clause.otherWatch(falsified);
        if (!isTrue(other)) {
          int moved = unwatchedNotFalse(clause, other);
          if (moved != 0) {
            unlink(falsified, previous, next);
            clause.rewatch(falsified, moved, watching[slot(moved)]);
            watching[slot(moved)] = clause;
            clause = next;
            continue;
          }
          if (isFalse(other)) {
            return clause;
          }
          assign(other, level, clause);
        }
        previous = clause;
        clause = next;
      }
    }
    return null;
  }

  private void unlink(int literal, @Nullable Clause previous, @Nullable Clause next) {
    if (previous == null) {
      watching[slot(literal)] = next;
    } else {
      previous.setNextOf(literal, next);
    }
  }

  /// A literal of the clause that is not false and not watched, or 0.
  private int unwatchedNotFalse(Clause clause, int watched) {
    for (int literal : clause.literals) {
      if (literal != watched && !isFalse(literal)) {
        return literal;
      }
    }
    return 0;
  }

  /// Learns from a conflict at LEVEL and jumps back to where the learnt clause forces its literal.
  ///
  /// @return that level
  private int learn(Clause conflict, int level) {
    boolean[] seen = new boolean[decided.length];
    List<Clause> antecedents = new ArrayList<>();
    var others = new IntList();
    int open = 0;
    int back = 1;
    int at = trail.size();
    Clause clause = conflict;
    int asserted;
    while (true) {
      antecedents.add(clause);
      for (int literal : clause.literals) {
        int id = Math.abs(literal);
        int when = Math.abs(decided[id]);
        if (isTrue(literal) || seen[id] || when == 1) {
          continue;
        }
        seen[id] = true;
        if (when == level) {
          open++;
        } else {
          others.add(literal);
          back = Math.max(back, when);
        }
      }
      do {
        asserted = trail.get(--at);
      } while (!seen[Math.abs(asserted)] || Math.abs(decided[Math.abs(asserted)]) != level);
      if (--open == 0) {
        break;
      }
      clause = reasonOf(asserted);
    }
    var all = IntList.of(-asserted);
    all.addAll(others.toArray());
    var lesson = new Clause(all.toArray(), new Cause.Learnt(antecedents));
    learnt.add(lesson);
    revertTo(back);
    if (!lesson.isUnit()) {
      watch(lesson, -asserted, highest(others));
    }
    assign(-asserted, back, lesson);
    return back;
  }

  private Clause reasonOf(int literal) {
    Clause reason = reasons[Math.abs(literal)];
    if (reason == null) {
      throw new IllegalStateException("a decision was met before the implication point");
    }
    return reason;
  }

  /// The literal decided last, so that the clause wakes up when its level is taken back.
  private int highest(IntList literals) {
    int best = literals.get(0);
    for (int i = 1; i < literals.size(); i++) {
      if (Math.abs(decided[Math.abs(literals.get(i))]) > Math.abs(decided[Math.abs(best)])) {
        best = literals.get(i);
      }
    }
    return best;
  }

  /// After a refutation: clauses as they were added that cannot hold together, not yet irreducible.
  List<Clause> refutation() {
    if (refuted == null) {
      throw new IllegalStateException("nothing is refuted");
    }
    Set<Clause> used = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Clause> core = new LinkedHashSet<>();
    List<Clause> open = new ArrayList<>(List.of(refuted));
    while (!open.isEmpty()) {
      Clause clause = open.removeLast();
      if (!used.add(clause)) {
        continue;
      }
      if (clause.cause instanceof Cause.Learnt(var antecedents)) {
        open.addAll(antecedents);
      } else {
        core.add(clause);
      }
      for (int literal : clause.literals) {
        Clause reason = reasons[Math.abs(literal)];
        if (Math.abs(decided[Math.abs(literal)]) == 1 && reason != null) {
          open.add(reason);
        }
      }
    }
    return List.copyOf(core);
  }
}
