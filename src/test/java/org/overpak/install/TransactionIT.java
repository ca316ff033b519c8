package org.overpak.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.PackageFile;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.RpmBuild;
import org.overpak.rpm.RpmDatabase;
import org.overpak.testing.Judge;

/// What rpm runs when it installs packages: which scripts, in which order, with which arguments and
/// input, and what is unpacked by then.
class TransactionIT {
  private static final Judge RPM = Judge.of("rpm");
  private static final Pattern LABEL = Pattern.compile("echo \"(.*) \\$\\*\"");
  private static final RpmVersion VERSION = new RpmVersion("4.18.0");
  private static final int FAMILIES = 40;

  @TempDir private Path directory;

  @Test
  void runsWhatRpmRuns() throws IOException {
    List<GeneratedFamily> families =
        IntStream.range(0, FAMILIES).mapToObj(n -> GeneratedFamily.of("s" + n + "-", n)).toList();
    Map<String, Path> packages = new HashMap<>();
    Path build = directory.resolve("build");
    for (Path file : RpmBuild.buildAll(build, GeneratedFamily.spec(families))) {
      packages.put(file.getFileName().toString().replaceAll("-[^-]+-[^-]+$", ""), file);
    }
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    Map<String, String> unordered = new TreeMap<>();
    for (GeneratedFamily family : families) {
      List<Path> files = family.names().stream().map(packages::get).toList();
      List<Path> before = files.subList(0, family.installed());
      List<Path> added = files.subList(family.installed(), files.size());
      Path root = root(family.names().getFirst());
      List<InstalledPackage> installed = installed(root, before);
      install(root, added);
      Path log = root.resolve("log");
      number(family, Files.exists(log) ? Files.readAllLines(log) : List.of(), theirs);
      List<PackageHeader> headers = added.stream().map(f -> PackageFile.open(f).header()).toList();
      List<PackageHeader> order = TransactionOrder.of(headers, VERSION);
      number(family, log(installed, Transaction.planned(installed, order, VERSION)), ours);
      number(family, log(installed, Transaction.planned(installed, headers, VERSION)), unordered);
    }
    assertThat(theirs).hasSizeGreaterThan(2000);
    String subject = "scripts of " + FAMILIES + " families";
    RPM.compare(subject, theirs, ours);
    RPM.distinguishes("packages in the order of their names", subject, theirs, unordered);
    var wrong = new TreeMap<>(ours);
    wrong.replaceAll((_, line) -> line.replace("/app/share/ab/f2", "/app/share/ab/f1"));
    RPM.distinguishes("a wrong path in a file trigger's input", subject, theirs, wrong);
    wrong.putAll(ours);
    wrong.replaceAll((_, line) -> line.replace("triggerin0 0", "triggerin0 1"));
    RPM.distinguishes("a file trigger's argument of a newer rpm", subject, theirs, wrong);
  }

  private static void number(GeneratedFamily family, List<String> lines, Map<String, String> all) {
    for (int i = 0; i < lines.size(); i++) {
      all.put("%s line %04d".formatted(family.names().getFirst(), i), lines.get(i));
    }
  }

  private static List<InstalledPackage> installed(Path root, List<Path> files) {
    if (files.isEmpty()) {
      return List.of();
    }
    install(root, files, "--noscripts", "--notriggers");
    return RpmDatabase.open(root.resolve("db/rpmdb.sqlite")).packages();
  }

  /// What a plan's scripts would write.
  private static List<String> log(List<InstalledPackage> installed, Transaction plan) {
    var unpacked = new TreeSet<String>();
    installed.forEach(one -> unpacked.add("/app/m/" + one.nevra().name()));
    List<String> lines = new ArrayList<>();
    for (Step step : plan.steps()) {
      switch (step) {
        case Step.Unpack(PackageHeader header) -> unpacked.add("/app/m/" + header.nevra().name());
        case Step.MakeAccounts _ -> {}
        case Step.RunScript run -> {
          Matcher label = LABEL.matcher(run.script().body());
          assertThat(label.find()).isTrue();
          lines.add(
              label.group(1)
                  + " "
                  + String.join(" ", run.arguments().stream().map(String::valueOf).toList())
                  + " "
                  + (unpacked.isEmpty() ? "/app/m/*" : String.join(" ", unpacked)));
          run.input().forEach(path -> lines.add("< " + path));
        }
      }
    }
    return lines;
  }

  private static void install(Path root, List<Path> files, String... options) {
    List<String> line = new ArrayList<>(List.of("-i", "--nodeps", "--root", root.toString()));
    for (String macro : List.of("_dbpath /db", "_db_backend sqlite", "_tmppath /tmp")) {
      line.addAll(List.of("--define", macro));
    }
    line.addAll(List.of(options));
    files.forEach(file -> line.add(file.toString()));
    RPM.run(line);
  }

  /// A root with a shell and nothing else.
  private Path root(String name) throws IOException {
    Path root = directory.resolve(name);
    for (String parent : List.of("bin", "tmp", "dev")) {
      Files.createDirectories(root.resolve(parent));
    }
    Files.copy(Path.of("/bin/dash"), root.resolve("bin/sh"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String library :
        List.of("/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/libc.so.6")) {
      Path target = root.resolve(library.substring(1));
      Files.createDirectories(target.getParent());
      Files.copy(Path.of(library), target, StandardCopyOption.COPY_ATTRIBUTES);
    }
    return root;
  }
}
