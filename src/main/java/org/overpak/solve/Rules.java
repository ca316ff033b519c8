package org.overpak.solve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.overpak.IntList;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Relations;

/// The clauses of one request: jobs, and what follows for every package that they can lead to.
///
/// What the runtime meets by itself leads nowhere, so of a distribution's universe only a small
/// part gets clauses. Clauses about packages are ordered as libsolv orders its rules (by literals:
/// those of the last package first), since {@link Search} walks them in that order.
final class Rules {
  private final Universe universe;
  private final Providers providers;
  private final ConjunctiveForm conjunctiveForm;
  private final boolean[] reached;
  private final IntList reachedIds = new IntList();
  private final Deque<Integer> unvisited = new ArrayDeque<>();
  private final List<Integer> waitingForFiles = new ArrayList<>();
  private final List<Clause> aboutPackages = new ArrayList<>();
  private final List<Clause> ofJobs = new ArrayList<>();
  private final List<Clause> ofArchitecture = new ArrayList<>();
  private final List<Clause> ofBest = new ArrayList<>();
  private boolean weak;

  Rules(Universe universe, Providers providers) {
    this.universe = universe;
    this.providers = providers;
    this.conjunctiveForm = ConjunctiveForm.open(universe, providers);
    this.reached = new boolean[universe.limit()];
  }

  /// Requirements, conflicts, obsoletes and same names of all reached packages.
  List<Clause> aboutPackages() {
    return aboutPackages;
  }

  /// In the order of the request; a job that the runtime meets has none.
  List<Clause> ofJobs() {
    return ofJobs;
  }

  List<Clause> ofArchitecture() {
    return ofArchitecture;
  }

  List<Clause> ofBest() {
    return ofBest;
  }

  /// The packages that have clauses, in the order in which they were reached.
  int[] reachedIds() {
    return reachedIds.toArray();
  }

  void add(List<Job> jobs, Request request) {
    weak = request.weak();
    noteInstalledFiles();
    jobs.forEach(this::addJob);
    addInstalledRich();
    visitAll();
    addConflictsOfInstalled();
    for (int id : reachedIds()) {
      addConflictsAndObsoletes(id);
      addSameNames(id);
    }
    addInferiorArchitectures();
    aboutPackages.sort((a, b) -> Arrays.compare(a.order, b.order));
    removeRepeated();
    if (request.best()) {
      jobs.forEach(this::addBest);
    }
  }

  private void addJob(Job job) {
    switch (job) {
      case Job.OneOf(_, var candidates) -> {
        if (candidates.stream().noneMatch(universe::isInstalled)) {
          int[] literals = candidates.stream().mapToInt(Integer::intValue).toArray();
          ofJobs.add(new Clause(literals, new Cause.Requested(job)));
          reach(literals);
        }
      }
      case Job.Holds(_, var dependency) -> {
        if (providers.noteFiles(dependency)) {
          providers.findFiles();
        }
        for (int[] all : conjunctiveForm.of(dependency)) {
          int[] literals = withoutInstalled(all);
          ofJobs.add(new Clause(literals, new Cause.Requested(job)));
          reach(literals);
        }
      }
      case Job.Hopeless _ -> ofJobs.add(new Clause(new int[0], new Cause.Requested(job)));
    }
  }

  private void addBest(Job job) {
    if (job instanceof Job.OneOf(_, var candidates)
        && candidates.stream().noneMatch(universe::isInstalled)) {
      int[] all = candidates.stream().mapToInt(Integer::intValue).toArray();
      int[] bestOnes = new Preference(universe).best(all);
      if (bestOnes.length < all.length) {
        Arrays.sort(bestOnes);
        ofBest.add(new Clause(bestOnes, new Cause.Best(job)));
      }
    }
  }

  private void reach(int[] literals) {
    for (int literal : literals) {
      if (literal > 0 && !reached[literal] && !universe.isInstalled(literal)) {
        reached[literal] = true;
        reachedIds.add(literal);
        unvisited.add(literal);
      }
    }
  }

  private void visitAll() {
    while (!unvisited.isEmpty() || !waitingForFiles.isEmpty() || reachSupplements()) {
      if (unvisited.isEmpty()) {
        providers.findFiles();
        unvisited.addAll(waitingForFiles);
        waitingForFiles.clear();
      }
      int id = unvisited.remove();
      if (noteFiles(universe.metadata(id).relations())) {
        waitingForFiles.add(id);
      } else {
        visit(id);
      }
    }
  }

  private boolean noteFiles(Relations relations) {
    boolean any = noteHintedFiles(relations);
    for (Dependency dependency : weak ? relations.recommends() : List.<Dependency>of()) {
      any |= providers.noteFiles(dependency);
    }
    for (Dependency dependency : relations.requires()) {
      any |= providers.noteFiles(dependency);
    }
    for (Dependency dependency : relations.conflicts()) {
      any |= providers.noteFiles(dependency);
    }
    return any;
  }

