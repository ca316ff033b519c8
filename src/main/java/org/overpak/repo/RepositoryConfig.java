package org.overpak.repo;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// One repository as configured: where it is, whom it trusts, and what of it may be chosen.
///
/// From a `.repo` file ({@link RepoFile#read}) or from `NAME=URL_OR_DIRECTORY` ({@link
/// #parseOption}).
///
/// @param id what messages and the lockfile call it; unique among the repositories of a build
/// @param name for people; the id where none is given
/// @param skipIfUnavailable whether a build goes on without it if its metadata cannot be fetched
/// @param metadataExpire how old a fetched `repomd.xml` may be before the server is asked again;
///   zero asks always
public record RepositoryConfig(
    String id,
    String name,
    boolean enabled,
    Location location,
    Trust trust,
    Selection selection,
    boolean skipIfUnavailable,
    Duration metadataExpire) {

  /// Letters that dnf allows in an id (libdnf, `Repo::verifyId`): safe in messages and file names.
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.:-]+");

  /// Where the repository is: `repodata/repomd.xml` lies directly under each of these.
  ///
  /// A user and password inside a URL are taken out of it, so that it may be shown and written
  /// down.
  ///
  /// @param baseUrls `http:`, `https:` or `file:`, tried in this order
  /// @param credentials for the servers of these URLs, not for mirrors that they name
  public record Location(List<URI> baseUrls, Mirrors mirrors, Credentials credentials) {
    public Location {
      for (URI url : baseUrls) {
        if (credentials.isEmpty() && url.getUserInfo() != null) {
          credentials = Credentials.parse(url.getUserInfo());
        }
      }
      baseUrls = baseUrls.stream().map(Urls::withoutUser).toList();
    }

    /// The credentials, if URL is on one of the servers that they are for.
    Credentials credentialsFor(URI url) {
      boolean ours =
          baseUrls.stream().anyMatch(base -> Urls.sameOrigin(base, url))
              || switch (mirrors) {
                case Mirrors.None() -> false;
                case Mirrors.MirrorList(var list) -> Urls.sameOrigin(list, url);
                case Mirrors.Metalink(var metalink) -> Urls.sameOrigin(metalink, url);
              };
      return ours ? credentials : Credentials.NONE;
    }
  }

  /// Where to ask for more base URLs.
  public sealed interface Mirrors {
    /// Nowhere.
    record None() implements Mirrors {}

    /// A text file of one base URL a line.
    record MirrorList(URI url) implements Mirrors {}

    /// A [metalink](https://datatracker.ietf.org/doc/html/rfc5854) of `repomd.xml`, which also says
    /// what its digest must be.
    record Metalink(URI url) implements Mirrors {}
  }

  /// Whom the repository trusts. Keys are pinned: no key of one repository is good for another, and
  /// none comes from the network unless its URL is listed here.
  ///
  /// @param gpgcheck whether each package must be signed by one of the keys
  /// @param repoGpgcheck whether `repomd.xml` must be
  /// @param keys `https:` or `file:` URLs of OpenPGP certificates
  public record Trust(boolean gpgcheck, boolean repoGpgcheck, List<URI> keys) {
    public Trust {
      keys = List.copyOf(keys);
    }
  }

  /// What of the repository may be chosen, and how eagerly.
  ///
  /// @param priority lower is better; 99 unless configured
  /// @param cost lower is better, among equal versions in repositories of equal priority; 1000
  ///   unless configured
  /// @param include globs; where there are any, nothing else is visible
  /// @param exclude globs of packages that are not visible
  /// @param moduleHotfixes whether its packages are exempt from modular filtering
  public record Selection(
      int priority, int cost, List<String> include, List<String> exclude, boolean moduleHotfixes) {
    /// dnf's defaults.
    public static final Selection DEFAULT = new Selection(99, 1000, List.of(), List.of(), false);

    public Selection {
      include = List.copyOf(include);
      exclude = List.copyOf(exclude);
    }
  }

  public RepositoryConfig {
    if (!isId(id)) {
      throw new OverpakException(
          ExitCode.SPEC,
          "'" + id + "' cannot name a repository",
          "Use letters, digits and '_', '.', ':', '-' only.");
    }
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /// Parses `NAME=URL_OR_DIRECTORY`, as given on a command line. Signatures are required.
  ///
  /// @param keys as in {@link Trust}
  /// @throws OverpakException if TEXT is not of that form
  public static RepositoryConfig parseOption(String text, List<URI> keys) {
    int equals = text.indexOf('=');
    if (equals <= 0 || equals == text.length() - 1) {
      throw new OverpakException(
          ExitCode.USAGE,
          "'" + text + "' does not say which repository",
          "Write NAME=URL or NAME=DIRECTORY.");
    }
    String id = text.substring(0, equals);
    return new RepositoryConfig(
        id,
        id,
        true,
        new Location(
            List.of(parseLocation(text.substring(equals + 1))),
            new Mirrors.None(),
            Credentials.NONE),
        new Trust(true, false, keys),
        Selection.DEFAULT,
        false,
        Duration.ZERO);
  }

  /// A URL as it is, or the `file:` URL of a path; relative paths start at the working directory.
  ///
  /// @throws OverpakException if TEXT is neither, or of a scheme that no repository uses
  public static URI parseLocation(String text) {
    try {
      if (text.startsWith("/") || !text.contains(":")) {
        return directory(Path.of(text));
      }
      URI url = Urls.parse(text);
      if (Urls.isHttp(url) || Urls.isFile(url)) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw notLocation(text);
    }
    throw notLocation(text);
  }

  private static URI directory(Path path) {
    // Not Path.toUri: that looks at the disk, to add a slash to what is a directory.
    return Urls.parse("file://" + path.toAbsolutePath().normalize().toString().replace("%", "%25"));
  }

  private static OverpakException notLocation(String text) {
    return new OverpakException(
        ExitCode.SPEC,
        "'"
            + Urls.withoutSecrets(text)
            + "' is neither a directory nor an http:, https: or file: URL",
        "Correct the address.");
  }

  /// The same repository, whose packages need no signature: `--no-gpgcheck`.
  public RepositoryConfig withoutGpgcheck() {
    return new RepositoryConfig(
        id,
        name,
        enabled,
        location,
        new Trust(false, trust.repoGpgcheck(), trust.keys()),
        selection,
        skipIfUnavailable,
        metadataExpire);
  }

  public RepositoryConfig withEnabled(boolean enabled) {
    return new RepositoryConfig(
        id, name, enabled, location, trust, selection, skipIfUnavailable, metadataExpire);
  }
}
