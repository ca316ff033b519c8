package org.overpak.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.overpak.IntList;
import org.overpak.rpm.Dependency;

/// Decides package by package, in libsolv's order (`solver_run_sat`): jobs first; then every clause
/// that leaves no choice; then choices, one by one, each with all that follows from it; last, where
/// a choice turns out to be there anyhow by a later decision, the earlier is taken back for it.
///
/// So the result is dnf's, which is the outcome of an order and not the optimum of a formula.
final class Search {
  private final Sat sat;
  private final Policy policy;
  private final Hints hints;
  private final @Nullable WeakDependencies weak;
  private final List<Clause> jobs;
  private final List<Clause> clauses;
  private final List<Branch> branches = new ArrayList<>();

  /// A choice that was made at the level above this one: the candidates in order, those that were
  /// tried negative.
  private static final class Branch {
    final int level;
    final int[] candidates;

    Branch(int level, int[] candidates) {
      this.level = level;
      this.candidates = candidates;
    }
  }

  /// @param weak what adds what is recommended; null where that is not wanted
  Search(Sat sat, Policy policy, Hints hints, Rules rules, @Nullable WeakDependencies weak) {
    this.sat = sat;
    this.policy = policy;
    this.hints = hints;
    this.weak = weak;
    this.jobs = rules.ofJobs();
    this.clauses = new ArrayList<>(rules.aboutPackages());
    clauses.addAll(rules.ofJobs());
    clauses.addAll(rules.ofArchitecture());
    clauses.addAll(rules.ofBest());
    sat.addAll(clauses);
  }

  /// @return whether all clauses could be met; what is there then is true in {@link Sat}
  boolean run() {
    if (!sat.start()) {
      return false;
    }
    int level = 1;
    int jobsDoneAt = 2;
    while (true) {
      int before = level;
      if (level < jobsDoneAt) {
        level = decideJobs(level);
        if (level == 0) {
          return false;
        }
        if (level < before) {
          continue;
        }
        jobsDoneAt = level + 1;
      }
      jobsDoneAt = Math.min(jobsDoneAt, level + 1);
      before = level;
      level = decideDependencies(level);
      if (level == 0) {
        return false;
      }
      if (level < before) {
        continue;
      }
      if (weak != null && addWeak(weak, level) instanceof Weak(var reached)) {
        level = reached;
        if (level == 0) {
          return false;
        }
        continue;
      }
      Retry retry = findRetry();
      if (retry == null) {
        return true;
      }
      level = take(retry);
      if (level == 0) {
        return false;
      }
    }
  }

  private int decideJobs(int from) {
    int level = from;
    int i = 0;
    while (i < jobs.size()) {
      int[] candidates = candidates(jobs.get(i));
      if (candidates.length == 0) {
        i++;
        continue;
      }
      int before = level;
      level = choose(candidates, level);
      if (level < from) {
        return level;
      }
      if (level > before) {
        i++;
      } else if (level < before) {
        i = 0;
      }
    }
    return level;
  }

  /// Walks all clauses round and round. A choice is put off until a whole round finds nothing else;
  /// from then on, choices are made where they are met.
  private int decideDependencies(int from) {
    int level = from;
    int putOff = -1;
    boolean choosing = false;
    int i = 0;
    int walked = 0;
    while (true) {
      if (walked >= allClauses()) {
        if (putOff < 0 || choosing) {
          return level;
        }
        i = putOff;
        choosing = true;
        walked = 0;
      }
      i = i >= allClauses() ? 0 : i;
      int[] candidates = candidates(clause(i));
      if (candidates.length == 0) {
        i++;
        walked++;
        continue;
      }
      if (!choosing && policy.prune(candidates).length > 1) {
        putOff = putOff < 0 ? i : putOff;
        i++;
        walked++;
        continue;
      }
      level = choose(choosing ? candidates : policy.prune(candidates), level);
      if (level < from) {
        return level;
      }
      i++;
      walked = 0;
    }
  }

  private int allClauses() {
    return clauses.size() + sat.learnt().size();
  }

