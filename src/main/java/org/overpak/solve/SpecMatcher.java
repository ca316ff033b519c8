package org.overpak.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.IntList;
import org.overpak.OverpakException;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Nevra;

/// Finds what a spec means, in dnf's order (libdnf, `HY_FORMS_MOST_SPEC`): the first of
/// `name-evr.arch`, `name.arch`, `name`, `name-evr` and `name-version` that matches any package,
/// else what provides the spec, else who owns the file.
final class SpecMatcher {
  private final Universe universe;
  private final Providers providers;
  private final List<Resolution.Missing> missing = new ArrayList<>();

  SpecMatcher(Universe universe, Providers providers) {
    this.universe = universe;
    this.providers = providers;
  }

  /// The jobs of SPEC.
  List<Job> jobs(Request.Spec spec) {
    return switch (spec) {
      case Request.Spec.Named(var text) -> jobs(text);
      case Request.Spec.Needed(var dependency) -> List.of(needed(dependency));
      case Request.Spec.Exactly(var text, var repository, var position) -> {
        int id = universe.id(repository, position);
        yield List.of(universe.isEligible(id) ? oneOf(text, new int[] {id}) : hopeless(text, id));
      }
      case Request.Spec.Group(var text, var members) ->
          members.stream().flatMap(member -> ofMember(text, member).stream()).toList();
    };
  }

  private Job needed(Dependency dependency) {
    String text = dependency.toString();
    if (providers.noteFiles(dependency)) {
      providers.findFiles();
    }
    if (!Providers.isSetLike(dependency)) {
      return new Job.Holds(text, dependency);
    }
    int[] all = providers.ofAny(dependency);
    int[] eligible = Arrays.stream(all).filter(universe::isEligible).toArray();
    return eligible.length > 0
        ? oneOf(text, eligible)
        : new Job.Hopeless(text, Arrays.stream(all).boxed().toList());
  }

  private static Job hopeless(String spec, int id) {
    return new Job.Hopeless(spec, List.of(id));
  }

  /// dnf's `_finalize_comps_trans`.
  private List<Job> ofMember(String group, Request.Member member) {
    int[] named =
        Arrays.stream(universe.named(member.name())).filter(universe::isEligible).toArray();
    if (named.length == 0) {
      missing.add(new Resolution.Missing(group, member.name()));
      return List.of();
    }
    if (!member.condition().isEmpty()) {
      return List.of(
          new Job.Holds(
              group,
              new Dependency.Joined(
                  Dependency.Connective.IF,
                  List.of(Dependency.named(member.name()), Dependency.named(member.condition())))));
    }
    return List.of(oneOf(group, withObsoleting(named, universe::isEligible)));
  }

  /// The members of groups that no package is called, of all specs so far.
  List<Resolution.Missing> missing() {
    return List.copyOf(missing);
  }

  /// All packages that a spec names, eligible or not, in the order of the universe.
  List<Solvable> matching(String spec) {
    return jobs(spec, _ -> true).stream()
        .flatMap(job -> job.oneOf().stream())
        .distinct()
        .sorted()
        .map(universe::solvable)
        .toList();
  }

  /// The jobs of a spec: one, or one for each name that a pattern matches.
  ///
  /// @throws OverpakException if the spec is malformed
  List<Job> jobs(String spec) {
    if (spec.isBlank()) {
      throw malformed(spec, "it is empty");
    }
    List<Job> jobs = jobs(spec, universe::isEligible);
    if (!jobs.isEmpty()) {
      return jobs;
    }
    List<Integer> others =
        jobs(spec, _ -> true).stream()
            .flatMap(job -> job.oneOf().stream())
            .filter(id -> !universe.isEligible(id))
            .toList();
    return List.of(new Job.Hopeless(spec, others));
  }

  private List<Job> jobs(String spec, IntPredicate eligible) {
    if (spec.startsWith("(") || spec.contains(" ")) {
      return ofCapability(spec, parse(spec), eligible);
    }
    if (spec.startsWith("/")) {
      return ofFile(spec, eligible);
    }
    for (Form form : forms(spec)) {
      int[] ids = matching(form, eligible);
      if (ids.length > 0) {
        return split(spec, form, ids, eligible);
      }
    }
    return ofCapability(spec, Dependency.named(spec), eligible);
  }

  private static Dependency parse(String spec) {
    try {
      return Dependency.parse(spec);
    } catch (IllegalArgumentException e) {
      throw malformed(spec, e.getMessage());
    }
  }

  private static OverpakException malformed(String spec, @Nullable String what) {
    return new OverpakException(
        ExitCode.USAGE,
        "'" + spec + "' is no package spec: " + what,
        "Write NAME, NAME-VERSION, NAME.ARCH, a capability such as 'NAME >= VERSION', or a path.");
  }

