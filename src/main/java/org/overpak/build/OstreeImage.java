package org.overpak.build;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.Progress;
import org.overpak.flatpak.AppStreamLabels;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Ref;
import org.overpak.gvariant.Variant;
import org.overpak.oci.Image;
import org.overpak.oci.ImageConfig;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.oci.LayerCompression;
import org.overpak.oci.LayerFormat;
import org.overpak.oci.LayerPart;
import org.overpak.oci.LayerWriter;
import org.overpak.oci.WrittenLayer;
import org.overpak.ostree.Commit;
import org.overpak.ostree.Detached;
import org.overpak.ostree.EmbeddedRepository;
import org.overpak.ostree.FileIds;
import org.overpak.ostree.Revision;
import org.overpak.ostree.TreeObjects;
import org.overpak.tree.FileTree;

/// An image in the ostree layout about to be written: a repository with the Flatpak's commit and
/// one of the system that a container engine sees, and that system's checkout.
///
/// @param labels of the Flatpak
/// @param flatpak its commit
/// @param ids knows all its files
/// @param origin what the image in which the Flatpak was found said
record OstreeImage(
    SortedMap<String, String> labels, Revision flatpak, FileIds ids, ImageOrigin origin) {
  /// What the importer of ostree-rs-ext looks for.
  private static final String LAST_LAYER = "ostree.final-diffid";

  private static final String SYSTEM_COMMIT = "ostree.commit";

  static boolean isOne(Image image) {
    return image.config().labels().containsKey(LAST_LAYER);
  }

  /// Removes from LABELS those of this layout alone.
  static void removeOwn(Map<String, String> labels) {
    labels.remove(LAST_LAYER);
    labels.remove(SYSTEM_COMMIT);
  }

  /// Writes the image and returns what it became.
  WrittenImage writeInto(
      ImageName.Layout output,
      LayerCompression compression,
      OstreeOptions options,
      WorkDirectory work,
      Progress progress) {
    Ref ref = Ref.parse(flatpak.ref());
    Instant created = Instant.ofEpochSecond(flatpak.commit().timestamp());
    FileTree checkout = SystemLayout.checkout(ref, flatpak.tree());
    Revision system = system(ref, checkout, options);
    Revision signed = options.sign(flatpak);
    byte[] summary = summary(List.of(signed, system));
    var repository =
        EmbeddedRepository.of(
            system, checkout, ids, List.of(signed), summary, options.sign(Detached.NONE, summary));
    List<WrittenLayer> layers = layers(repository, compression, options, work, progress);
    long downloadSize = layers.stream().mapToLong(layer -> layer.descriptor().size()).sum();
    SortedMap<String, String> all =
        new TreeMap<>(AppStreamLabels.of(flatpak.tree(), ref, ImageLabels.metadata(labels)));
    all.putAll(labels);
    all.putAll(CommitLabels.exact(signed, labels));
    all.put(ImageLabels.DOWNLOAD_SIZE, Long.toString(downloadSize));
    all.put(SYSTEM_COMMIT, system.commit().id().hex());
    all.put(LAST_LAYER, layers.getFirst().diffId().toString());
    ImageConfig.Execution execution =
        ref.kind() == Ref.Kind.RUNTIME
            ? SystemExecution.of(flatpak.tree())
            : ImageConfig.Execution.NONE;
    ImageConfig config = origin.config(ref, created, execution, all, layers.size());
    ImageName.Layout name = output.hasReference() ? output : output.withReference(ref.toString());
    return new WrittenImage(
        name,
        ImageLayout.write(name, config, layers),
        ref,
        downloadSize,
        CommitTree.installedSize(flatpak.tree()));
  }

  private Revision system(Ref ref, FileTree checkout, OstreeOptions options) {
    FileTree tree = SystemLayout.committed(checkout);
    TreeObjects objects = TreeObjects.of(tree, ids);
    String name = SystemLayout.ref(ref);
    SortedMap<String, Variant> metadata = new TreeMap<>();
    metadata.put("ostree.ref-binding", Variant.strings(List.of(name)));
    Commit commit =
        Commit.of(metadata, "System of " + ref.pref(), "", flatpak.commit().timestamp(), objects);
    return options.sign(new Revision(name, commit, Detached.NONE, tree, objects));
  }

  private byte[] summary(List<Revision> revisions) {
    SortedMap<String, Commit> commits = new TreeMap<>();
    revisions.forEach(revision -> commits.put(revision.ref(), revision.commit()));
    return RepositorySummary.of(commits, EmbeddedRepository.MODE);
  }

  private List<WrittenLayer> layers(
      EmbeddedRepository repository,
      LayerCompression compression,
      OstreeOptions options,
      WorkDirectory work,
      Progress progress) {
    // The importer takes times after 1970 for files that were changed in a container.
    var writer = new LayerWriter(new LayerFormat(compression, Instant.EPOCH));
    var system = new LayerPart(repository.system(), "");
    var index = new LayerPart(repository.index(), "");
    if (options.separateLayer()) {
      return List.of(
          writer.writeInOrder(List.of(system), work.path(), progress),
          writer.writeInOrder(
              List.of(new LayerPart(repository.beside(), ""), index), work.path(), progress));
    }
    // It compares names as text, and so does not see a second commit, which it would refuse.
    var beside = new LayerPart(repository.beside(), "./");
    return List.of(writer.writeInOrder(List.of(system, beside, index), work.path(), progress));
  }
}
