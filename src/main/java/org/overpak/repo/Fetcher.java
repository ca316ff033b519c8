package org.overpak.repo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.repo.RepositoryConfig.Location;

/// Gets files and small documents from `file:` and HTTP URLs: several mirrors in order, several
/// rounds, few transfers at once.
final class Fetcher implements AutoCloseable {
  private final DownloadOptions options;
  private final ContentCache cache;
  private final Semaphore transfers;
  private @Nullable HttpTransport transport;

  Fetcher(DownloadOptions options, ContentCache cache) {
    this.options = options;
    this.cache = cache;
    this.transfers = new Semaphore(options.parallel());
  }

  /// A file and what it must be.
  ///
  /// @param what for messages: "the package hello-2.10-3.x86_64"
  /// @param size in bytes, or {@link MetadataFile#UNKNOWN}
  record Wanted(String what, ContentCache.Kind kind, List<URI> urls, Digest digest, long size) {}

  /// A path with the bytes of WANTED: its own place where it is local, else in the cache.
  ///
  /// A local file is verified where it lies, metadata by its reader, and not copied: a copy would
  /// cost its time and space again on each build host, and whoever can change a local repository
  /// during a build is the user.
  Path file(Wanted wanted, Location location, Progress.Step step) {
    List<URI> remote = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (URI url : wanted.urls()) {
      if (!Urls.isFile(url)) {
        remote.add(url);
      } else if (Files.exists(Urls.path(url))) {
        return local(Urls.path(url), wanted, step);
      } else {
        missing.add(Urls.path(url) + ": no such file");
      }
    }
    if (remote.isEmpty()) {
      throw failed(wanted.what(), missing, false);
    }
    return cache
        .find(wanted.kind(), wanted.digest(), wanted.size())
        .map(
            found -> {
              step.advance(Math.max(0, wanted.size()));
              return found;
            })
        .orElseGet(
            () -> fromAny(wanted.what(), remote, url -> download(url, wanted, location, step)));
  }

