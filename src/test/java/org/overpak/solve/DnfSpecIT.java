package org.overpak.solve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Digest;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageMetadata;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;

/// dnf is the judge of what a spec means: each is resolved in an empty root, on repodata written
/// here (no package files are needed to be told what would be installed).
class DnfSpecIT {
  private static final String PACKAGES =
      """
      main:
        foo-1-1.x86_64
        foo-2-1.x86_64
        foo-2-1.i686
        foo-1.5-3-1.noarch; provides odd
        foo-devel-2-1.x86_64; requires foo = 2-1
        bar-1:1-1.x86_64; provides cap = 3; files /usr/bin/bar
        baz-1-1.noarch; provides cap = 2
        old-1-1.x86_64
        new-2-1.x86_64; obsoletes old < 2
        alien-1-1.s390x
      """;

  private static final List<String> SPECS =
      List.of(
          "foo",
          "foo.x86_64",
          "foo-1",
          "foo-1-1",
          "foo-1-1.x86_64",
          "foo-0:1-1.x86_64",
          "foo-1.5",
          "foo-1.5-3",
          "foo-1.5-3-1.noarch",
          "foo-2",
          "foo*",
          "foo-d*",
          "foo-1*",
          "f?o",
          "[fb]o*",
          "bar",
          "bar-1",
          "bar-1:1-1",
          "bar-2:1-1",
          "cap",
          "cap = 2",
          "cap >= 3",
          "cap > 3",
          "odd",
          "/usr/bin/bar",
          "/usr/bin/b*",
          "/usr/bin/none",
          "old",
          "old-1",
          "ol*",
          "new",
          "alien",
          "FOO",
          "none",
          "none*");

  private static final Pattern ADDED =
      Pattern.compile("^ (\\S+) +(x86_64|i686|noarch|s390x) +(\\S+) +main +.*");

  private final Judge dnf = Judge.of("dnf");
  @TempDir Path directory;

  @Test
  void specsMeanWhatTheyMeanToDnf() throws IOException {
    Universe universe = UniverseText.parse(PACKAGES);
    writeRepository(universe);
    Map<String, String> theirs = new LinkedHashMap<>();
    Map<String, String> ours = new LinkedHashMap<>();
    for (String spec : SPECS) {
      theirs.put("spec " + spec, theirs(spec));
      ours.put("spec " + spec, ours(universe, spec));
    }
    dnf.compare("packages that specs add", theirs, ours);
    assertThat(theirs).containsEntry("spec foo", "foo-2-1.x86_64");
    dnf.distinguishes(
        "an older version",
        "packages that specs add",
        Map.of("spec foo", theirs.getOrDefault("spec foo", "")),
        Map.of("spec foo", "foo-1-1.x86_64"));
  }

  private static String ours(Universe universe, String spec) {
    return switch (Solver.solve(universe, Request.of(spec), FileOwners.NONE)) {
      case Resolution.Unsolvable _ -> "nothing";
      case Resolution.Solution(var added, _, _) ->
          String.join(
              " ", new TreeSet<>(added.stream().map(each -> each.solvable().toString()).toList()));
    };
  }

  private String theirs(String spec) {
    Command.Result result =
        dnf.run(
            dnf.command(
                    "--installroot=" + directory.resolve("root"),
                    "--repofrompath=main,file://" + directory.resolve("repo"),
                    "--repo=main",
                    "--nogpgcheck",
                    "--releasever=1",
                    "--forcearch=x86_64",
                    "--exclude=*.i686",
                    "--setopt=best=1",
                    "--setopt=install_weak_deps=0",
                    "--setopt=reposdir=/dev/null",
                    "--setopt=cachedir=" + directory.resolve("cache"),
                    "--assumeno",
                    "install",
                    spec)
                .expecting(1));
    // It ends with 1 for whatever reason.
    assertThat(result.text() + result.errorText())
        .containsAnyOf(
            "Operation aborted.",
            "Unable to find a match: " + spec,
            "does not have a compatible architecture");
    var added = new TreeSet<String>();
    for (String line : result.lines()) {
      var matcher = ADDED.matcher(line);
      if (matcher.matches()) {
        added.add(matcher.group(1) + "-" + matcher.group(3) + "." + matcher.group(2));
      }
    }
    return added.isEmpty() ? "nothing" : String.join(" ", added);
  }