  private boolean noteHintedFiles(Relations relations) {
    boolean any = false;
    for (List<Dependency> weak :
        List.of(
            relations.recommends(),
            relations.suggests(),
            relations.supplements(),
            relations.enhances())) {
      for (Dependency dependency : weak) {
        any |= providers.noteHintedFiles(dependency);
      }
    }
    return any;
  }

  /// What installed packages say of files matters where it can bear on packages that are added.
  private void noteInstalledFiles() {
    for (int id : weak ? universe.supplementing() : new int[0]) {
      universe.metadata(id).relations().supplements().forEach(providers::noteHintedFiles);
    }
    for (int id = 1; id <= universe.installedCount(); id++) {
      Relations relations = universe.metadata(id).relations();
      noteHintedFiles(relations);
      relations.conflicts().forEach(providers::noteFiles);
      relations.requires().stream()
          .filter(dependency -> !(dependency instanceof Dependency.Simple))
          .forEach(providers::noteFiles);
    }
    providers.findFiles();
  }

  private void visit(int id) {
    Relations relations = universe.metadata(id).relations();
    for (Dependency dependency : relations.requires()) {
      addRequires(id, dependency);
    }
    for (Dependency dependency : relations.conflicts()) {
      if (!Providers.isSetLike(dependency)) {
        addRich(id, conjunctiveForm.ofNegated(dependency), new Cause.Conflicts(id, dependency, 0));
      }
    }
    if (weak) {
      for (Dependency dependency : relations.recommends()) {
        conjunctiveForm.of(dependency).forEach(this::reach);
      }
    }
    reachBetterArchitectures(id);
  }

  /// What may come to supplement a package that is reached is reached too.
  ///
  /// @return whether anything was
  private boolean reachSupplements() {
    if (!weak) {
      return false;
    }
    for (int id : universe.supplementing()) {
      if (!universe.isInstalled(id)
          && !reached[id]
          && universe.isEligible(id)
          && universe.metadata(id).relations().supplements().stream().anyMatch(this::isPossible)) {
        reach(new int[] {id});
      }
    }
    return !unvisited.isEmpty();
  }

  private boolean isPossible(Dependency dependency) {
    if (Providers.isSetLike(dependency)) {
      return Arrays.stream(providers.of(dependency))
          .anyMatch(id -> reached[id] || universe.isInstalled(id));
    }
    return switch (dependency) {
      case Dependency.Simple _ -> throw new IllegalStateException("set-like: " + dependency);
      case Dependency.Joined(var connective, var operands) ->
          switch (connective) {
            case AND -> operands.stream().allMatch(this::isPossible);
            case OR -> operands.stream().anyMatch(this::isPossible);
            case IF -> true;
            case UNLESS -> isPossible(operands.getFirst());
            case WITH, WITHOUT -> false;
          };
      case Dependency.Conditional _ -> true;
    };
  }

  private void addRequires(int id, Dependency dependency) {
    var cause = new Cause.Requires(id, dependency);
    if (!Providers.isSetLike(dependency)) {
      addRich(id, conjunctiveForm.of(dependency), cause);
      return;
    }
    if (isRpmFeature(dependency)) {
      return;
    }
    int[] ids = providers.of(dependency);
    if (Providers.contains(ids, id) || Arrays.stream(ids).anyMatch(universe::isInstalled)) {
      return;
    }
    aboutPackages.add(new Clause(with(-id, ids), cause));
    reach(ids);
  }

  /// `rpmlib(…)` is met by who installs, not by a package; it is checked where headers are read.
  private static boolean isRpmFeature(Dependency dependency) {
    return dependency instanceof Dependency.Simple(var name, _, _) && name.startsWith("rpmlib(");
  }

  private void addRich(int id, List<int[]> clauses, Cause cause) {
    for (int[] clause : clauses) {
      // A package that hits nothing but itself does not conflict: rpm never looks there.
      boolean isSelfConflict =
          cause instanceof Cause.Conflicts && clause.length == 1 && clause[0] == -id;
      if (!isSelfConflict && !Providers.contains(clause, id)) {
        int[] all = Providers.contains(clause, -id) ? clause : with(-id, clause);
        int[] literals = withoutInstalled(all);
        aboutPackages.add(new Clause(literals, cause, all));
        reach(literals);
      }
    }
  }

  private int[] withoutInstalled(int[] clause) {
    return Arrays.stream(clause).filter(l -> !universe.isInstalled(Math.abs(l))).toArray();
  }

  private static int[] with(int literal, int[] others) {
    int[] all = Arrays.copyOf(others, others.length + 1);
    all[others.length] = literal;
    Arrays.sort(all);
    return all;
  }

  /// Only a rich requirement or conflict of an installed package can come to lack something by an
  /// addition: `(langpack if editor)`. What is broken already is not our business.
  private void addInstalledRich() {
    for (int id = 1; id <= universe.installedCount(); id++) {
      Relations relations = universe.metadata(id).relations();
      for (Dependency dependency : relations.requires()) {
        if (!Providers.isSetLike(dependency)) {
          addInstalledRich(conjunctiveForm.of(dependency), new Cause.Requires(id, dependency));
        }
      }
      for (Dependency dependency : relations.conflicts()) {
        if (!Providers.isSetLike(dependency)) {
          addInstalledRich(
              conjunctiveForm.ofNegated(dependency), new Cause.Conflicts(id, dependency, 0));
        }
      }
    }
  }

