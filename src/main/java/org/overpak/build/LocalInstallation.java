package org.overpak.build;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.ostree.ArchiveRepository;
import org.overpak.ostree.Commit;
import org.overpak.ostree.Detached;
import org.overpak.ostree.Repository;
import org.overpak.ostree.Revision;
import org.overpak.tree.FileTree;

/// Installs images with the Flatpak of this machine, and starts apps.
///
/// A Flatpak that installs images does it; for others, for the ostree layout, and where extensions
/// were split off, the image becomes a repository in the cache, which is a remote for this Flatpak
/// alone and goes from Flatpak's configuration with it.
public final class LocalInstallation {
  private final FlatpakClient client;
  private final Path cache;
  private final Progress progress;

  /// For whom it is installed.
  public enum Scope {
    USER,
    SYSTEM
  }

  /// @param cache what builds share, kept as long as something from it is installed
  public LocalInstallation(Scope scope, Path cache, Progress progress) {
    this.client =
        new FlatpakClient(
            switch (scope) {
              case USER -> "--user";
              case SYSTEM -> "--system";
            });
    this.cache = cache;
    this.progress = progress;
  }

  /// What was installed.
  ///
  /// @param preparing how long it took to hand it over
  /// @param installing how long Flatpak took
  public record Installed(Ref ref, Duration preparing, Duration installing) {}

  /// Installs the image called NAME, or updates it in its place, with the extensions that were
  /// split off it into the same layout. Where NAME is a layout that holds one app among others, it
  /// is the app that is meant.
  ///
  /// @throws OverpakException (IMAGE) if it is missing, damaged or no Flatpak; (CLIENT) if Flatpak
  ///   is missing or cannot install it
  public Installed install(ImageName name) {
    try (var work = WorkDirectory.in(cache)) {
      return install(name, work);
    }
  }

  /// As {@link #install(ImageName)}, of an image that BUILD puts into the layout that it is given,
  /// which is gone afterwards.
  public Installed install(Function<ImageName.Layout, ImageName> build) {
    try (var work = WorkDirectory.in(cache)) {
      return install(build.apply(new ImageName.Layout(work.path().resolve("built"), "")), work);
    }
  }

  private Installed install(ImageName name, WorkDirectory work) {
    long begin = System.nanoTime();
    List<Image> images = images(name, work);
    Image main = images.getFirst();
    Ref ref = ref(main);
    Runnable installing;
    if (images.size() == 1 && isForClients(name, main) && client.installsImages()) {
      installing = () -> client.installImage(main.name().toString());
    } else {
      Path repository =
          cache.resolve("local").resolve(ref.id()).resolve(ref.arch()).resolve(ref.branch());
      List<Revision> revisions = new ArrayList<>();
      for (Image image : images) {
        revisions.add(
            after(repository, FlatpakSource.ofImage(image, work, progress).revision(progress)));
      }
      ArchiveRepository.replace(
          repository, revisions, new CommitExport.Indexer(OstreeOptions.DEFAULT), progress);
      String remote = "%s-%s-overpak-origin".formatted(ref.id(), ref.branch());
      installing = () -> client.install(ref, remote, repository);
    }
    long prepared = System.nanoTime();
    installing.run();
    return new Installed(
        ref, Duration.ofNanos(prepared - begin), Duration.ofNanos(System.nanoTime() - prepared));
  }

  /// REVISION as REPOSITORY gets it: what is there already stays the same commit, and anything else
  /// is newer, since Flatpak refuses to go back in time, as whoever tries an older package wants
  /// to.
  private static Revision after(Path repository, Revision revision) {
    if (!Files.exists(repository.resolve("config"))) {
      return revision;
    }
    var before =
        Repository.of(
            FileTree.ofDirectory(repository, path -> path.value().endsWith(".filez")),
            repository.toString());
    Digest id = before.refs().get(revision.ref());
    if (id == null) {
      return revision;
    }
    Commit old = before.commit(id);
    Commit commit = revision.commit();
    if (old.tree().equals(commit.tree())
        && old.meta().equals(commit.meta())
        && old.values().equals(commit.values())) {
      return withCommit(revision, old);
    }
    return commit.timestamp() > old.timestamp()
        ? revision
        : withCommit(
            revision,
            Commit.of(
                commit.values(),
                commit.subject(),
                commit.body(),
                old.timestamp() + 1,
                revision.objects()));
  }

  private static Revision withCommit(Revision revision, Commit commit) {
    return new Revision(revision.ref(), commit, Detached.NONE, revision.tree(), revision.objects());
  }

  /// Starts the app REF, with our input and output; it ends with the calling thread.
  ///
  /// @throws OverpakException (CLIENT) if Flatpak is missing
  public Process start(Ref ref, List<String> arguments) {
    if (ref.kind() != Ref.Kind.APP) {
      throw new OverpakException(
          ExitCode.USAGE, ref + " is no app, so it cannot be started", "Give the image of an app.");
    }
    return client.start(ref, arguments);
  }

  /// Whether IMAGE is one that Flatpak reads; of the ostree layout it is not.
  private static boolean isForClients(ImageName name, Image image) {
    return (name instanceof ImageName.Layout || name instanceof ImageName.LayoutArchive)
        && !OstreeImage.isOne(image);
  }

  /// The image that is meant first, then its extensions.
  private static List<Image> images(ImageName name, WorkDirectory work) {
    if (!(name instanceof ImageName.Layout layout)) {
      return List.of(name.open(work.path().resolve("image")));
    }
    List<Image> others = new ArrayList<>();
    for (String reference : Set.copyOf(ImageLayout.references(layout.directory()))) {
      others.add(ImageLayout.open(layout.withReference(reference)));
    }
    Image main = main(layout, others);
    Set<String> built = new HashSet<>(metadata(main).keyfile().list("Build", "built-extensions"));
    List<Image> images = new ArrayList<>(List.of(main));
    others.stream()
        .filter(other -> isExtensionOf(other, main, built))
        .sorted((one, other) -> ref(one).compareTo(ref(other)))
        .forEach(images::add);
    return images;
  }

  private static Image main(ImageName.Layout layout, List<Image> others) {
    if (layout.hasReference()) {
      return ImageLayout.open(layout);
    }
    List<Image> apps =
        others.stream()
            .filter(image -> image.config().labels().containsKey(ImageLabels.REF))
            .filter(image -> ref(image).kind() == Ref.Kind.APP)
            .toList();
    // Opening it without a name lists what there is, where that is not one image.
    return apps.size() == 1 ? apps.getFirst() : ImageLayout.open(layout);
  }

  private static boolean isExtensionOf(Image image, Image main, Set<String> built) {
    if (!image.config().labels().containsKey(ImageLabels.REF)) {
      return false;
    }
    return built.contains(ref(image).id())
        && metadata(image)
            .keyfile()
            .string("ExtensionOf", "ref")
            .filter(ref(main).toString()::equals)
            .isPresent();
  }

  private static Ref ref(Image image) {
    return ImageLabels.ref(image.config().labels());
  }

  private static Metadata metadata(Image image) {
    return ImageLabels.metadata(image.config().labels());
  }
}
