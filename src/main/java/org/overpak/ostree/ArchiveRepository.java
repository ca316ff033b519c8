package org.overpak.ostree;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.gvariant.Variant;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Writes repositories of mode archive, which any web server can serve as they are: directories of
/// files that never change, but for refs and summary.
///
/// Every file appears by a rename, a commit after all that it consists of, its ref after it, the
/// summary last: whoever reads meanwhile sees the old state or the new one.
public final class ArchiveRepository {
  public static final String MODE = "archive-z2";

  /// As libostree compresses (`ostree-core-private.h:OSTREE_ARCHIVE_DEFAULT_COMPRESSION_LEVEL`).
  private static final int LEVEL = 6;

  private static final String CONFIG = "[core]\nrepo_version=1\nmode=" + MODE + "\n";
  private static final String OTHER =
      "Give a directory that does not exist yet, or an OSTree repository of mode archive.";

  private final Path directory;
  private final Path temporary;

  /// Says what a repository's summary holds.
  public interface Indexer {
    /// The summary of a repository of MODE with COMMITS by their refs.
    byte[] summary(SortedMap<String, Commit> commits, String mode);

    /// The signatures of SUMMARY; empty if it is not signed.
    Variant.Array signatures(byte[] summary);
  }

  private ArchiveRepository(Path directory) throws IOException {
    this.directory = directory;
    this.temporary = Files.createTempDirectory(directory.resolve("tmp"), "overpak-");
  }

  /// Adds REVISIONS to the repository in DIRECTORY, which is made if it is not there; what it has
  /// stays, but refs of the same names change.
  ///
  /// @param revisions their content is read by several threads, in any order: files are best
  /// @throws OverpakException (IMAGE) if DIRECTORY holds something else, (FILESYSTEM) if it cannot
  ///   be written
  public static void write(
      Path directory, List<Revision> revisions, Indexer indexer, Progress progress) {
    write(directory, revisions, indexer, false, progress);
  }

  /// As {@link #write}, after which the repository in DIRECTORY holds REVISIONS and nothing else.
  public static void replace(
      Path directory, List<Revision> revisions, Indexer indexer, Progress progress) {
    write(directory, revisions, indexer, true, progress);
  }

  private static void write(
      Path directory, List<Revision> revisions, Indexer indexer, boolean alone, Progress progress) {
    try {
      prepare(directory);
      var repository = new ArchiveRepository(directory);
      try {
        for (Revision revision : revisions) {
          repository.add(revision, progress);
        }
        if (alone) {
          repository.removeAllBut(revisions, new TreePath("refs/heads"));
        }
        repository.index(indexer);
        if (alone) {
          repository.removeAllBut(revisions, ObjectType.OBJECTS);
        }
      } finally {
        deleteAll(repository.temporary);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "writing the repository " + directory + ": " + e.getMessage(),
          "Check permissions and space there.",
          e);
    }
  }

