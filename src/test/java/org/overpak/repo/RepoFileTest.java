package org.overpak.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.OverpakException;
import org.overpak.repo.RepositoryConfig.Mirrors;

class RepoFileTest {
  private static final Variables VARIABLES = Variables.of("x86_64", "42.1");

  private static RepoFile parse(String text) {
    return RepoFile.parse(text, "test.repo", VARIABLES);
  }

  @Test
  void readsSeveralRepositories() {
    RepoFile file =
        parse(
            """
            # Fedora's own, abbreviated
            [fedora]
            name=Fedora $releasever - $basearch
            metalink=https://mirrors.example.org/metalink?repo=fedora-$releasever&arch=$basearch
            enabled=1
            countme=1
            metadata_expire=7d
            repo_gpgcheck=0
            gpgcheck=1
            gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-fedora-$releasever_major
              https://example.org/second.asc, /etc/third.asc
            skip_if_unavailable=False

            [local]
            baseurl = file:///srv/repo
                      http://example.org/pub/
            enabled = no
            gpgcheck = 0
            priority = 10
            cost=500
            includepkgs = a*, b*
            exclude = c*
            excludepkgs = d
            module_hotfixes = true
            username = me
            password = s3cret
            frobnicate = 7
            """);
    RepositoryConfig fedora = file.repositories().getFirst();
    assertThat(fedora.name()).isEqualTo("Fedora 42.1 - x86_64");
    assertThat(fedora.location().mirrors())
        .isEqualTo(
            new Mirrors.Metalink(
                URI.create("https://mirrors.example.org/metalink?repo=fedora-42.1&arch=x86_64")));
    assertThat(fedora.trust().keys())
        .containsExactly(
            URI.create("file:///etc/pki/rpm-gpg/RPM-GPG-KEY-fedora-42"),
            URI.create("https://example.org/second.asc"),
            URI.create("file:///etc/third.asc"));
    assertThat(fedora.enabled()).isTrue();
    assertThat(fedora.trust().gpgcheck()).isTrue();
    assertThat(fedora.metadataExpire()).isEqualTo(Duration.ofDays(7));

    RepositoryConfig local = file.repositories().getLast();
    assertThat(local.enabled()).isFalse();
    assertThat(local.trust().gpgcheck()).isFalse();
    assertThat(local.location().baseUrls())
        .containsExactly(URI.create("file:///srv/repo"), URI.create("http://example.org/pub/"));
    assertThat(local.selection())
        .isEqualTo(
            new RepositoryConfig.Selection(10, 500, List.of("a*", "b*"), List.of("d", "c*"), true));
    assertThat(local.location().credentials().user()).isEqualTo("me");
    assertThat(local.toString()).doesNotContain("s3cret").doesNotContain("me\"");
    assertThat(file.notes()).containsExactly("test.repo:27: 'frobnicate' has no effect.");
  }

  @Test
  void signaturesAreRequiredUnlessSaidOtherwise() {
    var trust = parse("[a]\nbaseurl=/srv").repositories().getFirst().trust();
    assertThat(trust.gpgcheck()).isTrue();
    assertThat(trust.repoGpgcheck()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          baseurl=/a | test.repo:1: a value stands before
          [a         | test.repo:1: '[a' is not
          [a]        | test.repo:1: repository 'a' has none of
          [a b]      | test.repo:1: 'a b' cannot name
          """)
  void placesErrors(String text, String message) {
    assertThatThrownBy(() -> parse(text)).hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "gpgcheck=perhaps",
        "priority=high",
        "metadata_expire=soon",
        "baseurl=ftp://example.org/",
        "baseurl=http:///nohost",
        "baseurl=http://example.org/$unknown",
      })
  void refusesWithFileAndLine(String line) {
    assertThatThrownBy(() -> parse("[a]\nbaseurl=/srv\n" + line))
        .isInstanceOf(OverpakException.class)
        .hasMessageStartingWith("test.repo:3: ");
  }

  @Test
  void refusesTheSameRepositoryTwice() {
    assertThatThrownBy(() -> parse("[a]\nbaseurl=/a\n[a]\nbaseurl=/b"))
        .hasMessage("test.repo:3: repository 'a' is already there");
  }

  @Test
  void aDisabledRepositoryMayUseUnknownVariables() {
    RepoFile file = parse("[a]\nenabled=0\nbaseurl=http://example.org/$unknown");
    assertThat(file.repositories().getFirst().location().baseUrls()).isEmpty();
    assertThat(file.notes())
        .containsExactly("test.repo:3: baseurl uses $unknown, which has no value.");
  }

  @ParameterizedTest
  @CsvSource({
    "$arch/${basearch}, x86_64/x86_64",
    "${releasever_major}.${releasever_minor}, 42.1",
    "${none:-plain}, plain",
    "${arch:-plain}, x86_64",
    "${arch:+given}${none:+not}, given",
    "100$ a $ b, 100$ a $ b",
  })
  void expandsVariables(String text, String expanded) throws Exception {
    assertThat(VARIABLES.expand(text)).isEqualTo(expanded);
  }

  @Test
  void parsesTheOption() {
    RepositoryConfig config = RepositoryConfig.parseOption("apps=some dir/x", List.of());
    assertThat(config.id()).isEqualTo("apps");
    assertThat(Urls.path(config.location().baseUrls().getFirst()))
        .isEqualTo(Path.of("some dir/x").toAbsolutePath());
    assertThat(config.trust().gpgcheck()).isTrue();
    assertThat(
            RepositoryConfig.parseOption("a=https://example.org/x?y=1", List.of())
                .location()
                .baseUrls())
        .containsExactly(URI.create("https://example.org/x?y=1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "=x", "x=", "a b=/x", "x=ftp://example.org"})
  void refusesOtherOptions(String text) {
    assertThatThrownBy(() -> RepositoryConfig.parseOption(text, List.of()))
        .isInstanceOf(OverpakException.class);
  }
}
