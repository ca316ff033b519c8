package org.overpak.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.flatpak.HybridLayout;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.ostree.EmbeddedRepository;
import org.overpak.ostree.FileIds;
import org.overpak.ostree.Repository;
import org.overpak.ostree.Revision;
import org.overpak.ostree.StaticDelta;
import org.overpak.ostree.TreeObjects;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// A Flatpak as it was found, whatever held it.
///
/// @param labels those of an image of it
/// @param tree of its commit
/// @param ids may know the files' ids already
/// @param stored its commit, if it was stored as one
/// @param origin what the image said that held it
record FlatpakSource(
    SortedMap<String, String> labels,
    FileTree tree,
    FileIds ids,
    @Nullable Revision stored,
    ImageOrigin origin) {
  FlatpakSource(
      SortedMap<String, String> labels, FileTree tree, FileIds ids, @Nullable Revision stored) {
    this(labels, tree, ids, stored, ImageOrigin.NONE);
  }

  Ref ref() {
    return ImageLabels.ref(labels);
  }

  /// Of its commit, in seconds since 1970.
  long timestamp() {
    return CommitLabels.number(labels, ImageLabels.TIMESTAMP);
  }

  /// Its commit, with what vouches for it.
  Revision revision(Progress progress) {
    if (stored != null) {
      return stored;
    }
    ids.add(List.of(tree), progress);
    return CommitLabels.revision(labels, tree, TreeObjects.of(tree, ids));
  }

  /// The Flatpak called NAME.
  ///
  /// @throws OverpakException (IMAGE) if there is none, it is damaged or no Flatpak
  static FlatpakSource open(FlatpakName name, WorkDirectory work, Progress progress) {
    return switch (name) {
      case FlatpakName.OfImage(ImageName image) ->
          ofImage(image.open(work.path().resolve("image")), work, progress);
      case FlatpakName.InRepository repository -> ofRepository(repository, progress);
      case FlatpakName.Bundle(Path file) -> ofBundle(file, progress);
    };
  }

  private static FlatpakSource ofRepository(FlatpakName.InRepository name, Progress progress) {
    if (!Files.isDirectory(name.directory())) {
      throw new OverpakException(
          ExitCode.IMAGE, name.directory() + " is not a directory", "Give an OSTree repository.");
    }
    Repository repository =
        Repository.of(FileTree.ofDirectory(name.directory()), name.directory().toString());
    String ref = name.ref().isEmpty() ? onlyFlatpak(repository, name) : name.ref();
    var ids = new FileIds();
    Revision revision = repository.revisions(List.of(ref), ids, progress).getFirst();
    return ofRevision(revision, CommitLabels.of(revision), ids);
  }

  private static FlatpakSource ofBundle(Path file, Progress progress) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM, file + " cannot be read: " + e.getMessage(), "Check the file.", e);
    }
    var ids = new FileIds();
    Revision revision =
        StaticDelta.read(bytes, BundleHeader::ref, ids, file.toString(), progress).revision();
    return ofRevision(revision, CommitLabels.of(revision), ids);
  }

  private static String onlyFlatpak(Repository repository, FlatpakName.InRepository name) {
    List<String> refs =
        repository.refs().keySet().stream()
            .filter(ref -> ref.startsWith("app/") || ref.startsWith("runtime/"))
            .toList();
    if (refs.size() != 1) {
      throw new OverpakException(
          ExitCode.USAGE,
          name.directory() + " has " + (refs.isEmpty() ? "no Flatpak" : "several Flatpaks"),
          refs.isEmpty()
              ? "Name a repository that has one."
              : "Name one: " + name + ":REF, where REF is " + String.join(", ", refs) + ".");
    }
    return refs.getFirst();
  }

  /// The Flatpak in IMAGE, of any layout.
  ///
  /// @throws OverpakException (IMAGE) if it is damaged, no Flatpak, or was changed in a container
  ///   since its repository was written
  static FlatpakSource ofImage(Image image, WorkDirectory work, Progress progress) {
    FileTree tree = image.unpackTree(FlatpakSource::isRepositoryMetadata, work.path(), progress);
    FlatpakSource source = ofTree(tree, labels(image), image.name().toString(), progress);
    return new FlatpakSource(
        source.labels,
        source.tree,
        source.ids,
        source.stored,
        ImageOrigin.of(image.config(), tree, source.tree));
  }

  /// The same of what an image with LABELS holds.
  static FlatpakSource ofTree(
      FileTree tree, SortedMap<String, String> labels, String origin, Progress progress) {
    if (SystemLayout.isOstree(tree)) {
      return ofEmbedded(tree, labels, origin, progress);
    }
    return new FlatpakSource(labels, HybridLayout.removeFrom(tree), new FileIds(), null);
  }

  private static boolean isRepositoryMetadata(TreePath path) {
    return path.startsWith(EmbeddedRepository.PLACE)
        && Repository.isMetadata(path.relativeTo(EmbeddedRepository.PLACE));
  }

  private static SortedMap<String, String> labels(Image image) {
    SortedMap<String, String> labels = new TreeMap<>(image.config().labels());
    OstreeImage.removeOwn(labels);
    long created = image.config().created().map(Instant::getEpochSecond).orElse(0L);
    labels.putIfAbsent(ImageLabels.TIMESTAMP, Long.toString(created));
    return labels;
  }

  private static FlatpakSource ofEmbedded(
      FileTree tree, SortedMap<String, String> labels, String origin, Progress progress) {
    Ref ref = ImageLabels.ref(labels);
    var ids = new FileIds();
    List<Revision> revisions =
        Repository.of(tree.subtree(EmbeddedRepository.PLACE), origin)
            .revisions(List.of(ref.toString(), SystemLayout.ref(ref)), ids, progress);
    FileTree visible = SystemLayout.committed(tree.without(SystemLayout.SYSROOT));
    ids.add(List.of(visible), progress);
    TreeObjects system = revisions.getLast().objects();
    TreeObjects seen = TreeObjects.of(visible, ids);
    if (!seen.tree().equals(system.tree()) || !seen.meta().equals(system.meta())) {
      throw new OverpakException(
          ExitCode.IMAGE,
          origin
              + " was changed since the repository in it was written, which still has the old"
              + " files",
          "Make the Flatpak of what it is now: overpak export.");
    }
    return ofRevision(revisions.getFirst(), labels, ids);
  }

  private static FlatpakSource ofRevision(
      Revision revision, Map<String, String> labels, FileIds ids) {
    SortedMap<String, String> all = new TreeMap<>(labels);
    all.putAll(CommitLabels.exact(revision, labels));
    return new FlatpakSource(all, revision.tree(), ids, revision);
  }
}
