package org.overpak.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.overpak.repo.TestRepository.data;
import static org.overpak.repo.TestRepository.gzip;
import static org.overpak.repo.TestRepository.pkg;
import static org.overpak.repo.TestRepository.primary;
import static org.overpak.repo.TestRepository.repomd;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;

class RepositoryLoaderTest {
  private static final DownloadOptions IMPATIENT =
      new DownloadOptions(
          false, 4, 2, Duration.ofMillis(1), Duration.ofSeconds(5), Duration.ofSeconds(5));

  @TempDir Path directory;
  private final TestServer server = new TestServer();
  private final TestServer mirror = new TestServer();
  private DownloadOptions options = IMPATIENT;
  private Instant now = Instant.parse("2024-01-01T00:00:00Z");

  @BeforeEach
  void fillServer() {
    put(server, "/repo/", "a");
  }

  @AfterEach
  void closeServers() {
    server.close();
    mirror.close();
  }

  /// A repository of one package.
  ///
  /// @return its `repomd.xml`
  private static byte[] put(TestServer server, String at, String name) {
    String open = primary(pkg(name, ""));
    byte[] stored = gzip(open);
    byte[] index = repomd(data("primary", stored, open)).getBytes(StandardCharsets.UTF_8);
    server.put(at + "repodata/primary.xml.gz", stored).put(at + "repodata/repomd.xml", index);
    return index;
  }

  private List<RepositoryMetadata> open(List<String> notes, String... lines) {
    RepoFile file =
        RepoFile.parse(
            "[test]\n" + String.join("\n", lines), "test.repo", Variables.of("x86_64", ""));
    try (var downloads =
        new Downloads(directory.resolve("cache"), options, Progress.SILENT, () -> now)) {
      return downloads.open(file.repositories(), notes::add);
    }
  }

  private RepositoryMetadata open(String... lines) {
    return open(new ArrayList<>(), lines).getFirst();
  }

  private String baseurl() {
    return "baseurl=" + server.url("/repo");
  }

