package org.overpak.install;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.overpak.rpm.FileInfo;
import org.overpak.rpm.FileSelection;
import org.overpak.rpm.FileState;
import org.overpak.rpm.FileTrigger;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.Script;
import org.overpak.rpm.Scriptlet;
import org.overpak.rpm.Sysusers;
import org.overpak.rpm.Tag;
import org.overpak.rpm.Trigger;
import org.overpak.tree.TreePath;

/// What rpm does to install packages where others are installed already, step by step: nothing is
/// run yet. The rules are those of rpm's transaction.c, psm.c and rpmtriggers.c, as its version in
/// the root has them; what is there stays, so nothing is erased.
///
/// @param order the added packages in the order of their installation
/// @param files what becomes of their files
public record Transaction(List<PackageHeader> order, List<Step> steps, FileStates files) {
  /// What runs scripts in Lua, and those with macros.
  public static final TreePath RPM = RpmProgram.PATH;

  public Transaction {
    order = List.copyOf(order);
    steps = List.copyOf(steps);
  }

  /// Plans to install ADDED, which does not change anything, where INSTALLED is. The order of ADDED
  /// does not matter.
  public static Transaction of(List<InstalledPackage> installed, List<PackageHeader> added) {
    return of(installed, added, FileSelection.ALL, 0);
  }

  /// As {@link #of(List, List)}, where SELECTION leaves out files of ADDED. Where no rpm is
  /// installed, the one that is added decides.
  ///
  /// @param color of the transaction, see {@link FileStates}
  static Transaction of(
      List<InstalledPackage> installed,
      List<PackageHeader> added,
      FileSelection selection,
      int color) {
    RpmVersion rpm =
        RpmVersion.of(
            Stream.of(installed.stream().map(InstalledPackage::header).toList(), added)
                .filter(RpmVersion::isAmong)
                .findFirst()
                .orElse(List.of()));
    List<PackageHeader> sorted =
        added.stream()
            .sorted(
                Comparator.comparing((PackageHeader header) -> header.nevra().name())
                    .thenComparing(header -> header.nevra().evr())
                    .thenComparing(header -> header.nevra().arch()))
            .toList();
    List<PackageHeader> order = TransactionOrder.of(sorted, rpm);
    return planned(installed, order, FileStates.of(order, selection, color), rpm);
  }

  static Transaction planned(
      List<InstalledPackage> installed, List<PackageHeader> order, RpmVersion rpm) {
    return planned(installed, order, FileStates.of(order, FileSelection.ALL, 0), rpm);
  }

  private static Transaction planned(
      List<InstalledPackage> installed,
      List<PackageHeader> order,
      FileStates files,
      RpmVersion rpm) {
    return new Transaction(order, new Planner(installed, files, rpm).plan(order), files);
  }

  /// Whether anything is to be run.
  public boolean runsScripts() {
    return steps.stream().anyMatch(Step.RunScript.class::isInstance);
  }

  /// Whether anything of that is run by the rpm that is in the root, {@link #RPM}.
  public boolean needsRpm() {
    return steps.stream().anyMatch(step -> step instanceof Step.RunScript run && run.needsRpm());
  }

  /// The database as it grows, and the steps so far.
  private static final class Planner {
    private final FileStates fileStates;
    private final RpmVersion rpm;
    private final List<Instance> database = new ArrayList<>();
    private final List<OwnedTrigger> fileTriggers = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final SharedFiles shared = new SharedFiles();

    /// An installed package.
    ///
    /// @param isNew whether this transaction installed it
    private record Instance(
        int number, PackageHeader header, List<FileState> states, boolean isNew) {
      /// Those of its files that are there and begin with PREFIX.
      List<String> filesBelow(String prefix) {
        List<String> result = new ArrayList<>();
        // As rpm's index of directories has it, so the owner of nothing but PREFIX is not found.
        if (header.header().strings(Tag.DIRNAMES).stream().noneMatch(d -> d.startsWith(prefix))) {
          return result;
        }
        List<String> paths = header.metadata().files();
        for (int i = 0; i < paths.size(); i++) {
          if (paths.get(i).startsWith(prefix)
              && (states.isEmpty() || states.get(i).isInstalled())) {
            result.add(paths.get(i));
          }
        }
        return result;
      }
    }

    private record OwnedTrigger(Instance owner, FileTrigger trigger) {
      /// The larger priority first, then the package that was installed first.
      static final Comparator<OwnedTrigger> ORDER =
          Comparator.comparingLong((OwnedTrigger owned) -> -owned.trigger.priority())
              .thenComparingInt(owned -> owned.owner.number())
              .thenComparingInt(owned -> owned.trigger.number());
    }

    Planner(List<InstalledPackage> installed, FileStates fileStates, RpmVersion rpm) {
      this.fileStates = fileStates;
      this.rpm = rpm;
      for (InstalledPackage one : installed) {
        add(new Instance(one.number(), one.header(), one.fileStates(), false));
      }
    }

