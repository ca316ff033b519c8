package org.overpak.repo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.repo.RepositoryConfig.Mirrors;
import org.overpak.rpm.PackageMetadata;

/// From a configuration to metadata: mirrors, `repomd.xml` and its signature, `primary.xml`.
final class RepositoryLoader {
  /// Fedora's is 6 KiB.
  private static final int LARGEST_INDEX = 4 << 20;

  private static final String INDEX = "repodata/repomd.xml";

  private static final String FILELISTS = "filelists";

  private final Fetcher fetcher;
  private final IndexCache indexes;
  private final TableCache tables;
  private final RepositoryKeys keys;
  private final InstantSource clock;
  private final Progress progress;

  /// What this run takes for the state of each repository, whatever its server says later.
  private final Map<RepositoryConfig, IndexCache.Entry> entries = new ConcurrentHashMap<>();

  RepositoryLoader(
      Fetcher fetcher,
      IndexCache indexes,
      TableCache tables,
      RepositoryKeys keys,
      InstantSource clock,
      Progress progress) {
    this.fetcher = fetcher;
    this.indexes = indexes;
    this.tables = tables;
    this.keys = keys;
    this.clock = clock;
    this.progress = progress;
  }

  RepositoryMetadata load(RepositoryConfig config, boolean offline) {
    try {
      Optional<IndexCache.Entry> known = known(config);
      IndexCache.Entry entry = index(config, offline, known);
      Document document = entry.document();
      if (config.trust().repoGpgcheck()) {
        verifySignature(config, document, entry.signature());
      }
      var hrefs = new Hrefs(document.url());
      var index =
          RepositoryIndex.read(
              new ByteArrayInputStream(document.content()),
              Urls.withoutSecrets(document.url()),
              hrefs);
      // Only now: what is wrong must not be believed for as long as what is right.
      if (!known.equals(Optional.of(entry)) && !Urls.isFile(document.url())) {
        remember(config, entry);
      }
      PackageTable packages =
          tables.get(
              file(config, index, "primary").digest(),
              document.url().getScheme(),
              config.id(),
              () ->
                  read(
                      config,
                      index,
                      entry.baseUrls(),
                      "primary",
                      (in, origin) -> PrimaryReader.read(in, origin, hrefs)));
      return new RepositoryMetadata(config, index, entry.baseUrls(), packages);
    } catch (OverpakException e) {
      throw e.in("reading repository '" + config.id() + "'");
    }
  }

  /// See {@link Downloads#fingerprint}.
  Digest fingerprint(RepositoryConfig config, boolean offline) {
    IndexCache.Entry entry = index(config, offline, known(config));
    MessageDigest digest = Digest.Algorithm.SHA256.start();
    Stream.of(
            config.toString().getBytes(StandardCharsets.UTF_8),
            entry.document().content(),
            entry.signature().getBytes(StandardCharsets.UTF_8),
            keys.local(config))
        .map(part -> Digest.sha256(part).toString().getBytes(StandardCharsets.UTF_8))
        .forEach(digest::update);
    return Digest.finish(Digest.Algorithm.SHA256, digest);
  }

  private Optional<IndexCache.Entry> known(RepositoryConfig config) {
    // One stored before signatures were asked for has none.
    return indexes
        .find(config)
        .filter(one -> !config.trust().repoGpgcheck() || !one.signature().isEmpty());
  }

  private IndexCache.Entry index(
      RepositoryConfig config, boolean offline, Optional<IndexCache.Entry> known) {
    return entries.computeIfAbsent(config, _ -> ask(config, offline, known));
  }

  private IndexCache.Entry ask(
      RepositoryConfig config, boolean offline, Optional<IndexCache.Entry> known) {
    if (known.isPresent() && (offline || isFresh(known.get(), config))) {
      return known.get();
    }
    MirrorSet mirrors = mirrors(config);
    Set<URI> bases = new LinkedHashSet<>(config.location().baseUrls());
    bases.addAll(mirrors.baseUrls());
    if (bases.isEmpty()) {
      throw new OverpakException(
          ExitCode.REPOSITORY,
          "it has no base URL, and its mirror list names none",
          "Check baseurl, mirrorlist or metalink in its configuration.");
    }
    List<URI> urls = bases.stream().map(base -> Urls.below(base, INDEX)).toList();
    @Nullable Document stored = known.map(IndexCache.Entry::document).orElse(null);
    return fetcher.fromAny(
        INDEX, urls, url -> fetched(config, mirrors, baseOf(url, bases), stored, bases));
  }

  private static URI baseOf(URI url, Set<URI> bases) {
    return bases.stream().filter(base -> Urls.below(base, INDEX).equals(url)).findFirst().get();
  }

  private IndexCache.Entry fetched(
      RepositoryConfig config,
      MirrorSet mirrors,
      URI base,
      @Nullable Document stored,
      Set<URI> bases)
      throws IOException, InterruptedException {
    URI url = Urls.below(base, INDEX);
    Document document = fetcher.document(url, config.location(), LARGEST_INDEX, stored);
    if (!mirrors.accepts(document.content())) {
      throw new HttpTransport.Refused("it is not the repomd.xml that the metalink describes");
    }
    String signature = "";
    if (config.trust().repoGpgcheck()) {
      signature =
          new String(
              fetcher
                  .document(
                      Urls.below(base, INDEX + ".asc"), config.location(), LARGEST_INDEX, null)
                  .content(),
              StandardCharsets.UTF_8);
    }
    List<URI> order = new ArrayList<>(bases);
    order.remove(base);
    order.addFirst(base);
    return new IndexCache.Entry(document, signature, order, clock.instant());
  }