  private static void prepare(Path directory) throws IOException {
    Path config = directory.resolve("config");
    if (Files.exists(config)) {
      requireArchive(directory, Files.readString(config));
    } else if (Files.isDirectory(directory) && !isEmpty(directory)) {
      throw new OverpakException(
          ExitCode.IMAGE, directory + " holds something else than an OSTree repository", OTHER);
    }
    for (String name :
        List.of("objects", "refs/heads", "refs/mirrors", "refs/remotes", "state", "tmp/cache")) {
      Files.createDirectories(directory.resolve(name));
    }
    if (!Files.exists(config)) {
      Path partial = Files.writeString(directory.resolve("tmp/config.partial"), CONFIG);
      Files.move(partial, config, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void requireArchive(Path directory, String config) {
    String mode = Repository.modeOf(config);
    if (!mode.equals(MODE) && !mode.equals("archive")) {
      throw new OverpakException(
          ExitCode.IMAGE, directory + " is an OSTree repository of mode " + mode, OTHER);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  private void add(Revision revision, Progress progress) throws IOException {
    for (Map.Entry<TreePath, byte[]> object : revision.objects().metadata().entrySet()) {
      putMissing(object.getKey(), object.getValue());
    }
    addFiles(revision.objects(), progress);
    Digest id = revision.commit().id();
    Optional<byte[]> detached = revision.detachedBytes();
    if (detached.isPresent()) {
      put(ObjectType.DETACHED_METADATA.path(id), detached.get());
    }
    putMissing(ObjectType.COMMIT.path(id), revision.commit().serialize());
    put(
        new TreePath("refs/heads/" + revision.ref()),
        (id.hex() + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void addFiles(TreeObjects objects, Progress progress) throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("ostree-object-", 0).factory());
    long size = objects.files().values().stream().mapToLong(file -> sizeOf(file.entry())).sum();
    try (var step = progress.begin("writing objects", size)) {
      List<Future<Long>> pending = new ArrayList<>();
      objects
          .files()
          .forEach((id, file) -> pending.add(workers.submit(() -> addFile(id, file.entry()))));
      for (Future<Long> one : pending) {
        step.advance(await(one));
      }
    } finally {
      workers.shutdownNow();
    }
  }

  private static long sizeOf(Entry entry) {
    return entry instanceof Entry.RegularFile file ? file.content().size() : 0;
  }

  private static long await(Future<Long> result) throws IOException {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverpakException(ExitCode.INTERRUPTED, "writing objects: interrupted", "", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private long addFile(Digest id, Entry entry) throws IOException {
    Path target = place(ObjectType.ARCHIVED_FILE.path(id));
    if (Files.exists(target)) {
      return sizeOf(entry);
    }
    Path partial = temporary.resolve(id.hex());
    try (OutputStream out = Files.newOutputStream(partial)) {
      switch (entry) {
        case Entry.Symlink link -> out.write(FileHeader.of(link).archived(0));
        case Entry.RegularFile file -> {
          out.write(FileHeader.of(file).archived(file.content().size()));
          deflate(file.content(), out);
        }
        case Entry.Directory _, Entry.Special _ ->
            throw new IllegalArgumentException("no file: " + entry);
      }
    }
    Files.createDirectories(target.resolveSibling(""));
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    return sizeOf(entry);
  }

  private static void deflate(Content content, OutputStream out) throws IOException {
    try (var deflater = new Deflater(LEVEL, true);
        InputStream in = content.open()) {
      var deflated = new DeflaterOutputStream(out, deflater, 1 << 16);
      in.transferTo(deflated);
      deflated.finish();
    }
  }

  private void removeAllBut(List<Revision> revisions, TreePath place) throws IOException {
    Set<TreePath> kept = new HashSet<>();
    for (Revision revision : revisions) {
      Digest id = revision.commit().id();
      kept.add(new TreePath("refs/heads/" + revision.ref()));
      kept.add(ObjectType.COMMIT.path(id));
      revision.detachedBytes().ifPresent(_ -> kept.add(ObjectType.DETACHED_METADATA.path(id)));
      kept.addAll(revision.objects().metadata().keySet());
      revision.objects().files().keySet().stream()
          .map(ObjectType.ARCHIVED_FILE::path)
          .forEach(kept::add);
    }
    Path root = place(place);
    try (var files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!kept.contains(new TreePath(directory.relativize(file).toString()))) {
          Files.delete(file);
        }
      }
    }
  }

  private void index(Indexer indexer) throws IOException {
    Repository repository = Repository.of(FileTree.ofDirectory(directory), directory.toString());
    SortedMap<String, Commit> commits = new TreeMap<>();
    repository.refs().forEach((ref, id) -> commits.put(ref, repository.commit(id)));
    byte[] summary = indexer.summary(commits, MODE);
    Variant.Array signatures = indexer.signatures(summary);
    // Flatpak would believe its own index rather than the summary.
    for (String outdated : List.of("summary.idx", "summary.idx.sig", "summary.sig")) {
      Files.deleteIfExists(directory.resolve(outdated));
    }
    put(new TreePath("summary"), summary);
    if (!signatures.values().isEmpty()) {
      put(new TreePath("summary.sig"), signatures.serialize());
    }
  }

  private void putMissing(TreePath path, byte[] bytes) throws IOException {
    if (!Files.exists(place(path))) {
      put(path, bytes);
    }
  }

  private void put(TreePath path, byte[] bytes) throws IOException {
    Path target = place(path);
    Path partial = Files.write(temporary.resolve("partial"), bytes);
    Files.createDirectories(target.resolveSibling(""));
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path place(TreePath path) {
    return directory.resolve(path.value());
  }

  private static void deleteAll(Path temporary) throws IOException {
    try (var files = Files.list(temporary)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(temporary);
  }
}