    private void add(Instance instance) {
      database.add(instance);
      counts.merge(instance.header().nevra().name(), 1, Integer::sum);
      instance
          .header()
          .fileTriggers()
          .forEach(trigger -> fileTriggers.add(new OwnedTrigger(instance, trigger)));
    }

    private int count(PackageHeader header) {
      return counts.getOrDefault(header.nevra().name(), 0);
    }

    List<Step> plan(List<PackageHeader> order) {
      order.forEach(header -> scriptlet(header, Scriptlet.Kind.PRETRANS, count(header) + 1));
      order.forEach(this::install);
      order.forEach(header -> scriptlet(header, Scriptlet.Kind.POSTTRANS, count(header)));
      triggersOfOthersOnTransaction();
      database.stream()
          .filter(Instance::isNew)
          .forEach(owner -> ownFileTriggers(owner, FileTrigger.Scope.TRANSACTION, _ -> true));
      return steps;
    }

    private void install(PackageHeader header) {
      int number = database.stream().mapToInt(Instance::number).max().orElse(0) + 1;
      List<FileState> states = fileStates.of(header);
      var instance = new Instance(number, header, states, true);
      Predicate<FileTrigger> beforePost = t -> t.priority() >= FileTrigger.AFTER_POST;
      if (rpm.makesAccounts() && !Sysusers.of(header).isEmpty()) {
        steps.add(new Step.MakeAccounts(header));
      }
      triggersOfOthersOn(header, Trigger.Kind.PREIN);
      ownTriggers(header, Trigger.Kind.PREIN);
      scriptlet(header, Scriptlet.Kind.PRE, count(header) + 1);
      steps.add(new Step.Unpack(header));
      List<String> files = shared.listed(header, states);
      int instances = count(header) + 1;
      add(instance);
      triggersOfOthersOnFiles(files, instances, beforePost);
      ownFileTriggers(instance, FileTrigger.Scope.PACKAGE, beforePost);
      scriptlet(header, Scriptlet.Kind.POST, instances);
      triggersOfOthersOn(header, Trigger.Kind.IN);
      ownTriggers(header, Trigger.Kind.IN);
      triggersOfOthersOnFiles(files, instances, beforePost.negate());
      ownFileTriggers(instance, FileTrigger.Scope.PACKAGE, beforePost.negate());
    }

    private void scriptlet(PackageHeader header, Scriptlet.Kind kind, int argument) {
      header.scriptlets().stream()
          .filter(scriptlet -> scriptlet.kind() == kind)
          .forEach(
              scriptlet ->
                  run(
                      header,
                      kind.section(),
                      scriptlet.script(),
                      !scriptlet.script().body().isEmpty(),
                      List.of(argument),
                      List.of(),
                      kind == Scriptlet.Kind.PRE || kind == Scriptlet.Kind.PRETRANS));
    }

    private void run(
        PackageHeader owner,
        String section,
        Script script,
        boolean hasFile,
        List<Integer> arguments,
        List<String> input,
        boolean critical) {
      steps.add(
          new Step.RunScript(
              owner, section, script, hasFile, arguments, input, owner.prefixes(), critical));
    }

    /// psm.c, `runTriggers`.
    private void triggersOfOthersOn(PackageHeader header, Trigger.Kind kind) {
      for (Instance owner : List.copyOf(database)) {
        trigger(owner.header(), header, kind, count(header), new HashSet<>());
      }
    }

    /// psm.c, `runImmedTriggers`.
    private void ownTriggers(PackageHeader owner, Trigger.Kind kind) {
      Set<Integer> done = new HashSet<>();
      for (Candidate candidate : candidates(owner)) {
        if (!done.contains(candidate.trigger().number())) {
          for (Instance other : database) {
            if (other.header().nevra().name().equals(candidate.condition().dependency().name())) {
              trigger(owner, other.header(), kind, count(other.header()), done);
            }
          }
        }
      }
    }

    private record Candidate(Trigger trigger, Trigger.Condition condition) {}

    private static List<Candidate> candidates(PackageHeader owner) {
      return owner.triggers().stream()
          .flatMap(trigger -> trigger.conditions().stream().map(one -> new Candidate(trigger, one)))
          .sorted(Comparator.comparingInt(candidate -> candidate.condition().position()))
          .toList();
    }

    /// psm.c, `handleOneTrigger`: of the conditions that OTHER meets only the first counts.
    ///
    /// @param done numbers of the owner's triggers that do not run again
    private void trigger(
        PackageHeader owner,
        PackageHeader other,
        Trigger.Kind kind,
        int others,
        Set<Integer> done) {
      candidates(owner).stream()
          .filter(one -> one.trigger().kind() == kind && one.condition().isMetBy(other))
          .findFirst()
          .map(Candidate::trigger)
          .filter(trigger -> done.add(trigger.number()))
          .ifPresent(
              trigger ->
                  run(
                      owner,
                      kind.section(),
                      trigger.script(),
                      true,
                      List.of(count(owner), others),
                      List.of(),
                      false));
    }

