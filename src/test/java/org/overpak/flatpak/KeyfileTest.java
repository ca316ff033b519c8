package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.OverpakException;

class KeyfileTest {
  @Test
  void keepsOrderAndUnchangedValues() {
    Keyfile file =
        Keyfile.parse("# c\n[B]\nz = \\s1 \n\n[A]\r\ny=a;b\n[B]\nx=2\nz=3", "test")
            .with("A", "y", "new")
            .with("C", "k", "v")
            .with("B", "w", " lead");
    assertThat(file.text()).isEqualTo("[B]\nz=3\nx=2\nw=\\slead\n\n[A]\ny=new\n\n[C]\nk=v\n");
  }

  @Test
  void removingAllKeysLeavesTheGroup() {
    Keyfile file = Keyfile.parse("[A]\nx=1\n[B]\ny=2\n", "test");
    assertThat(file.without("A", "x").text()).isEqualTo("[A]\n\n[B]\ny=2\n");
    assertThat(file.without("A").text()).isEqualTo("[B]\ny=2\n");
    assertThat(file.text()).contains("x=1");
  }

  @Test
  void readsListsWithEscapes() {
    List<String> elements = List.of("a;b", " c", "d\\;", "", "; x\n");
    Keyfile file = Keyfile.EMPTY.with("G", "l", elements);
    assertThat(file.list("G", "l")).isEqualTo(elements);
    assertThat(Keyfile.parse(file.text(), "test").list("G", "l")).isEqualTo(elements);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[A]\nb\n", "x=1\n", "[A]\n=1\n", "[A]x\n", "[a[b]\n", "[]\n", "[A]\n[B\n"})
  void saysWhichLineIsWrong(String text) {
    long line = text.lines().count();
    assertThatThrownBy(() -> Keyfile.parse(text, "metadata"))
        .isInstanceOf(OverpakException.class)
        .hasMessageStartingWith("metadata, line " + line);
  }

  @Test
  void refusesUnknownEscapesWhenTheyAreRead() {
    Keyfile file = Keyfile.parse("[A]\nb=\\q\nc=\\\n", "test");
    assertThatThrownBy(() -> file.string("A", "b")).isInstanceOf(OverpakException.class);
    assertThatThrownBy(() -> file.list("A", "c")).isInstanceOf(OverpakException.class);
  }

  @Test
  void metadataKnowsWhatItDescribes() {
    Metadata metadata =
        Metadata.parse(
            """
            [Application]
            name=org.example.App
            runtime=org.example.Platform/x86_64/1
            command=app

            [Extension org.example.App.Plugin@2]
            directory=lib/plugins
            """,
            "metadata");
    assertThat(metadata.kind()).isEqualTo(Ref.Kind.APP);
    assertThat(metadata.name()).isEqualTo("org.example.App");
    assertThat(metadata.runtime()).contains(Ref.parse("runtime/org.example.Platform/x86_64/1"));
    assertThat(metadata.sdk()).isEmpty();
    assertThat(metadata.extensionPoints())
        .containsExactly(new Metadata.ExtensionPoint("org.example.App.Plugin", "lib/plugins"));
    assertThatThrownBy(() -> Metadata.parse("[Other]\nname=x\n", "metadata"))
        .isInstanceOf(OverpakException.class);
  }
}
