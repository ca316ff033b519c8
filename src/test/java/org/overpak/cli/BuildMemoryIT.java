package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.Command;
import org.overpak.testing.Distribution;
import org.overpak.testing.Project;

/// A build of which nothing has changed is not done again; any change is seen.
class BuildMemoryIT {
  private static final String REMEMBERED = "nothing has changed since this was built";

  @TempDir private Path directory;
  private Path spec = Path.of("");
  private Path repository = Path.of("");
  private Path key = Path.of("");

  @BeforeEach
  void copyWhatChanges() throws IOException {
    spec = directory.resolve("container.yaml");
    Files.copy(Distribution.spec("hello.yaml"), spec);
    key = directory.resolve("key.asc");
    Files.copy(Project.distro().resolve("keys/overpak-test.asc"), key);
    repository = directory.resolve("repository");
    Command.of(
            "cp", "-aL", Project.distro().resolve("repos/apps").toString(), repository.toString())
        .run();
  }

  private String build(String output, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "build",
                spec.toString(),
                "--runtime=oci:" + Distribution.runtime(),
                "--repo=apps=" + repository,
                "--gpgkey=apps=" + key,
                "--cache=" + directory.resolve("cache"),
                "--output=oci:" + directory.resolve(output)));
    arguments.addAll(List.of(more));
    return Distribution.overpak(arguments.toArray(String[]::new)).run().text();
  }

  private Map<String, String> files(String output) throws IOException {
    return Distribution.files(directory.resolve(output));
  }

  @Test
  void nothingIsBuiltAgainIfNothingHasChanged() throws IOException {
    String first = build("first");
    assertThat(first).doesNotContain(REMEMBERED).contains("hello");
    String second = build("second");
    assertThat(second.replace("/second", "/first")).isEqualTo(REMEMBERED + "\n" + first);
    assertThat(files("second")).isEqualTo(files("first"));
    assertThat(build("second")).as("over what is there").contains(REMEMBERED);
    assertThat(files("second")).isEqualTo(files("first"));
    assertThat(build("third", "--rebuild")).doesNotContain(REMEMBERED);
    assertThat(files("third")).isEqualTo(files("first"));
    assertThat(build("third", "--verify")).doesNotContain(REMEMBERED);
  }

  @Test
  void aChangeIsSeen() throws IOException {
    build("first");
    Files.writeString(spec, Files.readString(spec) + "# another line\n");
    assertThat(build("first")).as("the spec").doesNotContain(REMEMBERED);
    assertThat(build("first")).contains(REMEMBERED);
    assertThat(build("first", "--no-gpgcheck=apps")).as("an option").doesNotContain(REMEMBERED);
    Command.of("createrepo_c", "--quiet", "--update", "--revision=2", repository.toString()).run();
    assertThat(build("first")).as("a repository").doesNotContain(REMEMBERED);
    assertThat(build("first")).contains(REMEMBERED);
    Files.writeString(key, Files.readString(key) + "\n");
    assertThat(build("first")).as("a key").doesNotContain(REMEMBERED);
    assertThat(build("first")).contains(REMEMBERED);
  }

  @Test
  void damageOfWhatIsRememberedIsSeen() throws IOException {
    build("first");
    List<Path> remembered;
    try (var all = Files.walk(directory.resolve("cache/builds"))) {
      remembered = all.filter(Files::isRegularFile).toList();
    }
    assertThat(remembered).hasSizeGreaterThanOrEqualTo(6);
    for (Path file : remembered) {
      if (file.endsWith("images/oci-layout") || file.toString().endsWith(".lock")) {
        continue; // says nothing of the image
      }
      try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
        bytes.seek(bytes.length() / 2);
        int one = bytes.read();
        bytes.seek(bytes.length() / 2);
        bytes.write(one ^ 1);
      }
      // A blob that is there already is not copied.
      Command.of("rm", "-rf", directory.resolve("second").toString()).run();
      assertThat(build("second")).as(file.toString()).doesNotContain(REMEMBERED);
      assertThat(files("second")).as(file.toString()).isEqualTo(files("first"));
      assertThat(build("third")).as("remembered anew").contains(REMEMBERED);
    }
  }
}
