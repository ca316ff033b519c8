package org.overpak.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

class ImageNameTest {
  @Test
  void theFirstColonEndsTheDirectory() {
    assertThat(ImageName.parse("oci:some/dir:app/org.example.App/x86_64/stable:1"))
        .isEqualTo(
            new ImageName.Layout(Path.of("some/dir"), "app/org.example.App/x86_64/stable:1"));
    assertThat(ImageName.parse("oci:/dir")).isEqualTo(new ImageName.Layout(Path.of("/dir"), ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oci:dir",
        "oci:/a/b:x/y:z",
        "oci-archive:a.tar",
        "oci-archive:/a.tar:x:1",
        "docker-archive:a.tar:x/y:1",
        "docker-archive:a.tar:@0",
        "containers-storage:[vfs@/s+/r]localhost/x:1"
      })
  void isWrittenAsItWasRead(String text) {
    assertThat(ImageName.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "dir", "oci:", "oci::x", "oci:dir:", "docker://x/y", "oci:a:b c", "oci:\0"})
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> ImageName.parse(text))
        .isInstanceOfSatisfying(
            OverpakException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(e.advice()).contains("oci:DIRECTORY[:NAME]");
            });
  }
}
