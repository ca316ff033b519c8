package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Digest;
import org.overpak.testing.Command;
import org.overpak.testing.Distribution;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.testing.SourcePackages;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `overpak plan` shows of a chain of source packages, and what rpm says of their files.
class PlanOutputIT {
  private static final Judge RPM = Judge.of("rpm");

  private static final List<String> CHAIN =
      List.of("libogg-1.3.5-1", "libvorbis-1.3.7-1", "libshout-2.4.6-1", "ices2-2.0.3-1");

  private static final String SPEC =
      """
      flatpak:
        id: org.overpak.testing.Rebuilt
        runtime: org.overpak.testing.Platform
        runtime-version: stable
        packages: [ices2]
        command: ices
      """;

  @TempDir private Path directory;

  private Command.Result plan(String... options) throws IOException {
    Path made = SourcePackages.directory();
    Path spec = Files.writeString(directory.resolve("container.yaml"), SPEC);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "plan",
                spec.toString(),
                "--runtime=oci:" + Distribution.runtime(),
                "--repo=" + Project.distro().resolve("base.repo"),
                "--source-repo=source=" + made.resolve("source"),
                "--no-source-gpgcheck=source",
                "--cache=" + directory.resolve("cache")));
    for (String name : List.of("toolchain", "binary")) {
      arguments.add("--repo=" + name + "=" + made.resolve(name));
      arguments.add("--no-gpgcheck=" + name);
    }
    arguments.addAll(List.of(options));
    return Distribution.overpak(arguments.toArray(String[]::new)).run();
  }

  private static String joined(JsonNode array) {
    return String.join(", ", array.valueStream().map(JsonNode::asString).toList());
  }

  @Test
  void jsonIsWhatTheFilesAre() throws IOException {
    JsonNode plan = JsonMapper.shared().readTree(plan("--json").text());
    assertThat(plan.get("batches").valueStream().map(PlanOutputIT::joined))
        .containsExactlyElementsOf(CHAIN);
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    for (JsonNode one : plan.get("sources")) {
      String name = one.get("source").asString();
      Path file =
          SourcePackages.directory().resolve("source").resolve(one.get("location").asString());
      List<String> needs =
          RPM.run("-qp", "--requires", file.toString()).lines().stream()
              .map(String::strip)
              // Not in the metadata of repositories.
              .filter(line -> !line.startsWith("rpmlib("))
              .sorted()
              .toList();
      theirs.put(
          name, Digest.sha256(Files.readAllBytes(file)) + " needs " + String.join(", ", needs));
      ours.put(
          name,
          one.get("digest").asString()
              + " needs "
              + String.join(
                  ", ",
                  one.get("build-requires")
                      .valueStream()
                      .map(JsonNode::asString)
                      .sorted()
                      .toList()));
    }
    assertThat(ours).containsOnlyKeys(CHAIN);
    RPM.compare("source packages that plan shows", theirs, ours);
    ours.replaceAll((_, line) -> line.replaceFirst(" needs [^,]*", " needs nothing"));
    RPM.distinguishes("other requirements", "source packages that plan shows", theirs, ours);
  }

  @Test
  void theTableHasARowForEach() throws IOException {
    List<String> lines = plan().lines();
    assertThat(lines.getFirst()).isEqualTo("4 source packages to build, in 4 batches");
    assertThat(lines.get(1).strip().split(" {2,}"))
        .containsExactly("BATCH", "SOURCE PACKAGE", "FOR", "AFTER");
    for (int row = 0; row < CHAIN.size(); row++) {
      List<String> cells = List.of(lines.get(2 + row).strip().split(" {2,}"));
      assertThat(cells).startsWith(Integer.toString(row + 1), CHAIN.get(row));
      assertThat(cells).as("what it waits for").hasSize(row == 0 ? 3 : 4);
    }
  }
}