  /// @param clauses with what is installed as literals, to tell what is broken already
  private void addInstalledRich(List<int[]> clauses, Cause cause) {
    if (clauses.stream().anyMatch(clause -> clause.length == 0)) {
      return;
    }
    for (int[] clause : clauses) {
      int[] literals = withoutInstalled(clause);
      if (literals.length > 0 && literals[0] < 0) {
        aboutPackages.add(new Clause(literals, cause, clause));
        reach(literals);
      }
    }
  }

  private void addConflictsOfInstalled() {
    for (int id = 1; id <= universe.installedCount(); id++) {
      Relations relations = universe.metadata(id).relations();
      for (Dependency dependency : relations.conflicts()) {
        if (Providers.isSetLike(dependency)) {
          for (int other : providers.of(dependency)) {
            if (reached[other]) {
              addUnit(other, new Cause.Conflicts(id, dependency, other));
            }
          }
        }
      }
      for (Dependency dependency : relations.obsoletes()) {
        for (int other : obsoleted(dependency)) {
          if (reached[other]) {
            addUnit(other, new Cause.Obsoletes(id, dependency, other));
          }
        }
      }
    }
  }

  private void addConflictsAndObsoletes(int id) {
    Relations relations = universe.metadata(id).relations();
    for (Dependency dependency : relations.conflicts()) {
      if (Providers.isSetLike(dependency)) {
        for (int other : providers.of(dependency)) {
          exclude(id, other, new Cause.Conflicts(id, dependency, other));
        }
      }
    }
    for (Dependency dependency : relations.obsoletes()) {
      for (int other : obsoleted(dependency)) {
        exclude(id, other, new Cause.Obsoletes(id, dependency, other));
      }
    }
  }

  private int[] obsoleted(Dependency dependency) {
    if (!(dependency instanceof Dependency.Simple simple)) {
      return new int[0];
    }
    return Arrays.stream(universe.named(simple.name()))
        .filter(id -> simple.satisfiedBy(universe.nevra(id).asProvide()))
        .toArray();
  }

  private void addSameNames(int id) {
    for (int other : universe.named(universe.nevra(id).name())) {
      if (other < id
          && reached[other]
          && !Architecture.coexist(universe.nevra(id).arch(), universe.nevra(other).arch())) {
        exclude(id, other, new Cause.SameName(id, other));
      }
    }
  }

  /// ID and OTHER exclude each other; a package never excludes itself.
  private void exclude(int id, int other, Cause cause) {
    if (universe.isInstalled(other)) {
      addUnit(id, cause);
    } else if (other != id && reached[other]) {
      aboutPackages.add(new Clause(with(-id, new int[] {-other}), cause));
    }
  }

  private void addUnit(int id, Cause cause) {
    aboutPackages.add(new Clause(new int[] {-id}, cause));
  }

  private void removeRepeated() {
    Clause last = null;
    var kept = new ArrayList<Clause>(aboutPackages.size());
    for (Clause clause : aboutPackages) {
      if (last == null || !Arrays.equals(last.literals, clause.literals)) {
        kept.add(clause);
      }
      last = clause;
    }
    aboutPackages.clear();
    aboutPackages.addAll(kept);
  }

  /// Not `noarch`, which is of any.
  private boolean isToBeHadForTarget(int id) {
    return reached[id] && universe.architectureOrder(id) != Architecture.NOARCH && !isInferior(id);
  }

  private boolean isInferior(int id) {
    List<String> accepted = universe.architecture().accepted();
    return !Architecture.sameGroup(universe.nevra(id).arch(), accepted.getFirst());
  }

  /// The 64-bit twin of a 32-bit package, which {@link #addInferiorArchitectures} wants beside it.
  private void reachBetterArchitectures(int id) {
    if (isInferior(id)) {
      reach(twins(id));
    }
  }

  private int[] twins(int id) {
    return Arrays.stream(universe.named(universe.nevra(id).name()))
        .filter(universe::isEligible)
        .filter(twin -> universe.nevra(twin).evr().equals(universe.nevra(id).evr()))
        .filter(twin -> !isInferior(twin))
        .toArray();
  }

  /// libsolv's rules of class INFARCH with `implicitobsoleteusescolors`: where a name is there to
  /// be had for 64 bits, its 32-bit package comes only in step with one of the same version. Unlike
  /// there, a 64-bit package does not count that only leads from what the runtime meets already.
  private void addInferiorArchitectures() {
    for (int id : reachedIds()) {
      if (isInferior(id)
          && Arrays.stream(universe.named(universe.nevra(id).name()))
              .anyMatch(this::isToBeHadForTarget)) {
        int[] twins = twins(id);
        if (Arrays.stream(twins).noneMatch(universe::isInstalled)) {
          ofArchitecture.add(new Clause(with(-id, twins), new Cause.InferiorArchitecture(id)));
        }
      }
    }
  }
}
