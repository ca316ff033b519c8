package org.overpak.repo;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;

/// Gets metadata and packages from repositories, verified, through a cache that several runs may
/// share. Threads may share it too. A run that is killed leaves nothing that a later one would
/// trust.
public final class Downloads implements AutoCloseable {
  private final DownloadOptions options;
  private final Fetcher fetcher;
  private final RepositoryKeys keys;
  private final TableCache tables;
  private final RepositoryLoader loader;
  private final Progress progress;

  /// @param cache directory, made when it is needed
  public Downloads(Path cache, DownloadOptions options, Progress progress) {
    this(cache, options, progress, InstantSource.system());
  }

  Downloads(Path cache, DownloadOptions options, Progress progress, InstantSource clock) {
    var content = new ContentCache(cache);
    this.options = options;
    this.progress = progress;
    this.fetcher = new Fetcher(options, content);
    this.keys = new RepositoryKeys(fetcher);
    this.tables = new TableCache(content);
    this.loader =
        new RepositoryLoader(fetcher, new IndexCache(content), tables, keys, clock, progress);
  }

  /// The packages of what has this digest, such as a runtime's image: made by PACKAGES the first
  /// time, found in the cache from then on.
  public PackageIndex remembered(Digest digest, Supplier<List<PackageMetadata>> packages) {
    return tables.get(digest, "installed", "", () -> MetadataTable.of(packages.get()));
  }

  /// Reads the metadata of the enabled ones of CONFIGS, in their order.
  ///
  /// @param notes hears of each that is left out because it cannot be had and has
  ///   `skip_if_unavailable`
  /// @throws OverpakException (REPOSITORY) if metadata cannot be had or is malformed; (UNTRUSTED)
  ///   if a checksum or signature is wrong; (FILESYSTEM) if the cache cannot be written
  public List<RepositoryMetadata> open(List<RepositoryConfig> configs, Consumer<String> notes) {
    List<String> unavailable = Collections.synchronizedList(new ArrayList<>());
    List<RepositoryMetadata> opened =
        configs.stream()
            .filter(RepositoryConfig::enabled)
            // Waiting for servers, not for the processor: as many as there may be transfers.
            .gather(
                Gatherers.mapConcurrent(
                    options.parallel(), config -> openOrSkip(config, unavailable::add)))
            .flatMap(Optional::stream)
            .toList();
    unavailable.stream().sorted().forEach(notes);
    return opened;
  }

  /// What tells the enabled ones of CONFIGS, with all that is in them and whom they trust, from any
  /// other state of them. Nothing is verified: that was done when what is known by it was made.
  ///
  /// @throws OverpakException as {@link #open}; a repository that cannot be had is never left out
  public Digest fingerprint(List<RepositoryConfig> configs) {
    return Digest.sha256(
        configs.stream()
            .filter(RepositoryConfig::enabled)
            .gather(
                Gatherers.mapConcurrent(
                    options.parallel(), config -> loader.fingerprint(config, options.offline())))
            .map(Digest::toString)
            .collect(Collectors.joining("\n"))
            .getBytes(StandardCharsets.UTF_8));
  }

  private Optional<RepositoryMetadata> openOrSkip(
      RepositoryConfig config, Consumer<String> unavailable) {
    try {
      return Optional.of(loader.load(config, options.offline()));
    } catch (OverpakException e) {
      if (config.skipIfUnavailable() && e.exitCode() == ExitCode.REPOSITORY) {
        unavailable.accept("Repository '" + config.id() + "' is left out: " + e.getMessage());
        return Optional.empty();
      }
      throw e;
    }
  }

  /// The positions of the packages that own each of PATHS which primary metadata does not list, so
  /// that dependencies on files can be resolved. Reads the filelists only if one of PATHS needs
  /// them ({@link RepositoryMetadata#isListedInPrimary}), and keeps nothing else of them.
  public Map<String, List<Integer>> owners(RepositoryMetadata metadata, Set<String> paths) {
    return loader.owners(metadata, paths);
  }

  /// All files of PACKAGES, which are the repository's. Reads the filelists, if there are any.
  public Map<RepositoryPackage, List<String>> files(
      RepositoryMetadata metadata, List<RepositoryPackage> packages) {
    return loader.files(metadata, packages);
  }

  /// The packages of which FILES accepts the paths of all files, without directories and what they
  /// only claim (`%ghost`). Reads all filelists.
  public List<PackageMetadata> having(RepositoryMetadata metadata, Predicate<List<String>> files) {
    return loader.having(metadata, files);
  }

  /// The groups of the repository; none if it has no such metadata.
  public Comps comps(RepositoryMetadata metadata) {
    // Older repositories have the compressed file as a type of its own.
    for (String type : List.of("group", "group_gz")) {
      if (metadata.index().file(type).isPresent()) {
        return loader.read(metadata, type, CompsReader::read);
      }
    }
    return new Comps(List.of(), List.of());
  }

  /// The module streams of the repository; none if it has no such metadata.
  public Modules modules(RepositoryMetadata metadata) {
    return metadata.index().file("modules").isPresent()
        ? loader.read(metadata, "modules", ModulesReader::read)
        : Modules.NONE;
  }

  /// Gets the package files, in the order of SOURCES: each has the digest that its source says, is
  /// the package that it says, and is signed by a key of its repository unless that one has
  /// `gpgcheck` off.
  ///
  /// Files of local repositories stay where they are; the others lie in the cache. Neither may be
  /// changed or hard-linked.
  ///
  /// @throws OverpakException as {@link #open}, with the name of the package
  public List<VerifiedPackage> fetch(List<PackageSource> sources) {
    long total = sources.stream().mapToLong(source -> Math.max(0, source.size())).sum();
    var verifier = new PackageVerifier(keys);
    try (var step = progress.begin("downloading " + sources.size() + " packages", total)) {
      return sources.stream()
          .gather(
              Gatherers.mapConcurrent(
                  options.parallel(), source -> verifier.verify(source, file(source, step))))
          .toList();
    }
  }

  /// The files with the keys that a repository trusts, as they are.
  ///
  /// @throws OverpakException as {@link #open}
  public List<byte[]> keys(RepositoryConfig config) {
    return keys.files(config);
  }

  private Path file(PackageSource source, Progress.Step step) {
    return fetcher.file(
        new Fetcher.Wanted(
            "package " + source.nevra(),
            ContentCache.Kind.PACKAGES,
            source.urls(),
            source.digest(),
            source.size()),
        source.repository().location(),
        step);
  }

  /// Ends all transfers.
  @Override
  public void close() {
    fetcher.close();
  }
}
