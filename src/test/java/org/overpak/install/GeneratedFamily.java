package org.overpak.install;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A few packages that depend on each other in random ways and whose scripts, triggers and file
/// triggers write what they were given to `/log`. The same seed gives the same family.
///
/// @param names of the packages; the first ones are meant to be installed already
/// @param installed how many that are
/// @param spec the subpackages, without a preamble
record GeneratedFamily(List<String> names, int installed, String spec) {
  private static final List<String> DIRECTORIES =
      List.of("/app/share/a", "/app/share/ab", "/app/share/a/b", "/app/lib", "/srv");
  private static final List<String> PREFIXES =
      List.of(
          "/app/share/a",
          "/app/share",
          "/app/share/a/",
          "/app/share/a/b/f",
          "/app/lib/f1",
          "/srv",
          "/app/nothing",
          "/app/m/",
          "/app/share/ab/f2");
  private static final List<String> FILES = List.of("f0", "f1", "f2", "g");
  private static final List<String> PRIORITIES =
      List.of("", "", "-P 5", "-P 9999", "-P 10000", "-P 200000", "-P 2000000");

  /// Packages whose names begin with NAME.
  static GeneratedFamily of(String name, long seed) {
    var random = new Random(seed);
    int size = random.nextInt(8) == 0 ? 16 : 2 + random.nextInt(7);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      names.add(name + (char) ('a' + i));
    }
    var spec = new StringBuilder();
    for (String one : names) {
      new Generator(random, names, one, spec).write();
    }
    return new GeneratedFamily(names, random.nextInt(size), spec.toString());
  }

  private record Generator(Random random, List<String> names, String name, StringBuilder spec) {
    void write() {
      line("%package -n " + name);
      line("Summary: generated");
      line("Version: " + (1 + random.nextInt(3)));
      line("Release: 1");
      relations();
      line("%description -n " + name);
      line("Generated.");
      line("");
      for (String section : List.of("pretrans", "pre", "post", "posttrans", "preun", "postun")) {
        if (chance(3)) {
          script("%" + section + " -n " + name, section);
        }
      }
      triggers();
      fileTriggers("filetriggerin");
      fileTriggers("transfiletriggerin");
      files();
    }

    private void relations() {
      for (String kind :
          List.of(
              "Requires",
              "Requires",
              "Requires(pre)",
              "Requires(post)",
              "Requires(preun)",
              "Requires(pretrans)",
              "Requires(posttrans)",
              "Recommends",
              "Suggests",
              "Supplements",
              "Enhances",
              "OrderWithRequires",
              "PreReq")) {
        if (chance(4)) {
          line(kind + ": " + dependency());
        }
      }
      if (chance(6)) {
        line(
            "Requires: ("
                + other()
                + " "
                + pick(List.of("and", "or", "if", "with"))
                + " "
                + other()
                + ")");
      }
      if (chance(8)) {
        line("Requires: (" + other() + " if " + other() + " else " + other() + ")");
      }
      if (chance(5)) {
        line("Provides: " + names.getFirst() + "-service = 2");
      }
      if (chance(5)) {
        line("Requires(post): " + names.getFirst() + "-service >= 1");
      }
      if (chance(6)) {
        line("Requires: /app/m/" + other());
      }
    }

    private String dependency() {
      return other() + pick(List.of("", "", " >= 2", " = 1", " < 9"));
    }

    private void triggers() {
      int count = chance(2) ? 0 : 1 + random.nextInt(3);
      for (int number = 0; number < count; number++) {
        String section = pick(List.of("triggerin", "triggerin", "triggerprein", "triggerun"));
        String conditions = dependency() + (chance(3) ? ", " + dependency() : "");
        script("%" + section + " -n " + name + " -- " + conditions, section + number);
      }
    }

    private void fileTriggers(String section) {
      int count = chance(2) ? 0 : 1 + random.nextInt(3);
      for (int number = 0; number < count; number++) {
        String prefixes = pick(PREFIXES) + (chance(2) ? " " + pick(PREFIXES) : "");
        script(
            "%%%s -n %s %s -- %s".formatted(section, name, pick(PRIORITIES), prefixes),
            section + number);
      }
    }

    private void files() {
      line("%files -n " + name);
      line("/app/m/" + name);
      for (String directory : DIRECTORIES) {
        if (chance(3)) {
          line("%dir " + directory);
        }
        for (String file : FILES) {
          if (chance(4)) {
            line((file.equals("g") ? "%ghost " : "") + directory + "/" + file);
          }
        }
      }
      line("");
    }

    /// It writes its name and arguments, which packages are unpacked, and its input.
    private void script(String header, String label) {
      line(header);
      line(
          "{ echo \""
              + name
              + " "
              + label
              + " $*\" /app/m/*;"
              + " while read -r line; do echo \"< $line\"; done; } >> /log");
      line("");
    }

    private String other() {
      return pick(names);
    }

    private String pick(List<String> choices) {
      return choices.get(random.nextInt(choices.size()));
    }

    private boolean chance(int in) {
      return random.nextInt(in) == 0;
    }

    private void line(String text) {
      spec.append(text).append('\n');
    }
  }

  /// A spec with all FAMILIES.
  static String spec(List<GeneratedFamily> families) {
    var spec =
        new StringBuilder(
            """
            Name: generated
            Version: 1
            Release: 1
            Summary: Generated
            License: MIT
            BuildArch: noarch
            AutoReqProv: no
            %description
            Generated.
            %install
            cd $RPM_BUILD_ROOT
            mkdir -p app/m
            """);
    for (String directory : DIRECTORIES) {
      spec.append("mkdir -p .").append(directory).append('\n');
      for (String file : FILES) {
        spec.append("echo > .").append(directory).append('/').append(file).append('\n');
      }
    }
    for (GeneratedFamily family : families) {
      family.names().forEach(name -> spec.append("echo > app/m/").append(name).append('\n'));
    }
    families.forEach(family -> spec.append(family.spec()));
    return spec.toString();
  }
}
