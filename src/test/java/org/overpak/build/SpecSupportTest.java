package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rename-desktop-file: app.desktop",
        "rename-appdata-file: app.appdata.xml",
        "rename-icon: app",
        "rename-mime-file: app.xml",
        "rename-mime-icons: [app-text]",
        "desktop-file-name-prefix: 'X '",
        "desktop-file-name-suffix: ' X'",
        "appdata-license: CC0-1.0",
        "add-extensions: {org.example.App.Plugin: {directory: plugins}}",
        "end-of-life: no longer maintained",
        "end-of-life-rebase: org.example.Other"
      })
  void refusesWhatWouldChangeTheApp(String line) {
    String key = line.substring(0, line.indexOf(':'));
    assertThatThrownBy(support(line)::requireApp)
        .isInstanceOf(OverpakException.class)
        .hasMessageMatching("spec\\.yaml:6:\\d+: this version cannot carry out '" + key + "'");
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
    SpecSupport support = support("tags: [text]");
    support.requireApp();
    support.requireNoCleanup();
    assertThat(support.withoutEffect()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"name: app", "component: app-flatpak", "labels: {a: b}"})
  void notesWhatHasNoEffect(String line) {
    String key = line.substring(0, line.indexOf(':'));
    SpecSupport support = support(line);
    support.requireApp();
    assertThat(support.withoutEffect())
        .singleElement()
        .asString()
        .matches("spec\\.yaml:6:\\d+: '" + key + "' has no effect in this version");
  }
}