  @Test
  void aDamagedTableOfMetadataIsMadeAgain() throws Exception {
    put(server, "/repo/", "first");
    open(baseurl());
    Path table;
    try (Stream<Path> files = Files.walk(directory.resolve("cache"))) {
      table = files.filter(file -> file.toString().contains("/tables/")).findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(table);
    byte[] damaged = whole.clone();
    damaged[damaged.length / 2] ^= 1;
    for (byte[] content : List.of(damaged, Arrays.copyOf(whole, 10), new byte[0])) {
      Files.write(table, content);
      assertThat(open(baseurl()).packages().names()).containsExactly("first");
      assertThat(table).hasBinaryContent(whole);
    }
    // what is whole is believed, and the metadata not asked for
    long before = server.requests().stream().filter(one -> one.contains("primary")).count();
    open(baseurl());
    assertThat(server.requests().stream().filter(one -> one.contains("primary")))
        .hasSize((int) before);
  }

  @Test
  void asksWhetherTheIndexHasChanged() {
    assertThat(open(baseurl()).packages()).hasSize(1);
    assertThat(open(baseurl()).packages()).hasSize(1);
    put(server, "/repo/", "b");
    assertThat(open(baseurl()).packages().getFirst().nevra().name()).isEqualTo("b");
    assertThat(server.requests())
        .containsExactly(
            "/repo/repodata/repomd.xml 200",
            "/repo/repodata/primary.xml.gz 200",
            "/repo/repodata/repomd.xml 304",
            "/repo/repodata/repomd.xml 200",
            "/repo/repodata/primary.xml.gz 200");
  }

  @Test
  void doesNotAskBeforeMetadataExpires() {
    open(baseurl(), "metadata_expire=6h");
    now = now.plus(Duration.ofHours(5));
    open(baseurl(), "metadata_expire=6h");
    assertThat(server.requests()).hasSize(2);
    now = now.plus(Duration.ofHours(2));
    open(baseurl(), "metadata_expire=6h");
    assertThat(server.requests()).hasSize(3);
    now = now.minus(Duration.ofDays(9));
    open(baseurl(), "metadata_expire=6h");
    assertThat(server.requests()).as("fetched in the future").hasSize(4);
  }

  @Test
  void readsFromTheCacheOffline() {
    options = IMPATIENT.withOffline(true);
    assertThatThrownBy(() -> open(baseurl())).hasMessageContaining("--offline");
    options = IMPATIENT;
    open(baseurl());
    options = IMPATIENT.withOffline(true);
    assertThat(open(baseurl()).packages()).hasSize(1);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void fetchesADamagedIndexAgain() throws Exception {
    open(baseurl());
    try (Stream<Path> indexes = Files.list(directory.resolve("cache/repomd"))) {
      Path index = indexes.findFirst().orElseThrow();
      Files.writeString(index, Files.readString(index).replace("<revision>7", "<revision>8"));
    }
    assertThat(open(baseurl()).index().revision()).isEqualTo("7");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void usesTheMirrorsOfAList() {
    server.put(
        "/mirrors",
        "# mirrors\nrsync://example.org/x\nhttp://\n%s\n%s\n"
            .formatted(server.url("/absent/"), server.url("/repo/"))
            .getBytes(StandardCharsets.UTF_8));
    RepositoryMetadata metadata = open("mirrorlist=" + server.url("/mirrors"));
    assertThat(metadata.baseUrls()).containsExactly(server.url("/repo/"), server.url("/absent/"));
    assertThat(metadata.source(metadata.packages().getFirst()).urls())
        .containsExactly(
            server.url("/repo/Packages/a-1-1.noarch.rpm"),
            server.url("/absent/Packages/a-1-1.noarch.rpm"));
  }

  private static byte[] metalink(byte[] index, URI... urls) {
    var text = new StringBuilder();
    for (int i = 0; i < urls.length; i++) {
      text.append("<url protocol='http' preference='%d'>%s</url>".formatted(100 - i, urls[i]));
    }
    return """
        <metalink version="3.0" xmlns="http://www.metalinker.org/">
        <files><file name="repomd.xml"><size>9</size><verification>
        <hash type="md5">d41d8cd98f00b204e9800998ecf8427e</hash>
        <hash type="sha256">%s</hash></verification>
        <resources maxconnections="1">%s</resources></file></files></metalink>
        """
        .formatted(Digest.sha256(index).hex(), text)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void skipsMirrorsThatTheMetalinkDoesNotDescribe() {
    byte[] current = put(mirror, "/new/", "b");
    URI old = server.url("/repo/repodata/repomd.xml");
    server.put("/metalink", metalink(current, old, mirror.url("/new/repodata/repomd.xml")));
    RepositoryMetadata metadata = open("metalink=" + server.url("/metalink"));
    assertThat(metadata.packages().getFirst().nevra().name()).isEqualTo("b");
    assertThat(metadata.baseUrls().getFirst()).isEqualTo(mirror.url("/new/"));

    server.put("/metalink2", metalink(current, old));
    assertThatThrownBy(() -> open("metalink=" + server.url("/metalink2")))
        .hasMessageContaining("it is not the repomd.xml that the metalink describes");
  }

  @Test
  void refusesAMetalinkWithoutStrongHash() {
    String text = new String(metalink(new byte[0]), StandardCharsets.UTF_8);
    server.put(
        "/metalink",
        text.replaceAll("<hash type=\"sha256.*</hash>", "").getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> open("metalink=" + server.url("/metalink")))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("has no strong hash");
  }

  @Test
  void leavesOutOnlyWhatMayBeUnavailable() {
    var notes = new ArrayList<String>();
    String absent = "baseurl=" + server.url("/absent");
    assertThat(open(notes, absent, "skip_if_unavailable=1")).isEmpty();
    assertThat(notes).singleElement().asString().startsWith("Repository 'test' is left out: ");
    assertThatThrownBy(() -> open(absent)).hasMessageContaining("the server answers 404");

    byte[] forged = gzip(primary(pkg("a", "")));
    forged[forged.length / 2] ^= 1;
    server.put("/repo/repodata/primary.xml.gz", forged);
    assertThatThrownBy(() -> open(notes, baseurl(), "skip_if_unavailable=1"))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNTRUSTED));
  }

  @Test
  void keysNeverComeOverPlainHttp() {
    assertThatThrownBy(() -> open(baseurl(), "repo_gpgcheck=1", "gpgkey=" + server.url("/key.asc")))
        .isInstanceOf(OverpakException.class);
    server.put("/repo/repodata/repomd.xml.asc", new byte[] {1});
    assertThatThrownBy(() -> open(baseurl(), "repo_gpgcheck=1", "gpgkey=" + server.url("/key.asc")))
        .hasMessageContaining("comes over plain http:");
    assertThat(server.requests()).noneMatch(request -> request.startsWith("/key.asc"));
  }

  @Test
  void aUserInTheUrlIsUsedAndNotShown() {
    List<String> seen = new ArrayList<>();
    server.answer(
        "/repo/repodata/repomd.xml",
        exchange -> {
          seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(403, -1);
        });
    assertThatThrownBy(() -> open(baseurl().replace("//", "//me:s3cret@")))
        .hasMessageContaining("the server answers 403")
        .message()
        .doesNotContain("s3cret");
    assertThat(seen).containsExactly(new Credentials("me", "s3cret").basic());
  }
}
