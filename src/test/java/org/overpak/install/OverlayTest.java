package org.overpak.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.overpak.OverpakException;
import org.overpak.rpm.Evr;
import org.overpak.rpm.Nevra;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;
import org.overpak.tree.TreeText;

class OverlayTest {
  private static final TreePath APP = new TreePath("app");
  private static final FileTree RUNTIME =
      TreeText.parse(
          """
          d 0755 app
          l lib64 -> usr/lib64
          l lib -> /usr/lib
          d 0755 usr/lib
          d 0755 usr/lib64
          d 0755 usr/share
          f 0644 usr/share/known runtime's
          """);

  private static Payload payload(String name, String tree) {
    return new Payload(new Nevra(name, Evr.parse("1-1"), "x86_64"), TreeText.parse(tree));
  }

  private static Overlay lay(Payload... payloads) {
    return Overlay.of(RUNTIME, List.of(payloads), APP);
  }

  @Test
  void laysPackagesOverTheRuntime() {
    Overlay overlay =
        lay(
            payload("a", "d 0755 app\nd 0755 app/bin\nf 0755 app/bin/a one"),
            payload("b", "d 0755 app/bin\nf 0755 app/bin/b two"));
    assertThat(TreeText.show(overlay.root().subtree(APP)))
        .isEqualTo("d 0755 \nd 0755 bin\nf 0755 bin/a one\nf 0755 bin/b two\n");
    assertThat(overlay.leaks()).isEmpty();
    assertThat(TreeText.show(overlay.parts().get(0).files()))
        .isEqualTo("d 0755 app/bin\nf 0755 app/bin/a one\n");
    assertThat(TreeText.show(overlay.parts().get(1).files())).isEqualTo("f 0755 app/bin/b two\n");
  }

  @Test
  void reportsWhatLiesOutsideTheApp() {
    Overlay overlay =
        lay(
            payload(
                "a",
                """
                d 0755 usr/share
                f 0644 usr/share/known changed
                d 0755 usr/share/new
                f 0644 lib64/plugin.so x
                f 0644 app/fine y
                """));
    assertThat(overlay.leaks())
        .extracting(leak -> leak.path().toString())
        .containsExactly("/usr/lib64/plugin.so", "/usr/share/known", "/usr/share/new");
  }

  @Test
  void refusesPathsThroughLinksToOrFromTheApp() {
    Payload link = payload("a", "l app/lib -> /usr/lib");
    assertThatThrownBy(() -> lay(link, payload("b", "f 0644 app/lib/x y")))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("b-1-1.x86_64")
        .hasMessageContaining("/app/lib/x")
        .hasMessageContaining("/usr/lib");
    assertThatThrownBy(
            () -> lay(payload("a", "l usr/way -> /app"), payload("b", "f 0644 usr/way/x y")))
        .isInstanceOf(OverpakException.class);
    assertThatThrownBy(() -> lay(payload("a", "l app/o -> o"), payload("b", "f 0644 app/o/x y")))
        .hasMessageContaining("circle");
    assertThatThrownBy(() -> lay(payload("a", "f 0644 app/f x"), payload("b", "f 0644 app/f/x y")))
        .hasMessageContaining("/app/f is no directory");
  }

  @Test
  void refusesWhatIsNoDirectoryAboveWhatAnEarlierPackageHas() {
    Payload file = payload("a", "f 0644 app/lib-x y\nf 0644 app/lib/x y");
    for (String other : List.of("l app/lib -> /usr/lib", "f 0644 app/lib z")) {
      assertThatThrownBy(() -> lay(file, payload("b", other)))
          .as(other)
          .isInstanceOf(OverpakException.class)
          .hasMessageContaining("b-1-1.x86_64 installs /app/lib,")
          .hasMessageContaining("a-1-1.x86_64 installs /app/lib/x below it");
    }
    assertThat(lay(file, payload("b", "l app/lib- -> x")).leaks()).isEmpty();
  }

  @Test
  void refusesTwoDifferentFilesAtOnePathAndAcceptsEqualOnes() {
    Payload one = payload("a", "f 0644 app/x same");
    assertThat(lay(one, payload("b", "f 0644 app/x same")).parts().get(1).files().isEmpty())
        .isTrue();
    for (String other :
        List.of("f 0755 app/x same", "f 0644 app/x sam!", "d 0755 app/x", "l app/x -> y")) {
      assertThatThrownBy(() -> lay(one, payload("b", other)))
          .as(other)
          .isInstanceOf(OverpakException.class)
          .hasMessageContaining("a-1-1.x86_64 and b-1-1.x86_64 both install /app/x");
    }
  }
}
