package org.overpak.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "command: [a]                   | 'command' in 'flatpak' must be text, not a list",
        "command: yes                   | must be text, not the boolean yes",
        "copy-icon: 'true'              | must be true or false, not 'true'",
        "end-of-life-rebase: Viewer     | is not a Flatpak ID: 'Viewer'",
        "branch: .f40                   | is not a branch: '.f40'",
        "branch: f 40                   | is not a branch: 'f 40'",
        "finish-args: --env='A          | cannot be split into words",
        "finish-args: [[a]]             | an entry of 'finish-args' in 'flatpak' must be text",
        "tags: {a: b}                   | must be a list, not a mapping",
        "labels: [a]                    | 'flatpak: labels' must be a mapping, not a list",
        "add-extensions: {a.b.c: {}}    | 'directory' in 'flatpak: add-extensions: a.b.c' is missing",
        "runtime: org.example.P//f39    | is 'f40', but 'runtime' says 'f39'",
        "runtime: org.fedoraproject.Sdk | but 'runtime-name: flatpak-runtime' is org.fedoraproject.P",
        "build-runtime: true            | 'runtime-name' in 'flatpak' is out of place",
        "build-extension: true          | 'runtime' in 'flatpak' is missing",
        "build-extension: true\\nseparate-locales: true | 'separate-locales' in 'flatpak' is out of place",
        "modules: []                    | unknown key 'modules' in 'flatpak'",
        "extra-data: [{url: x}]         | 'filename' in 'extra-data' is missing",
        "end-of-life-rebase: >\\n  a\\n\\n  b | must be a single line",
      })
  void refusesWrongValuesAndContradictions(String more, String message) {
    assertThat(failure(app(more.translateEscapes()))).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "platforms: {only: amd64}             | unknown platform 'amd64'",
        "platforms: {only: x86-64}            | unknown platform 'x86-64'",
        "platforms: {only: ppc64le, not: ppc64le} | 'not' leaves no platform",
        "platforms: {onyl: x86_64}            | unknown key 'onyl' in 'platforms'",
        "overpak: {allow-leaks: [usr/share]}  | 'usr/share' cannot be a leak",
        "overpak: {allow-leaks: [/app/share]} | '/app/share' cannot be a leak",
        "overpak: {allow-leaks: [/usr/../x]}  | is not a path that a file can have",
        "overpak: {leaks: []}                 | unknown key 'leaks' in 'overpak'",
        "compose: {inherit: maybe}            | 'inherit' in 'compose' must be true or false",
        "compose: {module: []}                | unknown key 'module' in 'compose'",
        "image_build_method: kaniko           | must be one of docker_api",
        "remote_source: {repo: x}             | 'ref' in 'remote_source' is missing",
        "version: one                         | 'version' must be a number, not 'one'",
        "command: viewer                      | unknown key 'command'",
      })
  void refusesWhatIsWrongBesideTheFlatpak(String more, String message) {
    assertThat(failure(more + "\n" + APP)).hasMessageContaining(message);
  }

  @Test
  void keyInTheWrongPlaceIsSentToTheRightOne() {
    assertThat(failure("command: viewer\n" + APP).advice())
        .isEqualTo("it belongs in 'flatpak': indent it below 'flatpak:'");
    assertThat(failure(app("platforms: x86_64")).advice())
        .isEqualTo("'platforms' belongs beside 'flatpak', not in it: indent it less");
    assertThat(failure(app("app-id: a.b.C")).advice()).isEqualTo("it is called 'id' here");
  }

  @Test
  void oldModularFormIsExplained() {
    var failure =
        failure("compose: {modules: ['viewer:stable']}\nflatpak: {id: org.example.Viewer}\n");
    assertThat(failure).hasMessageContaining("the modules of 'compose' are an old form");
  }

  @Test
  void documentWithoutFlatpakIsRefused() {
    for (String text : List.of("", "# nothing", "platforms: x86_64", "flatpak:", "~")) {
      assertThat(failure(text)).hasMessage("container.yaml:1:1: 'flatpak' is missing");
    }
    assertThat(failure("- flatpak")).hasMessageContaining("'the spec' must be a mapping");
  }

  @Test
  void laterErrorsCanPointAtAKey() {
    var spec = parse(APP);
    assertThat(spec.positionOf("runtime-version")).hasToString("container.yaml:4:22");
    assertThat(spec.positionOf("command")).hasToString("container.yaml:1:1");
  }
}
