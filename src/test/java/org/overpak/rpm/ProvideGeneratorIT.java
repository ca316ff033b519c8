package org.overpak.rpm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.tree.TreePath;

/// What rpm-build's generators say of files that are unlike those of the test distribution.
class ProvideGeneratorIT {
  private static final Judge RPM = Judge.of("rpm");

  @TempDir private static Path directory;

  private static String ours(Path file, String place) throws IOException {
    byte[] content = Files.readAllBytes(file);
    TreePath path = TreePath.parse(place + file.getFileName());
    return ProvideGenerator.of(path, content, content.length).stream()
        .flatMap(generator -> generator.find(content).provides(path).stream())
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static String theirs(String generator, Path file) throws IOException {
    Path list = Files.writeString(directory.resolve("list"), file + "\n");
    return RPM
        .run(Command.of("/usr/lib/rpm/" + generator, "--provides").reading(list))
        .lines()
        .stream()
        .map(String::strip)
        .distinct() // a version that others go on from is said twice
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static void compare(String subject, String generator, String place, List<Path> files)
      throws IOException {
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    for (Path file : files) {
      theirs.put(file.getFileName().toString(), theirs(generator, file));
      ours.put(file.getFileName().toString(), ours(file, place));
    }
    RPM.compare(subject, theirs, ours);
    var wrong = new TreeMap<>(ours);
    wrong.replaceAll((_, text) -> text.isEmpty() ? "more" : text.substring(1));
    RPM.distinguishes("another provide", subject, theirs, wrong);
  }

  /// Builds the library or program NAME with OPTIONS.
  private static Path build(String name, String source, String... options) throws IOException {
    Path code = Files.writeString(directory.resolve(name + ".c"), source);
    Path file = directory.resolve(name);
    Command.of("gcc", "-o", file.toString(), code.toString()).and(options).run();
    return file;
  }

  @Test
  void librariesOfEveryKindAreThoseOfElfdeps() throws IOException {
    Path versions =
        Files.writeString(
            directory.resolve("versions"),
            "V1 { global: one; }; V2 { global: two; } V1; V3 { global: three; } V2;");
    String functions = "void one() {} void two() {} void three() {}";
    String main = "int main() { return 0; }";
    String script = "-Wl,--version-script=" + versions;
    compare(
        "libraries of our own",
        "elfdeps",
        "usr/lib64/",
        List.of(
            build("libplain.so", functions, "-shared"),
            build("plugin.so", functions, "-shared"),
            build("libother.so.1.2", functions, "-shared", "-Wl,-soname,libother.so.1"),
            build("libmodule.so", functions, "-shared", "-Wl,-soname,module.so.1"),
            build("libblank.so", functions, "-shared", "-Wl,-soname, "),
            build("libver.so.1", functions, "-shared", "-Wl,-soname,libver.so.1", script),
            build("libnameless.so", functions, "-shared", script),
            build("ld-own.so.1", functions, "-shared", script),
            build("libprogram.so", main, "-pie"),
            build("libfixed.so", main, "-no-pie"),
            build("libstatic.so", main, "-static"),
            build("libstaticpie.so", main, "-static-pie"),
            build("libobject.so", functions, "-c")));
  }

  private static Path module(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name + ".pc"), text);
  }

  @Test
  void pkgConfigModulesOfEveryKindAreThoseOfPkgconfigdeps() throws IOException {
    String head = "Name: n\nDescription: d\n";
    compare(
        "pkg-config modules of our own",
        "pkgconfigdeps.sh",
        "usr/lib64/pkgconfig/",
        List.of(
            module("plain", head + "Version: 1.2.3\n"),
            module("variable", "v=4\nw=${v}.5\n" + head + "Version: ${w}.6\n"),
            module("later", head + "Version: ${v}\nv=7\n"),
            module("comment", "# c\n" + head + "Version: 1 # c\n"),
            module("spaces", "  " + head + "Version:2   \n"),
            module("windows", "Name: n\r\nDescription: d\r\nVersion: 3\r\n"),
            module("folded", head + "Version: \\\n  8\n"),
            module("twice", head + "Version: 1\nVersion: 2\n"),
            module("none", head),
            module("empty", "Name:\nDescription:\nVersion:\n"),
            module("unnamed", "Description: d\nVersion: 1\n"),
            module("lower", "name: n\ndescription: d\nversion: 1\n"),
            module("dash", head + "Version: 1.0-rc1\n"),
            module("words", head + "Version: 1.0 beta\n"),
            module("unknown", head + "Version: 1${nothing}2\n"),
            module("place", head + "Version: 1\nLibs: -L${pcfiledir}\n"),
            module("provides", head + "Version: 1\nProvides: other, third = 2 fourth >= 3\n"),
            module("needs", head + "Version: 1\nRequires: plain\nConflicts: other\n"),
            module("odd+name-2.0", head + "Version: 9\n")));
  }

