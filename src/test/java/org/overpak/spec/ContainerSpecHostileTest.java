package org.overpak.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

class ContainerSpecHostileTest {
  private static final byte[] SYNTAX =
      "{}[]:,-?&*!|>'\"#%@` \t\n\0~<=\u00e9".getBytes(StandardCharsets.UTF_8);

  /// Whatever is done to a spec, it is read, or refused as a wrong spec: no other exception.
  @Test
  void damagedSpecsAreReadOrRefused() throws IOException {
    var random = new Random(7);
    int refused = 0;
    int read = 0;
    for (var file : SpecSamples.all()) {
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < 1_000; i++) {
        try {
          ContainerSpec.parse("spec", damage(whole, random));
          read++;
        } catch (OverpakException e) {
          assertThat(e.exitCode()).isEqualTo(ExitCode.SPEC);
          assertThat(e).hasMessageStartingWith("spec:");
          refused++;
        }
      }
    }
    assertThat(refused).isPositive();
    assertThat(read).isPositive();
  }

  private static byte[] damage(byte[] whole, Random random) {
    byte[] damaged =
        random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
    for (int count = 1 + random.nextInt(4); count > 0 && damaged.length > 0; count--) {
      byte b =
          random.nextInt(8) == 0
              ? (byte) random.nextInt(256)
              : SYNTAX[random.nextInt(SYNTAX.length)];
      damaged[random.nextInt(damaged.length)] = b;
    }
    return damaged;
  }
}
