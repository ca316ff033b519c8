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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `overpak resolve` shows of an app of more than thirty packages, and what rpm says of their
/// files.
class ResolveOutputIT {
  private static final Judge RPM = Judge.of("rpm");

  private static final String FORMAT =
      "%{NAME} %{EPOCHNUM} %{VERSION} %{RELEASE} %{ARCH} %{LONGSIZE}";

  @TempDir private Path directory;

  private Command.Result resolve(String... options) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "resolve",
                Distribution.spec("lbreakouthd.yaml").toString(),
                "--runtime=oci:" + Distribution.runtime(),
                "--repo=" + Project.distro().resolve("all.repo"),
                "--cache=" + directory));
    arguments.addAll(List.of(options));
    return Distribution.overpak(arguments.toArray(String[]::new)).run();
  }

  private List<JsonNode> added() throws IOException {
    return JsonMapper.shared()
        .readTree(resolve("--json").text())
        .get("added")
        .valueStream()
        .toList();
  }

  private static Path file(JsonNode one) {
    return Project.distro()
        .resolve(
            "repos/%s/Packages/%s-%s-%s.%s.rpm"
                .formatted(
                    text(one, "repository"),
                    text(one, "name"),
                    text(one, "version"),
                    text(one, "release"),
                    text(one, "arch")));
  }

  private static String text(JsonNode one, String key) {
    return one.get(key).asString();
  }

  @Test
  void jsonIsWhatTheFilesAre() throws IOException {
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    for (JsonNode one : added()) {
      Path file = file(one);
      theirs.put(
          text(one, "name"),
          RPM.run("-qp", "--qf", FORMAT, file.toString()).text()
              + " "
              + Files.size(file)
              + " "
              + Digest.sha256(Files.readAllBytes(file)));
      List<String> values = new ArrayList<>();
      for (String key :
          List.of(
              "name", "epoch", "version", "release", "arch", "installed-size", "size", "digest")) {
        values.add(text(one, key));
      }
      ours.put(text(one, "name"), String.join(" ", values));
    }
    assertThat(ours).hasSizeGreaterThan(30);
    RPM.compare("packages that resolve shows", theirs, ours);
    ours.replaceAll((_, line) -> line.replace("sha256:", "sha256:0"));
    RPM.distinguishes("another digest", "packages that resolve shows", theirs, ours);
  }

  @Test
  void theTableHasARowForEach() throws IOException {
    List<JsonNode> added = added();
    List<String> lines = resolve().lines();
    assertThat(lines.getFirst())
        .matches(added.size() + " packages to add, [0-9.]+ MB to download, [0-9.]+ MB installed");
    assertThat(lines.get(1).strip().split(" +"))
        .containsExactly("PACKAGE", "VERSION", "ARCH", "REPOSITORY", "SIZE", "WHY");
    List<String> rows =
        lines.subList(2, 2 + added.size()).stream()
            .map(line -> line.strip().replaceAll(" {2,}", "|"))
            .toList();
    for (int row = 0; row < rows.size(); row++) {
      JsonNode one = added.get(row);
      String epoch = text(one, "epoch").equals("0") ? "" : text(one, "epoch") + ":";
      assertThat(rows.get(row))
          .startsWith(
              "%s|%s%s-%s|%s|%s|"
                  .formatted(
                      text(one, "name"),
                      epoch,
                      text(one, "version"),
                      text(one, "release"),
                      text(one, "arch"),
                      text(one, "repository")))
          .endsWith("|" + text(one, "reason"));
    }
    // columns are columns: all whys begin below the head's
    int why = lines.get(1).indexOf("WHY");
    assertThat(lines.subList(2, 2 + added.size()))
        .allSatisfy(line -> assertThat(line.substring(why - 2, why)).isBlank());
  }
}