  private List<Job> ofCapability(String spec, Dependency dependency, IntPredicate eligible) {
    if (!Providers.isSetLike(dependency)) {
      return List.of(new Job.Holds(spec, dependency));
    }
    int[] ids = Arrays.stream(providers.ofAny(dependency)).filter(eligible).toArray();
    return ids.length == 0 ? List.of() : List.of(oneOf(spec, ids));
  }

  private static Job oneOf(String spec, int[] ids) {
    return new Job.OneOf(spec, Arrays.stream(ids).boxed().toList());
  }

  private List<Job> ofFile(String spec, IntPredicate eligible) {
    var glob = new Glob(spec);
    if (!glob.isPattern()) {
      Dependency file = Dependency.named(spec);
      if (providers.noteFiles(file)) {
        providers.findFiles();
      }
      return ofCapability(spec, file, eligible);
    }
    int[] ids =
        all()
            .filter(eligible)
            .filter(id -> universe.metadata(id).files().stream().anyMatch(glob::matches))
            .toArray();
    return ids.length == 0 ? List.of() : List.of(oneOf(spec, ids));
  }

  /// One way to read a spec; a part that is null may be anything.
  private record Form(
      Glob name,
      @Nullable String epoch,
      @Nullable Glob version,
      @Nullable Glob release,
      @Nullable Glob arch) {

    boolean hasJustName() {
      return version == null && arch == null;
    }

    boolean matches(Nevra nevra) {
      return name.matches(nevra.name())
          && (epoch == null || epoch.equals(Integer.toUnsignedString(nevra.evr().epoch())))
          && (version == null || version.matches(nevra.evr().version()))
          && (release == null || release.matches(nevra.evr().release()))
          && (arch == null || arch.matches(nevra.arch()));
    }
  }

  private static List<Form> forms(String spec) {
    List<Form> forms = new ArrayList<>();
    int dot = spec.lastIndexOf('.');
    if (dot > 0) {
      String beforeArch = spec.substring(0, dot);
      var arch = new Glob(spec.substring(dot + 1));
      addVersioned(forms, beforeArch, true, arch);
      forms.add(new Form(new Glob(beforeArch), null, null, null, arch));
    }
    forms.add(new Form(new Glob(spec), null, null, null, null));
    addVersioned(forms, spec, true, null);
    addVersioned(forms, spec, false, null);
    return forms;
  }

  private static void addVersioned(
      List<Form> forms, String text, boolean withRelease, @Nullable Glob arch) {
    String rest = text;
    Glob release = null;
    if (withRelease) {
      int dash = rest.lastIndexOf('-');
      if (dash <= 0) {
        return;
      }
      release = new Glob(rest.substring(dash + 1));
      rest = rest.substring(0, dash);
    }
    int dash = rest.lastIndexOf('-');
    if (dash <= 0) {
      return;
    }
    String version = rest.substring(dash + 1);
    int colon = version.indexOf(':');
    forms.add(
        new Form(
            new Glob(rest.substring(0, dash)),
            colon < 0 ? null : version.substring(0, colon),
            new Glob(version.substring(colon + 1)),
            release,
            arch));
  }

  private int[] matching(Form form, IntPredicate eligible) {
    IntStream ids = form.name.isPattern() ? all() : Arrays.stream(universe.named(form.name.text()));
    return ids.filter(eligible).filter(id -> form.matches(universe.nevra(id))).toArray();
  }

  private IntStream all() {
    return IntStream.range(1, universe.limit());
  }

  private List<Job> split(String spec, Form form, int[] ids, IntPredicate eligible) {
    Map<String, IntList> byName = new TreeMap<>();
    for (int id : ids) {
      byName.computeIfAbsent(universe.nevra(id).name(), _ -> new IntList()).add(id);
    }
    return byName.values().stream()
        .map(IntList::toArray)
        .map(named -> form.hasJustName() ? withObsoleting(named, eligible) : named)
        .map(candidates -> oneOf(spec, candidates))
        .toList();
  }

  /// A plain name also means what obsoletes it, so that a renamed package is found under its old
  /// name (dnf's `Subject._get_best_selectors`).
  private int[] withObsoleting(int[] named, IntPredicate eligible) {
    IntStream obsoleting =
        Arrays.stream(named)
            .mapToObj(id -> universe.nevra(id).name())
            .distinct()
            .flatMapToInt(name -> Arrays.stream(universe.obsoleting(name)))
            .filter(eligible)
            .filter(id -> obsoletesAny(id, named));
    return IntStream.concat(Arrays.stream(named), obsoleting).sorted().distinct().toArray();
  }

  private boolean obsoletesAny(int id, int[] others) {
    for (Dependency dependency : universe.metadata(id).relations().obsoletes()) {
      for (int other : others) {
        if (dependency instanceof Dependency.Simple simple
            && simple.satisfiedBy(universe.nevra(other).asProvide())) {
          return true;
        }
      }
    }
    return false;
  }
}
