package org.overpak.repo;

import java.time.Duration;

/// How patiently and how politely files are fetched.
///
/// @param offline whether only what is cached or local may be used
/// @param parallel how many transfers at once
/// @param rounds how often all mirrors are tried before giving up
/// @param pause before the second round; doubled before each further one
/// @param connectTimeout how long a server may take to accept and to answer
/// @param stallTimeout how long a transfer may stand still
public record DownloadOptions(
    boolean offline,
    int parallel,
    int rounds,
    Duration pause,
    Duration connectTimeout,
    Duration stallTimeout) {
  /// Eight at once is what librepo calls polite at most (its default is 3 per mirror).
  public static final DownloadOptions DEFAULT =
      new DownloadOptions(
          false, 8, 3, Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(30));

  public DownloadOptions withOffline(boolean offline) {
    return new DownloadOptions(offline, parallel, rounds, pause, connectTimeout, stallTimeout);
  }
}
