package org.overpak.ostree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.tree.Content;
import org.overpak.tree.ContentReader;
import org.overpak.tree.Entry;
import org.overpak.tree.ExtendedAttribute;
import org.overpak.tree.FileTree;
import org.overpak.tree.Owner;

/// The checksums of files, each content read once however many names and trees it is in. Not for
/// several threads.
public final class FileIds {
  /// Enough that opening the source is nothing beside reading it.
  private static final int FILES_PER_PASS = 64;

  private final Map<Key, Digest> ids = new HashMap<>();

  /// All that a file's id depends on.
  private record Key(
      int mode, Owner owner, SortedMap<String, ExtendedAttribute> xattrs, Content content) {
    static Key of(Entry.RegularFile file) {
      return new Key(
          file.attributes().mode(),
          file.attributes().owner(),
          file.attributes().xattrs(),
          file.content());
    }
  }

  private record Hashed(Key key, Digest id) {}

  /// Computes the ids of all files of TREES that are not known yet. What lies in one source is read
  /// in one pass, unless it is a file, of which several parts are read at the same time.
  ///
  /// @throws OverpakException (FILESYSTEM) if a content cannot be read
  public void add(List<FileTree> trees, Progress progress) {
    Map<Key, Entry.RegularFile> files = new LinkedHashMap<>();
    for (FileTree tree : trees) {
      for (Entry entry : tree.entries().values()) {
        if (entry instanceof Entry.RegularFile file) {
          Key key = Key.of(file);
          if (!ids.containsKey(key)) {
            files.putIfAbsent(key, file);
          }
        }
      }
    }
    long size = files.values().stream().mapToLong(file -> file.content().size()).sum();
    try (var step = progress.begin("computing checksums", size)) {
      addAll(files, step);
    }
  }

  private void addAll(Map<Key, Entry.RegularFile> files, Progress.Step step) {
    ExecutorService workers =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().daemon().name("checksum-", 0).factory());
    try {
      List<Future<List<Hashed>>> results = new ArrayList<>();
      for (List<Key> keys : passes(files.keySet())) {
        results.add(workers.submit(() -> hash(keys, files)));
      }
      for (Future<List<Hashed>> hashed : results) {
        for (Hashed one : await(hashed)) {
          ids.put(one.key(), one.id());
          step.advance(one.key().content().size());
        }
      }
    } finally {
      workers.shutdownNow();
    }
  }

  /// What is read by one thread, from lower to higher offsets.
  private static List<List<Key>> passes(Collection<Key> keys) {
    Map<Object, List<Key>> bySource = new LinkedHashMap<>();
    for (Key key : keys) {
      Object source =
          key.content() instanceof Content.Slice slice ? slice.source() : Content.Bytes.class;
      bySource.computeIfAbsent(source, _ -> new ArrayList<>()).add(key);
    }
    List<List<Key>> passes = new ArrayList<>();
    bySource.forEach(
        (source, all) -> {
          all.sort(
              Comparator.comparingLong(
                  key -> key.content() instanceof Content.Slice slice ? slice.offset() : 0));
          int step = source instanceof Content.FileSource ? FILES_PER_PASS : all.size();
          for (int from = 0; from < all.size(); from += step) {
            passes.add(all.subList(from, Math.min(from + step, all.size())));
          }
        });
    return passes;
  }

  private static List<Hashed> hash(List<Key> keys, Map<Key, Entry.RegularFile> files) {
    List<Hashed> result = new ArrayList<>(keys.size());
    byte[] buffer = new byte[1 << 16];
    try (var reader = new ContentReader()) {
      for (Key key : keys) {
        Entry.RegularFile file = files.get(key);
        if (file != null) {
          result.add(new Hashed(key, FileHeader.of(file).id(reader.open(file.content()), buffer)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return result;
  }

  private static <T> T await(Future<T> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverpakException(ExitCode.INTERRUPTED, "computing checksums: interrupted", "", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case UncheckedIOException cause ->
            throw new OverpakException(
                ExitCode.FILESYSTEM,
                "reading files to compute their checksums: " + cause.getMessage(),
                "Check that nothing changes these files meanwhile.",
                cause);
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /// @throws IllegalArgumentException if FILE was not added
  Digest of(Entry.RegularFile file) {
    Digest id = ids.get(Key.of(file));
    if (id == null) {
      throw new IllegalArgumentException("a file that was not hashed");
    }
    return id;
  }
}