  private static Path local(Path file, Wanted wanted, Progress.Step step) {
    if (wanted.kind() == ContentCache.Kind.REPODATA) {
      step.advance(Math.max(0, wanted.size())); // MetadataReader verifies all that it reads
      return file;
    }
    try (InputStream in = Files.newInputStream(file)) {
      copy(
          new VerifiedStream(in, wanted.digest(), wanted.size(), file.toString()),
          OutputStream.nullOutputStream(),
          step);
      return file;
    } catch (IOException e) {
      if (isInterrupt(e)) {
        throw interrupted();
      }
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "cannot read " + file + ": " + e.getMessage(),
          "Check that it may be read.",
          e);
    }
  }

  private Path download(URI url, Wanted wanted, Location location, Progress.Step step)
      throws IOException, InterruptedException {
    try (var answer = transport().get(url, location.credentialsFor(url), Map.of())) {
      var verified =
          new VerifiedStream(
              answer.body(), wanted.digest(), wanted.size(), Urls.withoutSecrets(url));
      return cache.store(wanted.kind(), wanted.digest(), out -> copy(verified, out, step));
    }
  }

  /// Advances STEP by what was copied; takes it back if the copy fails.
  private static void copy(InputStream in, OutputStream out, Progress.Step step)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long copied = 0;
    boolean complete = false;
    try {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (Thread.currentThread().isInterrupted()) {
          throw interrupted();
        }
        out.write(buffer, 0, read);
        copied += read;
        step.advance(read);
      }
      complete = true;
    } finally {
      if (!complete) {
        step.advance(-copied);
      }
    }
  }

  /// The document at URL.
  ///
  /// @param known what is there already: given back if the server says that it has not changed
  Document document(URI url, Location location, int most, @Nullable Document known)
      throws IOException, InterruptedException {
    if (Urls.isFile(url)) {
      try (InputStream in = Files.newInputStream(Urls.path(url))) {
        return new Document(url, bounded(in, most), "", "");
      } catch (NoSuchFileException e) {
        throw new HttpTransport.Refused("no such file");
      }
    }
    Map<String, String> conditions = new LinkedHashMap<>();
    if (known != null && known.url().equals(url)) {
      if (!known.etag().isEmpty()) {
        conditions.put("If-None-Match", known.etag());
      }
      if (!known.lastModified().isEmpty()) {
        conditions.put("If-Modified-Since", known.lastModified());
      }
    }
    try (var answer = transport().get(url, location.credentialsFor(url), conditions)) {
      if (answer.status() == 304 && known != null && !conditions.isEmpty()) {
        return known;
      }
      if (answer.status() != 200) {
        throw new HttpTransport.Refused("the server answers " + answer.status());
      }
      return new Document(
          url,
          bounded(answer.body(), most),
          answer.header("ETag").orElse(""),
          answer.header("Last-Modified").orElse(""));
    }
  }

  private static byte[] bounded(InputStream in, int most) throws IOException {
    byte[] content = in.readNBytes(most + 1);
    if (content.length > most) {
      throw new HttpTransport.Refused("it is larger than " + most + " bytes");
    }
    return content;
  }

  /// One try to get something from one place.
  @FunctionalInterface
  interface Attempt<T> {
    T from(URI url) throws IOException, InterruptedException;
  }

  /// What ATTEMPT gets from the first of URLS that has it. Goes through all of them several times,
  /// as network and servers have bad moments; whoever says no or has the wrong bytes is not asked
  /// again.
  <T> T fromAny(String what, List<URI> urls, Attempt<T> attempt) {
    Set<URI> hopeless = new HashSet<>();
    Map<URI, String> reasons = new LinkedHashMap<>();
    boolean forged = false;
    Duration pause = options.pause();
    try {
      for (int round = 1; round <= options.rounds() && hopeless.size() < urls.size(); round++) {
        if (round > 1) {
          Thread.sleep(pause);
          pause = pause.multipliedBy(2);
        }
        for (URI url : urls) {
          if (hopeless.contains(url)) {
            continue;
          }
          try {
            return permitted(url, attempt);
          } catch (HttpTransport.Refused e) {
            hopeless.add(url);
            reasons.put(url, String.valueOf(e.getMessage()));
          } catch (IOException e) {
            if (isInterrupt(e)) {
              throw interrupted();
            }
            reasons.put(url, words(e));
          } catch (OverpakException e) {
            switch (e.exitCode()) {
              case UNTRUSTED -> forged = true;
              case REPOSITORY -> {
                // Too short or too long: perhaps a proxy's fault, perhaps better next time.
              }
              default -> throw e;
            }
            if (e.exitCode() == ExitCode.UNTRUSTED) {
              hopeless.add(url);
            }
            reasons.put(url, String.valueOf(e.getMessage()));
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
    List<String> lines = new ArrayList<>();
    reasons.forEach((url, reason) -> lines.add(Urls.withoutSecrets(url) + ": " + reason));
    throw failed(what, lines, forged);
  }

  private <T> T permitted(URI url, Attempt<T> attempt) throws IOException, InterruptedException {
    if (Urls.isFile(url)) {
      return attempt.from(url);
    }
    if (options.offline()) {
      throw new HttpTransport.Refused("it is not cached, and --offline forbids to fetch it");
    }
    transfers.acquire();
    try {
      return attempt.from(url);
    } finally {
      transfers.release();
    }
  }

  /// An interrupt comes out of a file or connection as one of its errors.
  private static boolean isInterrupt(IOException e) {
    return Thread.currentThread().isInterrupted()
        || e instanceof ClosedByInterruptException
        || e.getCause() instanceof InterruptedException;
  }

  private static String words(IOException e) {
    return switch (e) {
      case UnknownHostException _ -> "the host is not known";
      case HttpConnectTimeoutException _ -> "the server does not answer";
      case ConnectException _ -> "the server refuses connections";
      default -> e.getMessage() == null ? "the connection broke" : e.getMessage();
    };
  }

  private static OverpakException failed(String what, List<String> reasons, boolean forged) {
    return new OverpakException(
        forged ? ExitCode.UNTRUSTED : ExitCode.REPOSITORY,
        "cannot get " + what + ": " + String.join("; ", reasons),
        forged
            ? "The repository or a mirror serves other bytes than its metadata promises: wait until"
                + " it is in step, or tell its owner."
            : "Check the repository's address and the network.");
  }

  static OverpakException interrupted() {
    return new OverpakException(ExitCode.INTERRUPTED, "interrupted while fetching files", "");
  }

  private synchronized HttpTransport transport() {
    if (transport == null) {
      transport = new HttpTransport(options);
    }
    return transport;
  }

  @Override
  public synchronized void close() {
    if (transport != null) {
      transport.close();
    }
  }
}
