package org.overpak.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.repo.RepositoryConfig.Location;
import org.overpak.repo.RepositoryConfig.Mirrors;

class FetcherTest {
  private static final byte[] CONTENT =
      "0123456789".repeat(20_000).getBytes(StandardCharsets.UTF_8);
  private static final DownloadOptions IMPATIENT =
      new DownloadOptions(
          false, 4, 3, Duration.ofMillis(1), Duration.ofSeconds(5), Duration.ofMillis(300));

  @TempDir Path directory;
  private final TestServer server = new TestServer();
  private final TestServer mirror = new TestServer().put("/x", CONTENT);
  private final AtomicLong progress = new AtomicLong();
  private DownloadOptions options = IMPATIENT;
  private Credentials credentials = Credentials.NONE;

  @AfterEach
  void closeServers() {
    server.close();
    mirror.close();
  }

  private Path cache() {
    return directory.resolve("cache");
  }

  private Path fetch(URI... urls) {
    var location = new Location(List.of(server.url("/")), new Mirrors.None(), credentials);
    try (var fetcher = new Fetcher(options, new ContentCache(cache()))) {
      return fetcher.file(
          new Fetcher.Wanted(
              "the thing",
              ContentCache.Kind.PACKAGES,
              List.of(urls),
              Digest.sha256(CONTENT),
              CONTENT.length),
          location,
          progress::addAndGet);
    }
  }

  private void assertFails(ExitCode code, String message, URI... urls) throws IOException {
    assertThatThrownBy(() -> fetch(urls))
        .isInstanceOfSatisfying(
            OverpakException.class,
            e -> {
              assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getMessage()).contains(message);
            });
    assertThat(progress).hasValue(0);
    assertThat(filesIn(cache())).isEmpty();
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void fetchesOnceIntoTheCache() throws IOException {
    server.put("/x", CONTENT);
    Path file = fetch(server.url("/x"));
    assertThat(file).hasBinaryContent(CONTENT);
    String hex = Digest.sha256(CONTENT).hex();
    assertThat(file)
        .isEqualTo(cache().resolve("packages/sha256/" + hex.substring(0, 2) + "/" + hex + ".rpm"));
    assertThat(fetch(server.url("/x"))).isEqualTo(file);
    assertThat(server.requests()).containsExactly("/x 200");
    assertThat(progress).hasValue(2L * CONTENT.length);
    assertThat(filesIn(cache())).containsExactly(file);
  }

  @Test
  void fetchesADamagedEntryAgain() throws IOException {
    server.put("/x", CONTENT);
    Path file = fetch(server.url("/x"));
    byte[] damaged = CONTENT.clone();
    damaged[7] ^= 1;
    for (byte[] wrong : List.of(damaged, Arrays.copyOf(CONTENT, 5), new byte[0])) {
      Files.write(file, wrong);
      assertThat(fetch(server.url("/x"))).hasBinaryContent(CONTENT);
    }
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void readsLocalFilesInPlace() throws IOException {
    Path local = Files.write(directory.resolve("local.rpm"), CONTENT);
    assertThat(fetch(local.toUri())).isEqualTo(local);
    assertThat(filesIn(cache())).isEmpty();
    assertThat(progress).hasValue(CONTENT.length);
    Files.write(local, Arrays.copyOf(CONTENT, 10));
    assertThatThrownBy(() -> fetch(local.toUri()))
        .hasMessageContaining(local + " ends after 10 of " + CONTENT.length);
    Files.delete(local);
    assertThatThrownBy(() -> fetch(local.toUri())).hasMessageContaining("no such file");
  }

  @Test
  void refusesAndForgetsATruncatedBody() throws IOException {
    server.answer("/x", TestServer.truncated(CONTENT, 100_000));
    assertFails(ExitCode.REPOSITORY, "cannot get the thing: ", server.url("/x"));
    assertThat(server.requests()).hasSize(3);
    assertThat(fetch(server.url("/x"), mirror.url("/x"))).hasBinaryContent(CONTENT);
  }

  @Test
  void refusesTheWrongSize() throws IOException {
    server.put("/x", Arrays.copyOf(CONTENT, 100));
    assertFails(ExitCode.REPOSITORY, "ends after 100 of " + CONTENT.length, server.url("/x"));
    server.put("/x", Arrays.copyOf(CONTENT, CONTENT.length + 1));
    assertFails(ExitCode.REPOSITORY, "is larger than the " + CONTENT.length, server.url("/x"));
  }

  @Test
  void refusesTheWrongBytesAndAsksAnotherMirror() throws IOException {
    byte[] forged = CONTENT.clone();
    forged[100] ^= 1;
    server.put("/x", forged);
    assertFails(ExitCode.UNTRUSTED, "has the checksum sha256:", server.url("/x"));
    assertThat(server.requests()).as("asking again is useless").hasSize(1);
    assertThat(fetch(server.url("/x"), mirror.url("/x"))).hasBinaryContent(CONTENT);
  }

  @Test
  void asksTheNextMirrorAfter404() throws IOException {
    assertFails(
        ExitCode.REPOSITORY, server.url("/x") + ": the server answers 404", server.url("/x"));
    assertThat(fetch(server.url("/x"), mirror.url("/x"))).hasBinaryContent(CONTENT);
    assertThat(server.requests()).containsExactly("/x 404", "/x 404");
  }

  @Test
  void asksAgainAfterAPassingProblem() {
    var asked = new AtomicInteger();
    server.put("/y", CONTENT);
    server.answer(
        "/x",
        exchange -> {
          if (asked.incrementAndGet() < 3) {
            exchange.sendResponseHeaders(503, -1);
          } else {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT);
          }
        });
    assertThat(fetch(server.url("/x"))).hasBinaryContent(CONTENT);
    assertThat(asked).hasValue(3);
  }

