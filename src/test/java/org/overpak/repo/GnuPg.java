package org.overpak.repo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.overpak.testing.Command;

/// Keys that gpg makes for a test, in a home of their own, at a time of their own.
public final class GnuPg implements AutoCloseable {
  private final Path home;
  private final String now;

  private GnuPg(Path home, String now) {
    this.home = home;
    this.now = now;
  }

  public static GnuPg create() {
    try {
      // Short, since gpg-agent's socket lies in it.
      return new GnuPg(Files.createTempDirectory("gpg"), "20240101T000000");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same keys at another time, `20240101T000000`.
  GnuPg at(String time) {
    return new GnuPg(home, time);
  }

  public Command.Result gpg(String... arguments) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "gpg",
                "--batch",
                "--quiet",
                "--no-tty",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                "",
                "--faked-system-time",
                now));
    line.addAll(List.of(arguments));
    return Command.of(line).with("GNUPGHOME", home.toString()).run();
  }

  /// Makes a key that signs, and nothing else.
  ///
  /// @return its fingerprint
  public String key(String name, String algorithm, String usage) {
    gpg("--quick-gen-key", name, algorithm, usage, "never");
    return fingerprint(name);
  }

  String fingerprint(String name) {
    return gpg("--with-colons", "--list-keys", "=" + name).lines().stream()
        .filter(line -> line.startsWith("fpr:"))
        .findFirst()
        .orElseThrow()
        .split(":")[9];
  }

  public byte[] certificate(String name) {
    return gpg("--export", "=" + name).output();
  }

  byte[] armoured(String name) {
    return gpg("--armor", "--export", "=" + name).output();
  }

  /// A detached signature of FILE.
  byte[] sign(Path file, String user, String... options) {
    List<String> line = new ArrayList<>(List.of(options));
    line.addAll(List.of("--local-user", user, "--output", "-", "--detach-sign", file.toString()));
    return gpg(line.toArray(String[]::new)).output();
  }

  /// Revokes a key with the certificate that gpg made with it: reason not given, so for all times.
  void revoke(String fingerprint) throws IOException {
    Path prepared = home.resolve("openpgp-revocs.d").resolve(fingerprint + ".rev");
    Path usable = home.resolve("revocation");
    Files.writeString(usable, Files.readString(prepared).replaceAll("(?m)^:---", "---"));
    gpg("--import", usable.toString());
  }

  @Override
  public void close() {
    Command.of("gpgconf", "--kill", "all").with("GNUPGHOME", home.toString()).run();
    try (var files = Files.walk(home)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.deleteIfExists(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