    /// rpmtriggers.c, `runFileTriggers` for the files of one package, which is in the database.
    private void triggersOfOthersOnFiles(
        List<String> files, int instances, Predicate<FileTrigger> priority) {
      fileTriggers.stream()
          .filter(owned -> owned.trigger().scope() == FileTrigger.Scope.PACKAGE)
          .filter(owned -> priority.test(owned.trigger()))
          .sorted(OwnedTrigger.ORDER)
          .forEach(
              owned -> {
                List<String> input = new ArrayList<>();
                for (String prefix : owned.trigger().prefixes()) {
                  files.stream().filter(file -> file.startsWith(prefix)).forEach(input::add);
                }
                fileTrigger(owned, input, List.of(count(owned.owner().header()), instances));
              });
    }

    /// rpmtriggers.c, `runFileTriggers` for all files of the transaction.
    private void triggersOfOthersOnTransaction() {
      fileTriggers.stream()
          .filter(owned -> owned.trigger().scope() == FileTrigger.Scope.TRANSACTION)
          .filter(owned -> !owned.owner().isNew())
          .sorted(OwnedTrigger.ORDER)
          .forEach(
              owned ->
                  fileTrigger(
                      owned,
                      matches(owned.trigger(), Instance::isNew).stream()
                          .flatMap(match -> match.files().stream())
                          .toList(),
                      List.of(count(owned.owner().header()))));
    }

    /// rpmtriggers.c, `runImmedFileTriggers`: on all that is installed. While a package is being
    /// installed, its own files are not among them.
    private void ownFileTriggers(
        Instance owner, FileTrigger.Scope scope, Predicate<FileTrigger> priority) {
      fileTriggers.stream()
          .filter(
              owned -> owned.owner().number() == owner.number() && owned.trigger().scope() == scope)
          .filter(owned -> priority.test(owned.trigger()))
          .sorted(OwnedTrigger.ORDER)
          .forEach(
              owned -> {
                boolean transaction = scope == FileTrigger.Scope.TRANSACTION;
                List<Match> matches =
                    matches(
                        owned.trigger(), other -> transaction || other.number() != owner.number());
                if (!matches.isEmpty()) {
                  int own = count(owner.header());
                  fileTrigger(
                      owned,
                      matches.stream().flatMap(match -> match.files().stream()).toList(),
                      transaction
                          ? List.of(own)
                          : List.of(own, count(matches.getFirst().instance().header())));
                }
              });
    }

    private record Match(Instance instance, List<String> files) {}

    private List<Match> matches(FileTrigger trigger, Predicate<Instance> among) {
      List<Match> result = new ArrayList<>();
      for (String prefix : trigger.prefixes()) {
        for (Instance instance : database) {
          if (among.test(instance)) {
            List<String> files = instance.filesBelow(prefix);
            if (!files.isEmpty()) {
              result.add(new Match(instance, files));
            }
          }
        }
      }
      return result;
    }

    private void fileTrigger(OwnedTrigger owned, List<String> input, List<Integer> arguments) {
      FileTrigger trigger = owned.trigger();
      if (trigger.kind() != Trigger.Kind.IN || input.isEmpty()) {
        return;
      }
      String section =
          switch (trigger.scope()) {
            case PACKAGE -> "%filetriggerin";
            case TRANSACTION -> "%transfiletriggerin";
          };
      run(
          owned.owner().header(),
          section,
          trigger.script(),
          true,
          rpm.countsForFileTriggers() ? arguments : List.of(0),
          input,
          false);
    }
  }

  /// Which files of packages are created, where several have the same ones: all but the first skip
  /// them, and file triggers do not see what is skipped.
  private static final class SharedFiles {
    /// What the package before did with a path: created it, if nobody had to do it before.
    private final Map<String, Boolean> created = new HashMap<>();

    /// The files of HEADER, the next package, that it creates; ghosts count.
    List<String> listed(PackageHeader header, List<FileState> states) {
      List<String> result = new ArrayList<>();
      List<FileInfo> files = header.files();
      for (int i = 0; i < files.size(); i++) {
        FileInfo file = files.get(i);
        if (!states.get(i).isInstalled()) {
          continue;
        }
        String path = file.path().toString();
        // rpm looks at the nearest package before this one only, so of three the third creates.
        boolean skipped = created.getOrDefault(path, false);
        created.put(path, !skipped && !file.isGhost());
        if (!skipped) {
          result.add(path);
        }
      }
      return result;
    }
  }
}
