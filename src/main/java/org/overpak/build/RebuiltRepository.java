package org.overpak.build;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.repo.Downloads;
import org.overpak.repo.PackageSource;
import org.overpak.repo.RepositoryConfig;
import org.overpak.repo.RepositoryWriter;
import org.overpak.tree.Directories;

/// A directory with packages that were built for `/app`, as a repository that other builds use:
///
///     NAME-VERSION-RELEASE.ARCH.rpm
///     repodata/
///     rebuilt.repo     configuration for it
///     built/SOURCE     what of it a source package gave, and from which inputs
///     logs/SOURCE.log  what was said when that was built
///
/// Packages of one source package come and go together; a record appears when all of them are there.
/// One process at a time.
final class RebuiltRepository implements AutoCloseable {
  /// What other builds call it.
  static final String ID = "rebuilt";

  private final Path directory;
  private final FileChannel lock;

  private RebuiltRepository(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /// @param directory made if it is missing
  /// @throws OverpakException (FILESYSTEM) if it cannot be written, or another process works there
  static RebuiltRepository open(Path directory) {
    try {
      for (String name : List.of("built", "logs")) {
        Files.createDirectories(directory.resolve(name));
      }
      var channel =
          FileChannel.open(
              directory.resolve("built/.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      @Nullable FileLock held = channel.tryLock();
      if (held == null) {
        channel.close();
        throw new OverpakException(
            ExitCode.FILESYSTEM,
            "another process rebuilds packages into " + directory,
            "Wait for it, or choose another directory.");
      }
      return new RebuiltRepository(directory, channel);
    } catch (IOException e) {
      throw failure(directory, e);
    }
  }

  private static OverpakException failure(Path directory, IOException e) {
    return new OverpakException(
        ExitCode.FILESYSTEM,
        "the repository " + directory + " cannot be written: " + e,
        "Make room there, repair it, or choose another directory.",
        e);
  }

  Path log(String source) {
    return directory.resolve("logs").resolve(source + ".log");
  }

  /// The file that configures it for other builds.
  Path configuration() {
    return directory.resolve(ID + ".repo");
  }

  /// The files that SOURCE gave from INPUTS, if they are all there as they were.
  Optional<List<Path>> find(String source, Digest inputs) {
    try {
      List<String> lines = record(source);
      if (lines.isEmpty() || !lines.getFirst().equals(inputs.toString())) {
        return Optional.empty();
      }
      List<Path> files = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        int space = line.indexOf(' ');
        Path file = directory.resolve(line.substring(space + 1));
        if (!Files.isRegularFile(file)
            || !LocalPackages.digest(file).toString().equals(line.substring(0, space))) {
          return Optional.empty();
        }
        files.add(file);
      }
      return Optional.of(files);
    } catch (IOException e) {
      throw failure(directory, e);
    }
  }

  private List<String> record(String source) throws IOException {
    Path file = directory.resolve("built").resolve(source);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /// Takes the files NAMES, which lie in FROM, for what SOURCE gave from INPUTS, in the place of
  /// what it gave before.
  List<Path> put(String source, Digest inputs, List<String> names, Path from) {
    try {
      Path record = directory.resolve("built").resolve(source);
      Set<String> old = new HashSet<>();
      record(source).stream().skip(1).forEach(line -> old.add(line.replaceFirst("^\\S+ ", "")));
      Files.deleteIfExists(record);
      List<Path> files = new ArrayList<>();
      List<String> lines = new ArrayList<>(List.of(inputs.toString()));
      for (String name : new TreeSet<>(names)) {
        Path file = directory.resolve(name);
        // From the cache, which may be on another file system.
        Path partial = directory.resolve("." + name + ".partial");
        Files.move(from.resolve(name), partial, StandardCopyOption.REPLACE_EXISTING);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        lines.add(LocalPackages.digest(file) + " " + name);
        files.add(file);
        old.remove(name);
      }
      for (String name : old) {
        Files.deleteIfExists(directory.resolve(name));
      }
      Files.write(record, lines);
      return files;
    } catch (IOException e) {
      throw failure(directory, e);
    }
  }

  /// Writes metadata of all that is there, and the configuration.
  void describe(Downloads downloads) {
    try {
      var all = LocalPackages.preferred(ID);
      Set<String> names = new TreeSet<>();
      try (var records = Files.list(directory.resolve("built"))) {
        for (Path record : records.filter(one -> !one.endsWith(".lock")).toList()) {
          Files.readAllLines(record).stream()
              .skip(1)
              .forEach(line -> names.add(line.replaceFirst("^\\S+ ", "")));
        }
      }
      for (String name : names) {
        all.add(name, directory, _ -> {});
      }
      List<PackageSource> sources = all.sources();
      Path metadata = Files.createTempDirectory(directory, ".repodata");
      try {
        RepositoryWriter.write(downloads.fetch(sources), metadata);
        Directories.delete(directory.resolve("repodata"));
        Files.move(metadata, directory.resolve("repodata"), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Directories.delete(metadata);
      }
      Files.writeString(
          configuration(),
          """
          [%s]
          name=Packages rebuilt for /app
          baseurl=%s
          enabled=1
          # They are unsigned, and go before those of the distribution.
          gpgcheck=0
          priority=1
          """
              .formatted(ID, RepositoryConfig.parseLocation(directory.toString())));
    } catch (IOException e) {
      throw failure(directory, e);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException _) {
      // It goes with the process.
    }
  }
}