  @Test
  void givesUpOnAServerThatStops() throws IOException {
    var release = new CountDownLatch(1);
    server.answer(
        "/x",
        exchange -> {
          exchange.sendResponseHeaders(200, CONTENT.length);
          exchange.getResponseBody().write(CONTENT, 0, 10);
          exchange.getResponseBody().flush();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertFails(ExitCode.REPOSITORY, "nothing came for 0.3 s", server.url("/x"));
    release.countDown();
  }

  @Test
  void followsOrdinaryRedirects() {
    server.answer("/x", TestServer.redirect("/y")).put("/y", CONTENT);
    assertThat(fetch(server.url("/x"))).hasBinaryContent(CONTENT);
  }

  @Test
  void refusesRedirectLoopsAndOtherSchemes() throws IOException {
    server.answer("/x", TestServer.redirect("/x"));
    assertFails(ExitCode.REPOSITORY, "more than 5 redirects", server.url("/x"));
    Path local = Files.write(directory.resolve("secret"), CONTENT);
    for (String location :
        List.of(local.toUri().toString(), "ftp://example.org/", "http:///", "")) {
      server.answer("/x", TestServer.redirect(location));
      assertThatThrownBy(() -> fetch(server.url("/x"))).isInstanceOf(OverpakException.class);
    }
    server.answer("/x", TestServer.redirect(local.toUri().toString()));
    assertFails(ExitCode.REPOSITORY, "redirects to what is not an HTTP URL", server.url("/x"));
  }

  @Test
  void credentialsStayWithTheirServer() {
    List<String> seen = new CopyOnWriteArrayList<>();
    TestServer.Answer note =
        exchange -> {
          seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(404, -1);
        };
    credentials = new Credentials("me", "s3cret");
    server.answer("/own", note).answer("/away", TestServer.redirect(mirror.url("/z").toString()));
    mirror.answer("/z", note);
    assertThatThrownBy(() -> fetch(server.url("/own"), server.url("/away"), mirror.url("/z")))
        .isInstanceOf(OverpakException.class)
        .message()
        .doesNotContain("s3cret");
    assertThat(seen).containsExactly(credentials.basic(), "null", "null");
  }

  @Test
  void messagesHideWhatMayBeSecret() {
    URI url = URI.create(server.url("/x").toString().replace("//", "//me:s3cret@") + "?token=t0k");
    assertThatThrownBy(() -> fetch(url))
        .message()
        .contains("/x: the server answers 404")
        .doesNotContain("s3cret")
        .doesNotContain("t0k");
  }

  @Test
  void offlineUsesTheCacheOnly() throws IOException {
    options = IMPATIENT.withOffline(true);
    server.put("/x", CONTENT);
    assertFails(ExitCode.REPOSITORY, "--offline forbids", server.url("/x"));
    options = IMPATIENT;
    Path file = fetch(server.url("/x"));
    options = IMPATIENT.withOffline(true);
    assertThat(fetch(server.url("/x"))).isEqualTo(file);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void saysThatTheCacheCannotBeWritten() throws IOException {
    Files.writeString(cache(), "a file in the way");
    server.put("/x", CONTENT);
    assertFails(ExitCode.FILESYSTEM, "cannot ", server.url("/x"));
  }

  /// Again and again, since an interrupt may come while waiting, reading or writing.
  @RepeatedTest(20)
  void anInterruptLeavesNothing() throws Exception {
    var begun = new CountDownLatch(1);
    server.answer(
        "/x",
        exchange -> {
          exchange.sendResponseHeaders(200, CONTENT.length);
          exchange.getResponseBody().write(CONTENT, 0, 100);
          exchange.getResponseBody().flush();
          begun.countDown();
          try {
            Thread.sleep(10_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    options =
        new DownloadOptions(
            false, 1, 1, Duration.ZERO, Duration.ofSeconds(9), Duration.ofSeconds(9));
    var failure = new AtomicReference<Throwable>();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    fetch(server.url("/x"));
                  } catch (OverpakException e) {
                    failure.set(e);
                  }
                });
    begun.await();
    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
    assertThat(failure.get())
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INTERRUPTED));
    assertThat(filesIn(cache())).isEmpty();
  }
}
