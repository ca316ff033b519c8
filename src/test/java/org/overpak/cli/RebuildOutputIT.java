package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.Command;
import org.overpak.testing.Distribution;
import org.overpak.testing.Judge;
import org.overpak.testing.SourcePackages;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `overpak rebuild` as people and build systems meet it: what it prints, on a terminal and
/// elsewhere, and what it ends with.
class RebuildOutputIT {
  private static final Judge RPM = Judge.of("rpm");

  @TempDir private static Path directory;

  @BeforeAll
  static void makeSources() throws IOException {
    SourcePackages.build(
        directory.resolve("made"),
        List.of(
            SourcePackages.spec("good", "sleep 2", ""),
            // Only the distribution's own build of it succeeds.
            SourcePackages.spec(
                "bad", "test %{_prefix} = /usr || { echo 'no compiler here'; exit 3; }", ""),
            SourcePackages.spec("fine", "true", "BuildRequires: good\nRequires: good"),
            SourcePackages.spec("all", "true", "Requires: fine, bad")));
  }

  /// JUnit would warn of each link that it deletes.
  @AfterAll
  static void remove() {
    Command.of("find", directory.toString(), "-mindepth", "1", "-delete").run();
  }

  private static Command rebuild(String app, String output, String... options) throws IOException {
    Path spec =
        Files.writeString(
            directory.resolve(app + ".yaml"),
            """
            flatpak:
              id: org.overpak.testing.Rebuilt
              runtime: org.overpak.testing.Platform
              runtime-version: stable
              packages: [%s]
              command: sh
            """
                .formatted(app));
    return Distribution.overpak(
            "rebuild",
            spec.toString(),
            "--runtime=oci:" + Distribution.runtime(),
            "--repo=binary=" + directory.resolve("made/binary"),
            "--no-gpgcheck=binary",
            "--source-repo=source=" + directory.resolve("made/source"),
            "--no-source-gpgcheck=source",
            "--cache=" + directory.resolve("cache"),
            "--output=" + directory.resolve(output))
        .and(options);
  }

  @Test
  void whatIsBuiltIsPrinted() throws IOException {
    Path output = directory.resolve("rebuilt");
    Command.Result first = rebuild("fine", "rebuilt").run();
    assertThat(first.lines())
        .containsExactly(
            "built: good-1-1, packages: 1",
            "built: fine-1-1, packages: 1",
            "use it: overpak build --repo " + output.resolve("rebuilt.repo"));
    assertThat(first.errorText()).as("no terminal, no progress").isEmpty();

    JsonNode again =
        JsonMapper.shared().readTree(rebuild("fine", "rebuilt", "--json").run().text());
    assertThat(again.get("configuration").asString())
        .isEqualTo(output.resolve("rebuilt.repo").toString());
    Map<String, String> ours = new TreeMap<>();
    Map<String, String> theirs = new TreeMap<>();
    for (JsonNode one : again.get("sources")) {
      assertThat(one.get("reused").asBoolean()).isTrue();
      assertThat(Path.of(one.get("log").asString())).isRegularFile();
      for (JsonNode file : one.get("packages")) {
        ours.put(file.asString(), one.get("source").asString() + ".src.rpm");
        String path = output.resolve(file.asString()).toString();
        theirs.put(file.asString(), RPM.run("-qp", "--qf", "%{SOURCERPM}", path).text());
      }
    }
    RPM.compare("packages that rebuild prints", theirs, ours);
    ours.replaceAll((_, _) -> "bad-1-1.src.rpm");
    RPM.distinguishes("another source", "packages that rebuild prints", theirs, ours);

    assertThat(rebuild("fine", "rebuilt", "--quiet").run().text()).isEmpty();
  }

  @Test
  void whatFailsIsShownAndEndsWithItsCode() throws IOException {
    Command.Result failed = rebuild("all", "partly", "--json").expecting(8).run();
    assertThat(failed.text()).isEmpty();
    String said = failed.errorText().replaceAll("\\s+", " ");
    assertThat(said)
        .startsWith("overpak: building bad-1-1: rpmbuild failed with exit code 1; it said:")
        .contains("no compiler here", "What to do: ")
        .contains(directory.resolve("partly/logs/bad-1-1.log").toString());
    assertThat(rebuild("all", "partly", "--jobs=0").expecting(2).run().errorText())
        .startsWith("overpak: --jobs 0 would build nothing");
  }

  /// What takes longer than a second is shown, and gone when it is over; script(1) is a terminal.
  @Test
  void aTerminalShowsWhatIsBuilt() throws IOException {
    Command command = rebuild("good", "terminal");
    Command.Result shown =
        Command.of("script", "--quiet", "--return", "--command", String.join(" ", command.line()))
            .and("/dev/null")
            .with("NO_COLOR", "1")
            .within(Duration.ofMinutes(2))
            .run();
    assertThat(shown.text()).contains("building good-1-1", "built: good-1-1, packages: 1");
    assertThat(shown.text().substring(shown.text().lastIndexOf('\033')))
        .doesNotContain("building good-1-1");
  }
}
