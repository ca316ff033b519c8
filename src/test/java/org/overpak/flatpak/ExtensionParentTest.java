package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.overpak.OverpakException;

class ExtensionParentTest {
  private static final String POINTS =
      """
      [Extension org.example.P.Codecs@new]
      directory=lib/codecs
      versions=1;2

      [Extension org.example.P.Gtk]
      directory=share/themes/
      subdirectories=true
      subdirectory-suffix=gtk-3.0
      version=3

      [Extension org.example.P.Gtk.Dark]
      directory=share/dark

      [Extension org.example.P.Single]
      directory=lib/single

      [Extension org.example.P.Bad]
      directory=../bad

      [Extension org.example.P.None]
      autodelete=true
      """;

  private static ExtensionParent parent(String ref, String group) {
    String text = "[%s]\nname=org.example.P\nruntime=org.example.P/x86_64/9\n\n".formatted(group);
    return new ExtensionParent(Ref.parse(ref), Metadata.parse(text + POINTS, "metadata"));
  }

  private static final ExtensionParent RUNTIME =
      parent("runtime/org.example.P/x86_64/9", "Runtime");

  private static final ExtensionParent APP = parent("app/org.example.P/x86_64/9", "Application");

  @ParameterizedTest
  @CsvSource({
    "Codecs,     usr/lib/codecs",
    "Gtk,        usr/share/themes",
    "Gtk.Light,  usr/share/themes/Light/gtk-3.0",
    "Gtk.Dark,   usr/share/dark",
  })
  void isMountedWhereItsPointSays(String name, String directory) {
    assertThat(RUNTIME.mountPoint("org.example.P." + name).value()).isEqualTo(directory);
  }

  @Test
  void ofAnAppItIsMountedInIt() {
    assertThat(APP.mountPoint("org.example.P.Single").value()).isEqualTo("app/lib/single");
  }

  @Test
  void isLookedForInTheBranchesOfItsPoint() {
    assertThat(APP.branches("org.example.P.Codecs")).containsExactly("1", "2");
    assertThat(APP.branches("org.example.P.Gtk.Light")).containsExactly("3");
    assertThat(APP.branches("org.example.P.Single")).containsExactly("9");
  }

  @ParameterizedTest
  @CsvSource({
    "Single.one, has no extension point for org.example.P.Single.one",
    "Singles,    has no extension point for org.example.P.Singles",
    "Bad,        no directory that can be mounted on: '../bad'",
    "None,       no directory that can be mounted on: ''",
  })
  void refusesWhatIsMountedNowhere(String name, String message) {
    assertThatThrownBy(() -> RUNTIME.mountPoint("org.example.P." + name))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining(message);
  }
}
