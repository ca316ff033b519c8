package org.overpak.build;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.oci.ImageName;
import org.overpak.repo.RepositoryConfig;
import org.overpak.repo.Variables;
import org.overpak.spec.PackageSpec;

/// Waits until one of some files has other content, also where it is replaced with the directory it
/// is in, as `createrepo_c` does.
public final class SourceWatch implements AutoCloseable {
  /// Between two looks at files that are being replaced.
  private static final int SETTLING_MILLISECONDS = 50;

  /// As long as a file may be away while it is replaced.
  private static final int LOOKS_FOR_MISSING = 20;

  /// Of larger files it is not the content that is compared, but what tells that it was changed.
  private static final int LARGEST_READ = 1 << 20;

  private static final String MISSING = "missing";

  private final List<Path> files;
  private final WatchService service;
  private final Map<Path, String> before;

  private SourceWatch(List<Path> files, WatchService service) {
    this.files = files;
    this.service = service;
    this.before = contents(files);
  }

  /// What REQUEST is built from and lies on this machine, SPEC first: files that change when
  /// something of it does.
  public static List<Path> sources(Path spec, AppBuild.Request request) {
    List<Path> files = new ArrayList<>(List.of(spec));
    files.addAll(request.spec().named());
    for (RepositoryOption option : request.repositories().options()) {
      if (option instanceof RepositoryOption.ConfigFile(Path file)) {
        files.add(file);
      }
      configs(option).stream()
          .flatMap(config -> config.location().baseUrls().stream())
          .filter(url -> "file".equals(url.getScheme()))
          .map(url -> Path.of(url.getPath()).resolve("repodata/repomd.xml"))
          .forEach(files::add);
    }
    request.spec().flatpak().packages().stream()
        .map(PackageSpec::name)
        .filter(LocalPackages::isFile)
        .map(request.directory()::resolve)
        .forEach(files::add);
    changing(request.runtime()).ifPresent(files::add);
    if (request.extended() != null) {
      changing(request.extended()).ifPresent(files::add);
    }
    return List.copyOf(files);
  }

  /// The file that changes with IMAGE; empty where only its programs can look into it.
  private static Optional<Path> changing(ImageName image) {
    return switch (image) {
      case ImageName.Layout layout -> Optional.of(layout.directory().resolve("index.json"));
      case ImageName.LayoutArchive archive -> Optional.of(archive.file());
      case ImageName.DockerArchive archive -> Optional.of(archive.file());
      case ImageName.Directory directory ->
          Optional.of(directory.directory().resolve("manifest.json"));
      case ImageName.Storage _ -> Optional.empty();
    };
  }

  /// A place that depends on the release cannot be told before the runtime is read.
  private static List<RepositoryConfig> configs(RepositoryOption option) {
    try {
      return option.configs(Variables.of(System.getProperty("os.arch", ""), ""), _ -> {});
    } catch (OverpakException _) {
      return List.of();
    }
  }

  /// Begins to watch FILES, which need not exist.
  ///
  /// @throws OverpakException (FILESYSTEM) if this machine cannot watch more files
  public static SourceWatch of(List<Path> files) {
    try {
      return new SourceWatch(
          files.stream().map(Path::toAbsolutePath).toList(),
          FileSystems.getDefault().newWatchService());
    } catch (IOException e) {
      throw unwatchable(e);
    }
  }

  /// Returns when a file has other content than when this was made.
  ///
  /// @throws OverpakException (INTERRUPTED) if the thread is interrupted
  public void await() {
    try {
      while (true) {
        // Anew each time, since directories that were replaced are watched no more.
        watchDirectories();
        if (!settled().equals(before)) {
          return;
        }
        for (WatchKey key = service.take(); key != null; key = service.poll()) {
          key.pollEvents();
          key.reset();
        }
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      Thread.currentThread().interrupt();
      throw new OverpakException(ExitCode.INTERRUPTED, "waiting for a change: interrupted", "", e);
    } catch (IOException e) {
      throw unwatchable(e);
    }
  }

  private void watchDirectories() throws IOException {
    for (Path file : files) {
      Path parent = file.resolveSibling("");
      for (Path directory : List.of(parent, parent.resolve("..").normalize())) {
        if (Files.isDirectory(directory)) {
          directory.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
        }
      }
    }
  }

  /// The contents, once they have stayed the same for a moment.
  private Map<Path, String> settled() throws InterruptedException {
    Map<Path, String> last = contents(files);
    for (int look = 0; look < LOOKS_FOR_MISSING && !last.equals(before); look++) {
      TimeUnit.MILLISECONDS.sleep(SETTLING_MILLISECONDS);
      Map<Path, String> now = contents(files);
      Predicate<Path> isGone =
          file -> MISSING.equals(now.get(file)) && !MISSING.equals(before.get(file));
      if (now.equals(last) && files.stream().noneMatch(isGone)) {
        return now;
      }
      last = now;
    }
    return last;
  }

  private static Map<Path, String> contents(List<Path> files) {
    Map<Path, String> contents = new TreeMap<>();
    for (Path file : files) {
      try {
        contents.put(
            file,
            Files.size(file) > LARGEST_READ
                ? Files.readAttributes(file, "unix:ino,size,ctime").toString()
                : Digest.sha256(Files.readAllBytes(file)).hex());
      } catch (IOException _) {
        contents.put(file, MISSING);
      }
    }
    return contents;
  }

  private static OverpakException unwatchable(IOException cause) {
    return new OverpakException(
        ExitCode.FILESYSTEM,
        "files cannot be watched: " + cause.getMessage(),
        "Raise fs.inotify.max_user_watches or max_user_instances, or build without --watch.",
        cause);
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException _) {
      // What it watched is forgotten with the process.
    }
  }
}
