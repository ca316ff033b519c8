package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
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
  void acceptsWhatIsCarriedOut() {
    for (String line : List.of("rename-icon: app", "cleanup-commands: rm -r /app/include")) {
      assertThatCode(support(line)::requireApp).doesNotThrowAnyException();
    }
  }
}
