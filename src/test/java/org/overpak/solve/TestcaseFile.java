package org.overpak.solve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;

/// A file of libsolv's testcases: packages, and runs of the solver over them one after the other
/// (`ext/testcase.c`, `testcase_read`).
final class TestcaseFile {
  /// Flags that say what Overpak always does, or that concern only what it never does: changing
  /// what is installed.
  private static final Set<String> KNOWN_FLAGS =
      Set.of(
          "ignorerecommended",
          "bestobeypolicy",
          "keeporphans",
          "keepexplicitobsoletes",
          "yumobsoletes",
          "allowvendorchange",
          "allowuninstall",
          "implicitobsoleteusescolors",
          "whatprovideswithdisabled");

  private final Path file;
  private final Map<String, Repository> repositories = new LinkedHashMap<>();
  private final List<String> preamble = new ArrayList<>();
  private final Map<String, Set<Nevra>> disabled = new HashMap<>();
  private final List<Run> runs = new ArrayList<>();
  private String architecture = "x86_64";
  private String installed = "";
  private String unfit = "";

  private TestcaseFile(Path file) {
    this.file = file;
  }

  /// @param priority as libsolv has it: the higher the better
  private record Repository(int priority, List<PackageMetadata> packages) {}

  /// One run.
  ///
  /// @param preamble the lines before it that still count
  /// @param own its own lines: flags and jobs
  /// @param stated lines of the result
  /// @param unfit why it says nothing about Overpak; empty if it does
  record Run(
      String name,
      List<String> preamble,
      List<String> own,
      Universe universe,
      List<Job> jobs,
      Request options,
      Set<String> stated,
      String unfit) {

    /// The same run, with all that is installed locked, and without what would replace it: what
    /// Overpak is asked.
    String withLocks() {
      List<String> lines = new ArrayList<>(preamble);
      for (int id = universe.installedCount() + 1; id < universe.limit(); id++) {
        if (!universe.isEligible(id)) {
          Solvable solvable = universe.solvable(id);
          // Before the jobs, which would fix who provides what.
          lines.add("disable pkg %s@%s".formatted(solvable, solvable.repository()));
        }
      }
      lines.addAll(own);
      for (int id = 1; id <= universe.installedCount(); id++) {
        lines.add("job lock pkg %s@system".formatted(universe.solvable(id)));
      }
      lines.add("result transaction,problems <inline>");
      return String.join("\n", lines) + "\n";
    }
  }

