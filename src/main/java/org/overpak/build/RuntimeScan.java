package org.overpak.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.overpak.Digest;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.build.ScannedRuntime.Provide;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Excerpt;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.oci.Layer;
import org.overpak.rpm.ProvideGenerator;
import org.overpak.rpm.ProvideGenerator.Finding;
import org.overpak.tree.Content;
import org.overpak.tree.ContentReader;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Finds what a runtime provides by its files alone, as rpm-build would find it if they were a
/// package. The image is read once, and only what a file says is kept of it; an image that was
/// scanned before is not read at all.
public final class RuntimeScan {
  /// Changed with what is kept of files.
  private static final String PURPOSE = "scan-3";

  private static final Excerpt FINDINGS =
      new Excerpt() {
        @Override
        public int head() {
          return Integer.BYTES;
        }

        @Override
        public boolean isOf(TreePath path, byte[] head, long size) {
          return ProvideGenerator.of(path, head, size).isPresent();
        }

        @Override
        public byte[] of(TreePath path, byte[] content) {
          return ProvideGenerator.of(path, content, content.length)
              .map(generator -> generator.find(content).toText())
              .orElse("")
              .getBytes(StandardCharsets.UTF_8);
        }
      };

  private final FileTree root;
  private final Map<ProvideGenerator, SortedMap<String, SortedSet<TreePath>>> found =
      new TreeMap<>();

  private RuntimeScan(FileTree root) {
    this.root = root;
  }

  /// Scans the runtime in the image called NAME.
  ///
  /// @throws OverpakException (IMAGE) if there is no such image, it is damaged, or no runtime
  public static ScannedRuntime run(ImageName name, Path cache, Progress progress) {
    try (var work = WorkDirectory.in(cache)) {
      return of(name.open(work.path().resolve("image")), work, progress);
    }
  }

  /// Scans the runtime in IMAGE, unless that was done before.
  static ScannedRuntime of(Image image, WorkDirectory work, Progress progress) {
    Ref ref = ImageLabels.ref(image.config().labels());
    FileTree root = work.images().readTree(image, PURPOSE, FINDINGS, SystemLayout::root, progress);
    var scan = new RuntimeScan(root);
    scan.read();
    return new ScannedRuntime(image.name(), image.digest(), ref, scan.provides(), scan.paths());
  }

  /// What tells what is found in the image of DIGEST from what another image has, or another
  /// version of this class finds.
  static Digest key(Digest digest) {
    return Digest.sha256((PURPOSE + " " + digest).getBytes(StandardCharsets.UTF_8));
  }

  /// A file that says something at PATH, where it or a link to it is.
  private record Source(TreePath path, Content content) {}

  private void read() {
    List<Source> sources = new ArrayList<>();
    root.entries().forEach(this::addByPlace);
    root.entries().forEach((path, entry) -> source(path, entry).ifPresent(sources::add));
    try (var reader = new ContentReader()) {
      for (Source source : ContentReader.inOrder(sources, Source::content)) {
        Finding finding = finding(source, reader);
        add(finding.generator(), finding.provides(source.path()), source.path());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Source> source(TreePath path, Entry entry) {
    return switch (entry) {
      case Entry.RegularFile file when isFinding(file.content()) || isNamed(path) ->
          Optional.of(new Source(path, file.content()));
      case Entry.Symlink _ when isNamed(path) ->
          target(path).map(file -> new Source(path, file.content()));
      case Entry.RegularFile _, Entry.Symlink _, Entry.Directory _, Entry.Special _ ->
          Optional.empty();
    };
  }

  /// Whether its name alone says that it is read. In the ostree layout files have their names
  /// beside the first one, by which nobody knows them, so their content is still in the image.
  private static boolean isNamed(TreePath path) {
    return ProvideGenerator.of(path, new byte[0], 0).isPresent();
  }

  /// Whether CONTENT is what was kept of a file, and not still in a layer.
  private static boolean isFinding(Content content) {
    return !(content instanceof Content.Slice(Layer _, _, _));
  }

  private Optional<Entry.RegularFile> target(TreePath link) {
    try {
      return root.get(root.resolve(link))
          .filter(Entry.RegularFile.class::isInstance)
          .map(Entry.RegularFile.class::cast);
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // links in a circle
    }
  }

  private static Finding finding(Source source, ContentReader reader) throws IOException {
    byte[] bytes = reader.open(source.content()).readAllBytes();
    return isFinding(source.content())
        ? Finding.parse(new String(bytes, StandardCharsets.UTF_8))
        : ProvideGenerator.of(source.path(), bytes, bytes.length)
            .map(generator -> generator.find(bytes))
            .orElse(Finding.NOTHING);
  }

  private void addByPlace(TreePath path, Entry entry) {
    if (entry instanceof Entry.RegularFile || entry instanceof Entry.Symlink) {
      for (ProvideGenerator generator : ProvideGenerator.values()) {
        add(generator, generator.byPlace(path), path);
      }
    }
  }

  private void add(ProvideGenerator generator, List<String> provides, TreePath path) {
    for (String provide : provides) {
      found
          .computeIfAbsent(generator, _ -> new TreeMap<>())
          .computeIfAbsent(provide, _ -> new TreeSet<>())
          .add(path);
    }
  }

  private List<Provide> provides() {
    List<Provide> result = new ArrayList<>();
    found.forEach(
        (generator, provides) ->
            provides.forEach(
                (provide, files) ->
                    result.add(new Provide(generator, provide, List.copyOf(files)))));
    return result;
  }

  /// With those by which links to directories show them: who asks for `/bin/sh` means the one in
  /// `/usr/bin`.
  private List<String> paths() {
    SortedSet<String> paths = new TreeSet<>();
    root.entries().keySet().forEach(path -> paths.add(path.toString()));
    for (TreePath directory : List.of(TreePath.ROOT, new TreePath("usr"))) {
      for (String name : root.list(directory)) {
        TreePath link = directory.resolve(name);
        if (root.get(link).orElse(null) instanceof Entry.Symlink) {
          seenThrough(link).forEach(path -> paths.add(path.toString()));
        }
      }
    }
    return List.copyOf(paths);
  }

  private List<TreePath> seenThrough(TreePath link) {
    try {
      TreePath directory = root.resolve(link);
      return directory.isRoot()
          ? List.of()
          : FileTree.below(root.entries(), directory).keySet().stream()
              .map(path -> link.resolve(path.relativeTo(directory)))
              .toList();
    } catch (IllegalArgumentException _) {
      return List.of();
    }
  }
}