  private Clause clause(int index) {
    return index < clauses.size() ? clauses.get(index) : sat.learnt().get(index - clauses.size());
  }

  /// The undecided packages of which one must be chosen now; none where the clause is met, or may
  /// yet be met by what is not decided to be there.
  private int[] candidates(Clause clause) {
    IntList undecided = null;
    for (int literal : clause.literals) {
      if (literal < 0) {
        if (!sat.isTrue(-literal)) {
          return NONE;
        }
      } else if (sat.isTrue(literal)) {
        return NONE;
      } else if (sat.isUndecided(literal)) {
        undecided = undecided == null ? new IntList() : undecided;
        undecided.add(literal);
      }
    }
    return undecided == null ? NONE : undecided.toArray();
  }

  private static final int[] NONE = {};

  private int choose(int[] candidates, int level) {
    int[] ordered = policy.order(candidates);
    if (ordered.length > 1) {
      int[] branch = ordered.clone();
      branch[0] = -branch[0];
      branches.add(new Branch(level, branch));
    }
    return decide(ordered[0], level);
  }

  /// After a round of weak dependencies: the level reached.
  private record Weak(int level) {}

  /// libsolv's `resolve_weak`.
  ///
  /// @return null if nothing is recommended that is not decided
  private @Nullable Weak addWeak(WeakDependencies dependencies, int from) {
    WeakDependencies.Candidates candidates = dependencies.candidates();
    if (candidates.all().length == 0) {
      return null;
    }
    int level = from;
    int decided = sat.trail().size();
    for (int id : candidates.supplementing()) {
      if (sat.isUndecided(id)) {
        int before = level;
        level = decide(id, level);
        if (level <= before) {
          return new Weak(level);
        }
      }
    }
    for (int i = 0; i < decided; i++) {
      int dependent = sat.trail().get(i);
      List<Dependency> recommended =
          dependent > 0 ? dependencies.recommended(dependent) : List.of();
      for (Dependency dependency : recommended) {
        int[] open = dependencies.open(dependency, candidates.all());
        if (open.length > 0) {
          int before = level;
          level = choose(open, level);
          if (level <= before) {
            return new Weak(level);
          }
        }
      }
    }
    return new Weak(level);
  }

  private int decide(int id, int level) {
    int reached = sat.decide(id, level);
    if (reached <= level) {
      forgetBranchesFrom(reached);
    }
    return reached;
  }

  private void forgetBranchesFrom(int level) {
    while (!branches.isEmpty() && branches.getLast().level >= level) {
      branches.removeLast();
    }
  }

  /// The POSITION-th candidate of the BRANCH-th choice.
  private record Retry(int branch, int position) {}

  /// The earliest choice that a later decision made needless: one of its other candidates is there
  /// by now, or is recommended and the chosen one is not.
  private @Nullable Retry findRetry() {
    for (int b = 0; b < branches.size(); b++) {
      Branch branch = branches.get(b);
      int recommended = -1;
      for (int position = 0; position < branch.candidates.length; position++) {
        int id = branch.candidates[position];
        if (id <= 0) {
          continue;
        }
        if (sat.levelOfTrue(id) > branch.level) {
          return new Retry(b, position);
        }
        if (recommended < 0 && hints.isRecommended(id)) {
          recommended = position;
        }
      }
      if (recommended >= 0
          && Arrays.stream(branch.candidates).anyMatch(id -> isRegretted(id, branch))) {
        return new Retry(b, recommended);
      }
    }
    return null;
  }

  private boolean isRegretted(int candidate, Branch branch) {
    return candidate < 0
        && sat.levelOfTrue(-candidate) == branch.level + 1
        && !hints.isRecommended(-candidate);
  }

  private int take(Retry retry) {
    Branch branch = branches.get(retry.branch);
    int id = branch.candidates[retry.position];
    branch.candidates[retry.position] = -id;
    while (branches.size() > retry.branch + 1) {
      branches.removeLast();
    }
    sat.revertTo(branch.level);
    return decide(id, branch.level);
  }
}