  static List<Run> read(Path file) throws IOException {
    var testcase = new TestcaseFile(file);
    List<String> part = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("nextjob")) {
        testcase.run(part);
        part.clear();
      } else if (!line.isBlank() && !line.matches("#[^>].*|#")) {
        part.add(line);
      }
    }
    testcase.run(part);
    return testcase.runs;
  }

  /// Reads the lines of one run: those about packages hold for the runs after it too.
  private void run(List<String> lines) throws IOException {
    unfit = "";
    List<String> own = new ArrayList<>();
    List<String[]> jobs = new ArrayList<>();
    boolean weak = true;
    boolean states = false;
    Set<String> stated = Set.of();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      List<String> inline = new ArrayList<>();
      while (i + 1 < lines.size() && lines.get(i + 1).startsWith("#>")) {
        inline.add(lines.get(++i).substring(2));
      }
      String[] words = line.split("\\s+");
      switch (words[0]) {
        case "repo" -> {
          repository(words, inline);
          preamble.add(line);
          inline.forEach(one -> preamble.add("#>" + one));
        }
        case "system" -> {
          architecture = words[1].matches("unset|\\*") ? "x86_64" : words[1];
          if (words[2].equals("deb")) {
            unfit = "it is about Debian's packages";
          }
          installed = words.length > 3 ? words[3] : "";
          preamble.add(line);
        }
        case "disable" -> {
          String[] pkg = words[2].split("@");
          disabled
              .computeIfAbsent(pkg[1], _ -> new TreeSet<>(BY_TEXT))
              .add(UniverseText.nevra(pkg[0]));
          preamble.add(line);
        }
        case "feature" -> preamble.add(line);
        case "poolflags", "solverflags" -> {
          for (int w = 1; w < words.length; w++) {
            weak &= !words[w].equals("ignorerecommended");
            if (!KNOWN_FLAGS.contains(words[w])) {
              unfit = "dnf has no flag " + words[w];
            }
          }
          (words[0].equals("poolflags") ? preamble : own).add(line);
        }
        case "job" -> {
          jobs.add(words);
          own.add(line);
        }
        case "result" -> {
          states = words[1].contains("transaction");
          stated = new TreeSet<>(inline);
        }
        default -> unfit = "it has '" + words[0] + "'";
      }
    }
    Universe universe = universe();
    var matcher = new Matcher(universe);
    List<Job> read = jobs.stream().map(matcher::job).toList();
    boolean best = jobs.stream().anyMatch(words -> flags(words).contains("forcebest"));
    if (!states) {
      unfit = "it states no transaction";
    } else if (jobs.isEmpty()) {
      unfit = "it has no job";
    } else if (!matcher.unfit.isEmpty()) {
      unfit = matcher.unfit;
    }
    String name =
        "%s %d"
            .formatted(file.subpath(file.getNameCount() - 2, file.getNameCount()), runs.size() + 1);
    runs.add(
        new Run(
            name,
            List.copyOf(preamble),
            own,
            universe,
            read,
            Request.of().withBest(best).withWeak(weak),
            stated,
            unfit));
  }

  private static final Comparator<Nevra> BY_TEXT = Comparator.comparing(Nevra::toString);

  private void repository(String[] words, List<String> inline) throws IOException {
    if (repositories.containsKey(words[1])) {
      unfit = "two repositories have one name";
      return;
    }
    List<String> lines =
        words[3].equals("testtags") && !words[4].equals("<inline>")
            ? Files.readAllLines(file.resolveSibling(words[4]))
            : inline;
    int priority = Integer.parseInt(words[2].replaceFirst("\\..*", ""));
    repositories.put(words[1], new Repository(priority, packages(lines)));
  }

  private List<PackageMetadata> packages(List<String> lines) {
    List<PackageMetadata> packages = new ArrayList<>();
    @Nullable Nevra nevra = null;
    Map<String, List<Dependency>> relations = new HashMap<>();
    List<String> files = new ArrayList<>();
    for (String line : lines) {
      String value = line.substring(line.indexOf(' ') + 1).strip();
      String tag = line.substring(0, Math.min(4, line.length()));
      if (tag.equals("=Pkg")) {
        if (nevra != null) {
          packages.add(UniverseText.metadata(nevra, Map.copyOf(relations), List.copyOf(files)));
        }
        relations.clear();
        files.clear();
        String[] parts = value.split(" +");
        if (parts.length == 4) {
          nevra = UniverseText.nevra(parts[0] + "-" + parts[1] + "-" + parts[2] + "." + parts[3]);
        } else {
          nevra = null;
          unfit = "a package has no release";
        }
      } else if (tag.equals("=Prv") && value.startsWith("/")) {
        files.add(value);
      } else if (RELATIONS.containsKey(tag)) {
        try {
          relations
              .computeIfAbsent(RELATIONS.getOrDefault(tag, ""), _ -> new ArrayList<>())
              .add(Testcase.parse(value));
        } catch (IllegalArgumentException e) {
          unfit = String.valueOf(e.getMessage());
        }
      }
    }
    if (nevra != null) {
      packages.add(UniverseText.metadata(nevra, relations, files));
    }
    return packages;
  }

  private static final Map<String, String> RELATIONS =
      Map.of(
          "=Prv", "provides",
          "=Req", "requires",
          "=Con", "conflicts",
          "=Obs", "obsoletes",
          "=Rec", "recommends",
          "=Sug", "suggests",
          "=Sup", "supplements",
          "=Enh", "enhances");

  private Universe universe() {
    Universe.Builder builder = Universe.builder(Architecture.of(architecture).withMultilib());
    builder.installed(
        PackageIndex.of(
            repositories.getOrDefault(installed, new Repository(0, List.of())).packages));
    repositories.forEach(
        (id, repository) -> {
          if (!id.equals(installed)) {
            builder.repository(
                id,
                // libsolv knows no bounds
                Math.clamp(50L - repository.priority, 1, 99),
                1000,
                PackageIndex.of(repository.packages),
                nevra ->
                    disabled.getOrDefault(id, Set.of()).contains(nevra)
                        ? Optional.of("disabled")
                        : Optional.empty());
          }
        });
    return builder.build();
  }

  private static String flags(String[] job) {
    String last = job[job.length - 1];
    return last.startsWith("[") ? last : "";
  }

  /// Finds the packages that jobs select.
  private static final class Matcher {
    private final Universe universe;
    private final Providers providers;
    private String unfit = "";

    Matcher(Universe universe) {
      this.universe = universe;
      this.providers = new Providers(universe, FileOwners.NONE);
    }

    Job job(String[] words) {
      String text = String.join(" ", words);
      List<String> arguments = new ArrayList<>(List.of(words).subList(3, words.length));
      arguments.removeIf(word -> word.startsWith("["));
      String selection = String.join(" ", arguments);
      if (!words[1].equals("install")) {
        unfit = "its job is to " + words[1];
        return new Job.Hopeless(text, List.of());
      }
      List<Integer> found =
          switch (words[2]) {
            case "name" -> named((Dependency.Simple) Testcase.parse(selection));
            case "provides" -> provided(selection);
            case "pkg", "oneof" -> arguments.stream().map(this::exactly).toList();
            default -> {
              unfit = "it selects by " + words[2];
              yield List.of();
            }
          };
      List<Integer> eligible = found.stream().filter(universe::isEligible).toList();
      return eligible.isEmpty() ? new Job.Hopeless(text, found) : new Job.OneOf(text, eligible);
    }

    private List<Integer> provided(String selection) {
      if (selection.startsWith("namespace:")) {
        unfit = "it selects by namespace";
        return List.of();
      }
      return Arrays.stream(providers.ofAny(Testcase.parse(selection))).boxed().toList();
    }

    private List<Integer> named(Dependency.Simple wanted) {
      return Arrays.stream(universe.named(wanted.name()))
          .filter(id -> wanted.satisfiedBy(universe.nevra(id).asProvide()))
          .boxed()
          .toList();
    }

    private int exactly(String text) {
      String[] parts = text.split("@");
      for (int id = 1; id < universe.limit(); id++) {
        String repository =
            universe.isInstalled(id) ? "system" : universe.solvable(id).repository();
        if (universe.nevra(id).toString().equals(parts[0]) && repository.equals(parts[1])) {
          return id;
        }
      }
      throw new IllegalArgumentException("no package " + text);
    }
  }
}
