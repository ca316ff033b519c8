package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefTest {
  @Test
  void readsAndWritesTheFullName() {
    Ref ref = Ref.parse("runtime/org.example.Platform/x86_64/1.2-a");
    assertThat(ref)
        .isEqualTo(new Ref(Ref.Kind.RUNTIME, "org.example.Platform", "x86_64", "1.2-a"))
        .hasToString("runtime/org.example.Platform/x86_64/1.2-a");
    assertThat(ref.pref()).isEqualTo("org.example.Platform/x86_64/1.2-a");
    assertThat(Ref.parsePref(Ref.Kind.RUNTIME, ref.pref())).isEqualTo(ref);
    assertThat(ref.ociArchitecture()).isEqualTo("amd64");
    assertThat(Ref.archOfOci("arm64")).isEqualTo("aarch64");
    assertThat(Ref.archOfOci("s390x")).isEqualTo("s390x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "app",
        "app/org.t.App/x86_64",
        "app/org.t.App/x86_64/1/2",
        "App/org.t.App/x86_64/1",
        "app/org.App/x86_64/1",
        "app/org.t-u.App/x86_64/1",
        "app/org.2t.App/x86_64/1",
        "app/org..App/x86_64/1",
        "app/.org.t.App/x86_64/1",
        "app/org.t.App./x86_64/1",
        "app/org.t.\u00c4pp/x86_64/1",
        "app/org.t.App/x86-64/1",
        "app/org.t.App//1",
        "app/org.t.App/x86_64/",
        "app/org.t.App/x86_64/.1",
        "app/org.t.App/x86_64/1\n",
        "app/../x86_64/1",
        "app/org.t.App\n/x86_64/1",
        "app/org.t.9/x86_64/1"
      })
  void refusesWhatFlatpakRefuses(String text) {
    assertThatThrownBy(() -> Ref.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void acceptsWhatLooksWrongAndIsNot() {
    assertThat(Ref.isId("org.t.-")).isTrue();
    assertThat(Ref.isId("_a._b._c")).isTrue();
    assertThat(Ref.isId("a.b." + "c".repeat(251))).isTrue();
    assertThat(Ref.isId("a.b." + "c".repeat(252))).isFalse();
  }
}
