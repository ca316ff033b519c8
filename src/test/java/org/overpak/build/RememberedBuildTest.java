package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.overpak.Digest;
import org.overpak.flatpak.Ref;
import org.overpak.install.Leak;
import org.overpak.oci.ImageName;
import org.overpak.rpm.Evr;
import org.overpak.rpm.Nevra;
import org.overpak.tree.TreePath;

class RememberedBuildTest {
  private static final ImageName.Layout OUTPUT = new ImageName.Layout(Path.of("out"), "");
  private static final Nevra NEVRA = new Nevra("hello", Evr.parse("1:2-3"), "x86_64");
  private static final RememberedBuild BUILD =
      new RememberedBuild(
          "x86_64",
          "",
          digest("repositories"),
          new BuiltApp(
              image("app/org.example.App/x86_64/stable", "latest"),
              List.of(image("runtime/org.example.App.Locale/x86_64/stable", "locale")),
              List.of(
                  new AddedPackage(
                      NEVRA, "base", digest("rpm"), 7, "in the spec", List.of("a\tb", "c\\n\nd"))),
              List.of("sh: already in the runtime ([dash])", ""),
              List.of(new Leak(NEVRA, new TreePath("usr/bin/hello world"))),
              List.of(new TreePath("var/ü\r")),
              List.of("local"),
              List.of("a note\nof two lines"),
              true,
              true));

  private static Digest digest(String text) {
    return Digest.sha256(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static WrittenImage image(String ref, String reference) {
    return new WrittenImage(
        OUTPUT.withReference(reference), digest(ref), Ref.parse(ref), 1L << 40, 5);
  }

  @Test
  void isReadAsItWasWritten() {
    assertThat(RememberedBuild.parse(BUILD.toText(), OUTPUT)).isEqualTo(BUILD);
  }

  @Test
  void isElsewhereIfThatIsWanted() {
    var elsewhere = new ImageName.Layout(Path.of("elsewhere"), "");
    assertThat(RememberedBuild.parse(BUILD.toText(), elsewhere).app().image().name())
        .isEqualTo(elsewhere.withReference("latest"));
  }

  @Test
  void damageIsSeen() {
    String text = BUILD.toText();
    for (int at = 0; at < text.length(); at++) {
      String damaged =
          text.substring(0, at) + (char) (text.charAt(at) ^ 1) + text.substring(at + 1);
      assertThatThrownBy(() -> RememberedBuild.parse(damaged, OUTPUT))
          .as(damaged)
          .isInstanceOf(IllegalArgumentException.class);
      String cut = text.substring(0, at);
      assertThatThrownBy(() -> RememberedBuild.parse(cut, OUTPUT))
          .as("cut at %d", at)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