  /// What `pythondistdeps.py` says as Fedora runs it, and we, of distributions by their
  /// directories.
  private static void compareDistributions(Map<String, String> metadata) throws IOException {
    Path top = directory.resolve("python");
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    for (var one : metadata.entrySet()) {
      Path file = top.resolve("usr/lib/python3.12/site-packages").resolve(one.getKey());
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(file, one.getValue());
      theirs.put(
          one.getKey(),
          RPM
              .run(
                  Command.of(
                      "/usr/lib/rpm/pythondistdeps.py",
                      "--provides",
                      "--majorver-provides",
                      "--normalized-names-format=pep503",
                      "--normalized-names-provide-both",
                      file.toString()))
              .lines()
              .stream()
              .sorted()
              .collect(Collectors.joining("\n")));
      ours.put(one.getKey(), ours(file, top.relativize(file.resolveSibling("")) + "/"));
    }
    RPM.compare("Python distributions", theirs, ours);
    var wrong = new TreeMap<>(ours);
    wrong.replaceAll((_, text) -> text.substring(1));
    RPM.distinguishes("another provide", "Python distributions", theirs, wrong);
  }

  @Test
  void pythonDistributionsAreThoseOfPythondistdeps() throws IOException {
    Map<String, String> metadata = new TreeMap<>();
    for (String version :
        List.of(
            "1",
            "1.0",
            "1.2.0.0",
            "0",
            "0.0",
            "2!1.3",
            "1.0rc1",
            "1.0a2",
            "1.0-beta.3",
            "1.0c4",
            "1.0.dev5",
            "1.0.post6",
            "1.0-7",
            "1.0rc1.dev8",
            "1.0.post9.dev1",
            "v1.4",
            "1.05",
            "1.0+local.1",
            "1.0alpha",
            "2024.01.02",
            "1.0.dev",
            "1.0preview1",
            "1.0.rev3")) {
      metadata.put(
          version + ".dist-info/METADATA",
          "Metadata-Version: 2.1\nName: Some_Name.of-This\nVersion: %s\nSummary: x\n\nName: other\n"
              .formatted(version));
    }
    metadata.put("old.egg-info/PKG-INFO", "Metadata-Version: 1.0\nName: old\nVersion: 3\n");
    metadata.put("flat-1-py3.12.egg-info", "Metadata-Version: 1.0\nName: flat\nVersion: 1\n");
    compareDistributions(metadata);
  }

  /// Perl's own modules, of which rpm's generator reads one at a time.
  @Test
  void perlModulesAreThoseOfPerlProv() throws IOException {
    String script =
        "for f in \"$@\"; do /usr/lib/rpm/perl.prov \"$f\" 2>/dev/null | sed \"s|^|$f |\"; done";
    List<Path> files;
    try (Stream<Path> all = Files.walk(Path.of("/usr/share/perl").toRealPath())) {
      files =
          all.filter(file -> Files.isRegularFile(file) && file.toString().endsWith(".pm"))
              .sorted()
              .toList();
    }
    List<String> command = new ArrayList<>(List.of("bash", "-c", script, "perl.prov"));
    files.forEach(file -> command.add(file.toString()));
    Map<String, String> theirs = new TreeMap<>();
    RPM.run(Command.of(command)).lines().forEach(line -> theirs.put(line, "provided"));
    Map<String, String> ours = new TreeMap<>();
    for (Path file : files) {
      ours(file, "usr/share/perl5/")
          .lines()
          .forEach(provide -> ours.put(file + " " + provide, "provided"));
    }
    RPM.compare("modules of Perl", theirs, ours);
    var wrong = new TreeMap<>(ours);
    wrong.pollFirstEntry();
    RPM.distinguishes("a module that is not found", "modules of Perl", theirs, wrong);
  }
}
