package org.overpak.solve;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Dependency.Connective;
import org.overpak.rpm.Dependency.Operator;
import org.overpak.rpm.Evr;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;

/// A small universe and request made up from a seed, dense enough that choices and conflicts are
/// the rule; and the same as a testcase of libsolv, with all that is installed locked.
///
/// @param kind how dense, and which relations occur
record Scenario(
    long seed,
    Kind kind,
    Architecture architecture,
    List<Repository> repositories,
    List<String> specs,
    boolean best) {

  /// Those that packages are built with; `<>` is in rpm's tables alone.
  private static final List<Operator> OPERATORS =
      List.of(
          Operator.LESS,
          Operator.LESS_OR_EQUAL,
          Operator.EQUAL,
          Operator.GREATER_OR_EQUAL,
          Operator.GREATER);

  enum Kind {
    /// Requires and versions only.
    PLAIN,
    /// With conflicts and obsoletes.
    CONFLICTS,
    /// With weak dependencies, which decide choices.
    WEAK,
    /// With weak dependencies, which are added.
    RECOMMENDED,
    /// With rich dependencies, and weak ones that are added.
    RICH_RECOMMENDED,
    /// With rich dependencies.
    RICH,
    /// With packages of two word sizes.
    MULTILIB,
    /// All together but the last: which names libsolv knows for 64 bits depends on what it reaches
    /// through weak dependencies too, see {@link Rules}.
    EVERYTHING
  }

  /// @param id the installed packages' is {@link Solvable#INSTALLED}
  record Repository(
      String id,
      int priority,
      int cost,
      List<PackageMetadata> packages,
      Set<PackageMetadata> excluded) {}

  static Scenario of(long seed, Kind kind) {
    return new Generator(seed, kind).scenario();
  }

  Universe universe() {
    Universe.Builder builder = Universe.builder(architecture);
    for (Repository repository : repositories) {
      if (repository.id.equals(Solvable.INSTALLED)) {
        builder.installed(PackageIndex.of(repository.packages));
      } else {
        builder.repository(
            repository.id,
            repository.priority,
            repository.cost,
            PackageIndex.of(repository.packages),
            nevra ->
                repository.excluded.stream().anyMatch(one -> one.nevra().equals(nevra))
                    ? Optional.of("excluded by chance")
                    : Optional.empty());
      }
    }
    return builder.build();
  }

  /// With the best candidates only, as drawn; but not where one of them is disabled on libsolv's
  /// side for obsoleting an installed package, since then libsolv takes others for the best.
  Request request(Universe universe, List<Job> jobs) {
    boolean anyDisabled =
        jobs.stream()
            .flatMap(job -> job.oneOf().stream())
            .map(universe::solvable)
            .anyMatch(this::isDisabled);
    return Request.of(specs).withBest(best && !anyDisabled).withWeak(addsWeak());
  }

  List<Job> jobs(Universe universe) {
    var matcher = new SpecMatcher(universe, new Providers(universe, FileOwners.NONE));
    return specs.stream().flatMap(spec -> matcher.jobs(spec).stream()).toList();
  }

  private boolean addsWeak() {
    return kind == Kind.RECOMMENDED || kind == Kind.RICH_RECOMMENDED;
  }

  /// The jobs as our side understands the specs: what is compared is the solving.
  String testcase(Universe universe, List<Job> jobs) {
    var text = new StringBuilder();
    for (Repository repository : repositories) {
      boolean installed = repository.id.equals(Solvable.INSTALLED);
      text.append(
          installed
              ? "repo system 0 testtags <inline>\n"
              : "repo %s %d.%d testtags <inline>\n"
                  .formatted(repository.id, -repository.priority, -repository.cost));
      text.append("#>=Ver: 3.0\n");
      repository.packages.forEach(
          metadata -> text.append(Testcase.tags(metadata).replaceAll("(?m)^", "#>")));
    }
    text.append("system ").append(architecture.name()).append(" rpm system\n");
    text.append("poolflags implicitobsoleteusescolors\n");
    text.append(
        "solverflags %sbestobeypolicy keeporphans\n"
            .formatted(addsWeak() ? "" : "ignorerecommended "));
    for (Repository repository : repositories) {
      for (PackageMetadata metadata : repository.packages) {
        if (isDisabled(repository, metadata)) {
          text.append("disable pkg %s@%s\n".formatted(metadata.nevra(), repository.id));
        }
        if (repository.id.equals(Solvable.INSTALLED)) {
          text.append("job lock pkg %s@system\n".formatted(metadata.nevra()));
        }
      }
    }
    for (Job job : jobs) {
      String candidates =
          job.oneOf().stream()
              .map(universe::solvable)
              .filter(solvable -> !isDisabled(solvable))
              .map(s -> s + "@" + (s.isInstalled() ? "system" : s.repository()))
              .collect(Collectors.joining(" "));
      String flags = request(universe, jobs).best() ? " [forcebest]" : "";
      text.append(
          switch (job) {
            case Job.OneOf _ ->
                candidates.isEmpty()
                    ? "job install name no-such-package\n"
                    : "job install oneof %s%s\n".formatted(candidates, flags);
            case Job.Holds(_, var dependency) ->
                "job install provides %s%s\n".formatted(Testcase.tag(dependency), flags);
            case Job.Hopeless _ -> "job install name no-such-package\n";
          });
    }
    return text.append("result transaction,problems <inline>\n").toString();
  }

  /// What libsolv is told not to choose. Beside what is excluded, it is all that would replace an
  /// installed package: those are locked, so it cannot be chosen anyway, but libsolv's choice rules
  /// would still shun packages for requiring what such an update provides.
  private boolean isDisabled(Repository repository, PackageMetadata metadata) {
    return !repository.id.equals(Solvable.INSTALLED)
        && (repository.excluded.contains(metadata)
            || architecture.order(metadata.nevra().arch()) == Architecture.UNFIT
            || replacesInstalled(metadata));
  }

  private boolean replacesInstalled(PackageMetadata metadata) {
    return repositories.getFirst().packages.stream()
        .map(PackageMetadata::nevra)
        .anyMatch(
            installed ->
                (installed.name().equals(metadata.nevra().name())
                        && !Architecture.coexist(installed.arch(), metadata.nevra().arch()))
                    || metadata.relations().obsoletes().stream()
                        .anyMatch(
                            obsoletes ->
                                ((Dependency.Simple) obsoletes)
                                    .satisfiedBy(installed.asProvide())));
  }

  private boolean isDisabled(Solvable solvable) {
    return repositories.stream()
        .anyMatch(
            repository ->
                repository.id.equals(solvable.repository())
                    && isDisabled(repository, solvable.metadata()));
  }

  /// Draws one thing after the other; equal seeds give equal scenarios.
  private static final class Generator {
    private final long seed;
    private final Kind kind;
    private final Random random;
    private final List<String> names = new ArrayList<>();
    private final List<String> capabilities = new ArrayList<>();

    Generator(long seed, Kind kind) {
      this.seed = seed;
      this.kind = kind;
      this.random = new Random(seed * 31 + kind.name().hashCode());
      int count = 6 + random.nextInt(20);
      for (int i = 0; i < count; i++) {
        names.add("p" + (char) ('a' + i));
      }
      int capabilityCount = 2 + random.nextInt(6);
      for (int i = 0; i < capabilityCount; i++) {
        capabilities.add("c" + i);
      }
      capabilities.add("/usr/bin/x");
    }

    private boolean has(Kind... kinds) {
      boolean all = kind == Kind.EVERYTHING && !List.of(kinds).contains(Kind.MULTILIB);
      return all || List.of(kinds).contains(kind);
    }

    private boolean chance(double probability) {
      return random.nextDouble() < probability;
    }

    Scenario scenario() {
      List<Repository> repositories = new ArrayList<>();
      List<PackageMetadata> installed = new ArrayList<>();
      for (String name : names) {
        if (chance(0.25)) {
          installed.add(metadata(name, true));
        }
      }
      repositories.add(
          new Repository(Solvable.INSTALLED, 99, 1000, List.copyOf(installed), Set.of()));
      int count = 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        repositories.add(repository("repo" + i));
      }
      List<String> specs = new ArrayList<>();
      int specCount = 1 + random.nextInt(3);
      for (int i = 0; i < specCount; i++) {
        specs.add(chance(0.8) ? pick(names) : pick(capabilities));
      }
      Architecture architecture =
          has(Kind.MULTILIB) ? Architecture.of("x86_64").withMultilib() : Architecture.of("x86_64");
      return new Scenario(
          seed, kind, architecture, List.copyOf(repositories), List.copyOf(specs), chance(0.5));
    }

    private Repository repository(String id) {
      Map<String, PackageMetadata> packages = new LinkedHashMap<>();
      Set<PackageMetadata> excluded = new HashSet<>();
      for (String name : names) {
        int versions = random.nextInt(4);
        for (int i = 0; i < versions; i++) {
          PackageMetadata metadata = metadata(name, false);
          if (packages.putIfAbsent(metadata.nevra().toString(), metadata) == null && chance(0.05)) {
            excluded.add(metadata);
          }
        }
      }
      return new Repository(
          id,
          chance(0.3) ? 50 : 99,
          chance(0.3) ? 500 : 1000,
          List.copyOf(packages.values()),
          Set.copyOf(excluded));
    }

    private PackageMetadata metadata(String name, boolean installed) {
      Map<String, List<Dependency>> relations = new HashMap<>();
      relations.put("provides", some(0.5, this::provide));
      relations.put("requires", some(installed ? 0.2 : 0.6, this::requirement));
      if (has(Kind.CONFLICTS)) {
        relations.put("conflicts", some(0.12, this::requirement));
        relations.put("obsoletes", some(0.12, () -> simple(pick(names))));
      }
      if (has(Kind.WEAK, Kind.RECOMMENDED, Kind.RICH_RECOMMENDED)) {
        for (String weak : List.of("recommends", "suggests", "supplements", "enhances")) {
          relations.put(weak, some(0.2, this::requirement));
        }
      }
      Nevra nevra = new Nevra(name, evr(), arch());
      return UniverseText.metadata(
          nevra, relations, chance(0.1) ? List.of("/usr/bin/x") : List.of());
    }

    private Evr evr() {
      return new Evr(
          chance(0.05) ? 1 : 0,
          String.valueOf(1 + random.nextInt(3)),
          String.valueOf(1 + random.nextInt(2)));
    }

    private String arch() {
      if (chance(0.3)) {
        return "noarch";
      }
      return chance(has(Kind.MULTILIB) ? 0.4 : 0.05) ? "i686" : "x86_64";
    }

    private List<Dependency> some(double probability, Supplier<Dependency> draw) {
      List<Dependency> drawn = new ArrayList<>();
      while (chance(probability) && drawn.size() < 4) {
        drawn.add(draw.get());
      }
      return List.copyOf(drawn);
    }

    private Dependency provide() {
      String name = capabilities.get(random.nextInt(capabilities.size() - 1));
      return chance(0.4)
          ? new Dependency.Simple(name, Operator.EQUAL, evr())
          : Dependency.named(name);
    }

    private Dependency requirement() {
      if (!has(Kind.RICH, Kind.RICH_RECOMMENDED) || !chance(0.4)) {
        return simple(chance(0.5) ? pick(names) : pick(capabilities));
      }
      return rich(2);
    }

    private Dependency rich(int depth) {
      if (depth == 0 || (depth == 1 && chance(0.6))) {
        return simple(chance(0.5) ? pick(names) : pick(capabilities));
      }
      return switch (random.nextInt(6)) {
        case 0 -> new Dependency.Joined(Connective.AND, List.of(rich(depth - 1), rich(depth - 1)));
        case 1 ->
            new Dependency.Joined(
                Connective.OR, List.of(rich(depth - 1), rich(depth - 1), rich(0)));
        case 2 -> new Dependency.Joined(Connective.IF, List.of(rich(depth - 1), rich(depth - 1)));
        case 3 ->
            new Dependency.Joined(Connective.UNLESS, List.of(rich(depth - 1), rich(depth - 1)));
        case 4 ->
            new Dependency.Joined(
                chance(0.5) ? Connective.WITH : Connective.WITHOUT, List.of(rich(0), rich(0)));
        default ->
            new Dependency.Conditional(
                chance(0.5) ? Connective.IF : Connective.UNLESS,
                rich(depth - 1),
                rich(depth - 1),
                rich(0));
      };
    }

    private Dependency simple(String name) {
      if (name.startsWith("/") || chance(0.6)) {
        return Dependency.named(name);
      }
      return new Dependency.Simple(
          name,
          OPERATORS.get(random.nextInt(OPERATORS.size())),
          chance(0.5) ? evr() : new Evr(0, String.valueOf(1 + random.nextInt(3)), ""));
    }

    private String pick(List<String> from) {
      return from.get(random.nextInt(from.size()));
    }
  }
}
