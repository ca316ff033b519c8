package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.TreePath;

class ContainerSpecTest {
  private static final String APP =
      """
      flatpak:
          id: org.example.Viewer
          runtime-name: flatpak-runtime
          runtime-version: f40
          packages: [viewer]
      """;

  static ContainerSpec parse(String text) {
    return ContainerSpec.parse("container.yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  static OverpakException failure(String text) {
    var failure = catchThrowableOfType(OverpakException.class, () -> parse(text));
    assertThat(failure).as("reading is refused").isNotNull();
    assertThat(failure.exitCode()).isEqualTo(ExitCode.SPEC);
    return failure;
  }

  /// APP with more keys in the section `flatpak`.
  private static String app(String more) {
    return APP + more.indent(4);
  }

  @Test
  void smallestAppHasDefaults() {
    var spec = parse(APP);
    assertThat(spec.notes()).isEmpty();
    assertThat(spec.platforms()).isEqualTo(Platforms.ALL);
    assertThat(spec.allowedLeaks()).isEmpty();
    var flatpak = spec.flatpak();
    assertThat(flatpak.kind()).isEqualTo(FlatpakSpec.Kind.APP);
    assertThat(flatpak.id()).isEqualTo("org.example.Viewer");
    assertThat(flatpak.branch()).isEqualTo("stable");
    assertThat(flatpak.runtime()).isEqualTo(new RuntimeSpec("", "f40", "flatpak-runtime", "", ""));
    assertThat(flatpak.packages()).extracting(PackageSpec::name).containsExactly("viewer");
    assertThat(flatpak.command()).isEmpty();
    assertThat(flatpak.finishArgs()).isEmpty();
    assertThat(flatpak.exports().appstreamCompose()).isTrue();
  }

  @Test
  void numbersStayAsTheyAreWritten() {
    for (String branch : List.of("40", "1.10", "f40", "'1.10'", "\"010\"", "0x1F", "1_000")) {
      assertThat(parse(app("branch: " + branch)).flatpak().branch())
          .isEqualTo(branch.replaceAll("['\"]", ""));
    }
  }

  @Test
  void emptyValueCountsAsNotGiven() {
    var flatpak = parse(app("branch:\ntags: ~\nfinish-args: null\ncommand:")).flatpak();
    assertThat(flatpak.branch()).isEqualTo("stable");
    assertThat(flatpak.tags()).isEmpty();
  }

  @Test
  void finishArgsAreWordsOfAShellOrAList() {
    var block = app("finish-args: |-\n    --share=ipc  # X\n    '--env=A=b c'\n\n    # none\n");
    assertThat(parse(block).flatpak().finishArgs()).containsExactly("--share=ipc", "--env=A=b c");
    var list = app("finish-args:\n- --share=ipc\n- --env=A=b c\n");
    assertThat(parse(list).flatpak().finishArgs()).containsExactly("--share=ipc", "--env=A=b c");
  }

  @Test
  void argumentCutByACommentIsNoted() {
    var spec = parse(app("finish-args: --env=COLOR=#fff"));
    assertThat(spec.flatpak().finishArgs()).containsExactly("--env=COLOR=");
    assertThat(spec.notes())
        .singleElement()
        .asString()
        .startsWith("container.yaml:6:18: '#' begins a comment")
        .contains("--env=COLOR=");
  }

  @Test
  void packagesMayBeForSomePlatforms() {
    var packages =
        parse(
                """
                flatpak:
                    id: org.example.Viewer
                    runtime-name: flatpak-runtime
                    runtime-version: f40
                    packages:
                    - viewer
                    - name: viewer-fast
                      platforms:
                          only: x86_64, aarch64
                    - name: viewer-plain
                      platforms: {not: [x86_64, aarch64]}
                    - {name: viewer-doc}
                """)
            .flatpak();
    assertThat(packages.packagesFor("x86_64"))
        .extracting(PackageSpec::name)
        .containsExactly("viewer", "viewer-fast", "viewer-doc");
    assertThat(packages.packagesFor("s390x"))
        .extracting(PackageSpec::name)
        .containsExactly("viewer", "viewer-plain", "viewer-doc");
    assertThat(packages.packages().get(1).position()).hasToString("container.yaml:7:13");
  }

  @Test
  void platformsMayBeListNameOrNamesWithCommas() {
    var expected = new Platforms(List.of("x86_64", "aarch64"), List.of());
    for (String form :
        List.of(
            "{only: [x86_64, aarch64]}",
            "{only: 'x86_64, aarch64'}",
            "{only: 'x86_64,aarch64', not: }",
            "x86_64, aarch64",
            "[x86_64, aarch64]")) {
      assertThat(parse("platforms: " + form + "\n" + APP).platforms()).isEqualTo(expected);
    }
  }

  @Test
  void leaksAreAllowedByPath() {
    var spec = parse("overpak: {allow-leaks: [/usr/share/foo, /etc/foo.conf]}\n" + APP);
    assertThat(spec.allowedLeaks())
        .containsExactly(new TreePath("usr/share/foo"), new TreePath("etc/foo.conf"));
  }

  @Test
  void unknownKeyIsNamedWithASuggestion() {
    var failure = failure(app("finish-arg: --share=ipc"));
    assertThat(failure).hasMessage("container.yaml:6:5: unknown key 'finish-arg' in 'flatpak'");
    assertThat(failure.advice()).isEqualTo("did you mean 'finish-args'?");
  }

  @Test
  void everythingWrongIsReportedInFileOrder() {
    var failure =
        failure(
            """
            flatpak:
                id: viewer
                brnach: f40
                copy-icon: 1
                tags: Viewer
                packages:
                - name: [a]
            platform: x86_64
            """);
    assertThat(failure)
        .hasMessage(
            """
            container.yaml:1:1: 'runtime-name' in 'flatpak' is missing: name the runtime: its \
            image with 'runtime-name', or its ID with 'runtime'
            container.yaml:2:9: 'id' in 'flatpak' is not a Flatpak ID: 'viewer': use three or \
            more words joined by '.', such as org.example.App; '-' may stand in the last word only
            container.yaml:3:5: unknown key 'brnach' in 'flatpak': did you mean 'branch'?
            container.yaml:4:16: 'copy-icon' in 'flatpak' must be true or false, not '1': write \
            true or false, without quotes
            container.yaml:5:11: 'tags' in 'flatpak' must be a list, not 'Viewer': write each \
            entry on a line of its own after '- '
            container.yaml:7:13: 'name' in 'packages' must be text, not a list
            container.yaml:8:1: unknown key 'platform': did you mean 'platforms'?""");
    assertThat(failure.advice()).isEqualTo("correct these 7 places");
  }

  @Test
  void labelsAreTexts() {
    assertThat(parse(app("labels: {vendor: Example, build: 7, devel: yes}")).flatpak().image())
        .isEqualTo(
            new ImageSpec("", "", Map.of("vendor", "Example", "build", "7", "devel", "true")));
  }
}