  private void remember(RepositoryConfig config, IndexCache.Entry entry) {
    try {
      indexes.store(config, entry);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverpakException(ExitCode.INTERRUPTED, "interrupted", "", e);
    }
  }

  private boolean isFresh(IndexCache.Entry entry, RepositoryConfig config) {
    Instant now = clock.instant();
    // A fetch in the future means that the clock was wrong: ask.
    return !entry.fetchedAt().isAfter(now)
        && entry.fetchedAt().plus(config.metadataExpire()).isAfter(now);
  }

  private MirrorSet mirrors(RepositoryConfig config) {
    return switch (config.location().mirrors()) {
      case Mirrors.None() -> MirrorSet.NONE;
      case Mirrors.MirrorList(var url) ->
          MirrorSet.parseList(document("the mirror list", url, config).content());
      case Mirrors.Metalink(var url) ->
          MirrorSet.parseMetalink(
              document("the metalink", url, config).content(), Urls.withoutSecrets(url));
    };
  }

  private Document document(String what, URI url, RepositoryConfig config) {
    return fetcher.fromAny(
        what, List.of(url), from -> fetcher.document(from, config.location(), LARGEST_INDEX, null));
  }

  private void verifySignature(RepositoryConfig config, Document document, String signature) {
    switch (keys.of(config)
        .verify(signature.getBytes(StandardCharsets.UTF_8), document.content())) {
      case Verdict.Good _ -> {}
      case Verdict.Refused(_, var explanation) ->
          throw new OverpakException(
              ExitCode.UNTRUSTED,
              Urls.withoutSecrets(document.url()) + " is not trusted: " + explanation,
              "Set gpgkey to the key that signs the repository's metadata.");
    }
  }

  /// Reads metadata from a stream that comes from ORIGIN.
  interface Parser<T> {
    T parse(InputStream in, String origin);
  }

  /// What PARSER makes of the metadata of TYPE.
  <T> T read(RepositoryMetadata metadata, String type, Parser<T> parser) {
    return read(metadata.config(), metadata.index(), metadata.baseUrls(), type, parser);
  }

  private static MetadataFile file(RepositoryConfig config, RepositoryIndex index, String type) {
    return index
        .file(type)
        .orElseThrow(
            () ->
                new OverpakException(
                    ExitCode.REPOSITORY,
                    "repository '" + config.id() + "' has no " + type + " metadata",
                    "Make the repository's metadata again."));
  }

  private <T> T read(
      RepositoryConfig config,
      RepositoryIndex index,
      List<URI> baseUrls,
      String type,
      Parser<T> parser) {
    MetadataFile file = file(config, index, type);
    List<URI> urls = RepositoryMetadata.urls(baseUrls, file.href());
    var wanted =
        new Fetcher.Wanted(
            file.href(), ContentCache.Kind.REPODATA, urls, file.digest(), file.size());
    try (var step =
        progress.begin(
            "reading " + type + " of repository " + config.id(), Math.max(0, file.size()))) {
      Path path = fetcher.file(wanted, config.location(), step);
      String origin =
          Urls.isFile(urls.getFirst()) ? path.toString() : Urls.withoutSecrets(urls.getFirst());
      Function<InputStream, T> parse = in -> parser.parse(in, origin);
      try (InputStream in = Files.newInputStream(path)) {
        return MetadataReader.read(file, in, origin, parse);
      } catch (IOException e) {
        throw ContentCache.failure("read", path, e);
      }
    }
  }

  /// The positions of the packages that own each of PATHS that `primary.xml` does not list. Reads
  /// the filelists only if there is such a path.
  Map<String, List<Integer>> owners(RepositoryMetadata metadata, Set<String> paths) {
    Set<String> unlisted = new LinkedHashSet<>(paths);
    unlisted.removeIf(RepositoryMetadata::isListedInPrimary);
    if (unlisted.isEmpty() || metadata.index().file(FILELISTS).isEmpty()) {
      return Map.of();
    }
    Map<String, List<String>> byPackage =
        read(metadata, FILELISTS, (in, origin) -> FilelistsReader.owners(in, origin, unlisted));
    Map<String, List<Integer>> owners = new TreeMap<>();
    PackageTable packages = metadata.packages();
    for (int position = 0; position < packages.size() && !byPackage.isEmpty(); position++) {
      for (String path : byPackage.getOrDefault(packages.packageId(position), List.of())) {
        owners.computeIfAbsent(path, _ -> new ArrayList<>()).add(position);
      }
    }
    return owners;
  }

  /// See {@link Downloads#files}.
  Map<RepositoryPackage, List<String>> files(
      RepositoryMetadata metadata, List<RepositoryPackage> packages) {
    Map<RepositoryPackage, List<String>> files = new HashMap<>();
    packages.forEach(one -> files.put(one, one.metadata().files()));
    // One that has none says all in its primary metadata.
    if (!packages.isEmpty() && metadata.index().file(FILELISTS).isPresent()) {
      Set<String> ids = new HashSet<>();
      packages.forEach(one -> ids.add(one.digest().hex()));
      Map<String, List<String>> byId =
          read(metadata, FILELISTS, (in, origin) -> FilelistsReader.files(in, origin, ids));
      files.replaceAll((one, _) -> byId.getOrDefault(one.digest().hex(), List.of()));
    }
    return files;
  }

  /// See {@link Downloads#having}.
  List<PackageMetadata> having(RepositoryMetadata metadata, Predicate<List<String>> files) {
    Set<String> ids =
        read(metadata, FILELISTS, (in, origin) -> FilelistsReader.having(in, origin, files));
    PackageTable packages = metadata.packages();
    return IntStream.range(0, packages.size())
        .filter(position -> ids.contains(packages.packageId(position)))
        .mapToObj(packages::metadata)
        .toList();
  }
}
