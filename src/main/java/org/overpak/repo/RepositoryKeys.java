package org.overpak.repo;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.List;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Reads the keys that a repository's configuration names.
final class RepositoryKeys {
  private static final int LARGEST = 16 << 20;

  private final Fetcher fetcher;

  RepositoryKeys(Fetcher fetcher) {
    this.fetcher = fetcher;
  }

  /// The keyring of the repository, and of it alone.
  ///
  /// @throws OverpakException if one of the keys cannot be had, or came over plain HTTP
  Keyring of(RepositoryConfig config) {
    var keyring = Keyring.EMPTY;
    for (URI url : config.trust().keys()) {
      keyring = keyring.with(Keyring.parse(trusted(config, url), Urls.withoutSecrets(url)));
    }
    return keyring;
  }

  /// The files with the keys of the repository.
  ///
  /// @throws OverpakException as {@link #of}
  List<byte[]> files(RepositoryConfig config) {
    return config.trust().keys().stream().map(url -> trusted(config, url)).toList();
  }

  private byte[] trusted(RepositoryConfig config, URI url) {
    if (!Urls.isFile(url) && !Urls.isHttps(url)) {
      throw new OverpakException(
          ExitCode.UNTRUSTED,
          "the key "
              + Urls.withoutSecrets(url)
              + " of repository '"
              + config.id()
              + "' comes over plain http:, where anybody on the way can replace it",
          "Use an https: URL, or save the key and name the file.");
    }
    return content(config, url);
  }

  /// Those keys of the repository that are files of this machine, one after the other.
  byte[] local(RepositoryConfig config) {
    var all = new ByteArrayOutputStream();
    config.trust().keys().stream()
        .filter(Urls::isFile)
        .forEach(url -> all.writeBytes(content(config, url)));
    return all.toByteArray();
  }

  private byte[] content(RepositoryConfig config, URI url) {
    return fetcher
        .fromAny(
            "a key of repository '" + config.id() + "'",
            List.of(url),
            from -> fetcher.document(from, config.location(), LARGEST, null))
        .content();
  }
}
