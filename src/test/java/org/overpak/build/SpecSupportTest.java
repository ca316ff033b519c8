package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.overpak.OverpakException;
import org.overpak.spec.ContainerSpec;

class SpecSupportTest {
  private static SpecSupport support(String line) {
    String text =
        """
        flatpak:
          id: org.example.App
          runtime: org.example.Platform
          runtime-version: stable
          packages: [app]
        """;
    return new SpecSupport(
        ContainerSpec.parse("spec.yaml", (text + "  " + line).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void cleanupCommandsAreRefusedWhereNothingRunsThem() {
    SpecSupport support = support("cleanup-commands: rm -r /app/include");
    support.requireApp();
    assertThatThrownBy(support::requireNoCleanup)
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("spec.yaml:6:")
        .hasMessageContaining("'cleanup-commands'");
  }

  @Test
  void acceptsWhatIsCarriedOut() {
    assertThatCode(support("rename-icon: app")::requireApp).doesNotThrowAnyException();
  }
}