  private void writeRepository(Universe universe) throws IOException {
    Path repodata = Files.createDirectories(directory.resolve("repo/repodata"));
    var primary = new StringBuilder();
    var filelists = new StringBuilder();
    int count = universe.limit() - 1;
    for (int id = 1; id <= count; id++) {
      append(primary, filelists, universe.metadata(id));
    }
    String head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    String namespace = "http://linux.duke.edu/metadata/";
    Map<String, String> documents =
        Map.of(
            "primary",
            "%s<metadata xmlns=\"%scommon\" xmlns:rpm=\"%srpm\" packages=\"%d\">\n%s</metadata>\n"
                .formatted(head, namespace, namespace, count, primary),
            "filelists",
            "%s<filelists xmlns=\"%sfilelists\" packages=\"%d\">\n%s</filelists>\n"
                .formatted(head, namespace, count, filelists));
    var index = new StringBuilder(head + "<repomd xmlns=\"" + namespace + "repo\">\n");
    for (String type : List.of("primary", "filelists")) {
      byte[] bytes = documents.getOrDefault(type, "").getBytes(StandardCharsets.UTF_8);
      Files.write(repodata.resolve(type + ".xml"), bytes);
      String hex = Digest.sha256(bytes).hex();
      index.append(
          """
          <data type="%s">
            <checksum type="sha256">%s</checksum>
            <open-checksum type="sha256">%s</open-checksum>
            <location href="repodata/%s.xml"/>
            <timestamp>1</timestamp><size>%d</size><open-size>%d</open-size>
          </data>
          """
              .formatted(type, hex, hex, type, bytes.length, bytes.length));
    }
    Files.writeString(repodata.resolve("repomd.xml"), index + "</repomd>\n");
  }

  private static void append(
      StringBuilder primary, StringBuilder filelists, PackageMetadata metadata) {
    Nevra nevra = metadata.nevra();
    String id = Digest.sha256(nevra.toString().getBytes(StandardCharsets.UTF_8)).hex();
    String version =
        "epoch=\"%d\" ver=\"%s\" rel=\"%s\""
            .formatted(nevra.evr().epoch(), nevra.evr().version(), nevra.evr().release());
    primary.append(
        """
        <package type="rpm"><name>%s</name><arch>%s</arch><version %s/>
        <checksum type="sha256" pkgid="YES">%s</checksum>
        <summary>s</summary><description>d</description><packager/><url/>
        <time file="1" build="1"/><size package="1" installed="1" archive="1"/>
        <location href="%s.rpm"/>
        <format><rpm:license>l</rpm:license><rpm:group>g</rpm:group>
        """
            .formatted(nevra.name(), nevra.arch(), version, id, nevra));
    primary.append("<rpm:provides>").append(entry(nevra.asProvide()));
    metadata.relations().provides().forEach(each -> primary.append(entry(each)));
    primary.append("</rpm:provides>");
    append(primary, "requires", metadata.relations().requires());
    append(primary, "obsoletes", metadata.relations().obsoletes());
    var files = new StringBuilder();
    metadata.files().forEach(file -> files.append("<file>").append(file).append("</file>"));
    primary.append(files).append("</format></package>\n");
    filelists.append(
        "<package pkgid=\"%s\" name=\"%s\" arch=\"%s\"><version %s/>%s</package>\n"
            .formatted(id, nevra.name(), nevra.arch(), version, files));
  }

  private static void append(StringBuilder text, String kind, List<Dependency> dependencies) {
    if (!dependencies.isEmpty()) {
      text.append("<rpm:").append(kind).append('>');
      dependencies.forEach(each -> text.append(entry(each)));
      text.append("</rpm:").append(kind).append('>');
    }
  }

  private static String entry(Dependency dependency) {
    if (!(dependency instanceof Dependency.Simple(var name, var operator, var evr))) {
      throw new IllegalArgumentException("not needed here: " + dependency);
    }
    if (evr == null) {
      return "<rpm:entry name=\"" + name + "\"/>";
    }
    String flags =
        switch (operator) {
          case ANY -> "";
          case LESS -> "LT";
          case LESS_OR_EQUAL -> "LE";
          case EQUAL -> "EQ";
          case GREATER_OR_EQUAL -> "GE";
          case GREATER -> "GT";
          case NOT_EQUAL -> throw new IllegalArgumentException("not needed here: " + dependency);
        };
    String release = evr.release().isEmpty() ? "" : " rel=\"" + evr.release() + "\"";
    return "<rpm:entry name=\"%s\" flags=\"%s\" epoch=\"%d\" ver=\"%s\"%s/>"
        .formatted(name, flags, evr.epoch(), evr.version(), release);
  }
}
