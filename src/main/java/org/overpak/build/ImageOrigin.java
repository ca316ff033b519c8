package org.overpak.build;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageConfig;
import org.overpak.oci.OtherFields;
import org.overpak.tree.FileTree;

/// What the image in which a Flatpak was found said beside the Flatpak. It stays in an image of
/// another layout, but for what spoke of layers, or of the layout.
///
/// @param found what it said, without what the layout makes it say; null if it was no image
record ImageOrigin(@Nullable ImageConfig found) {
  static final ImageOrigin NONE = new ImageOrigin(null);

  /// How an image that we write came to be.
  private static final String BY = "overpak";

  /// @param config of the image
  /// @param tree that it holds
  /// @param commit the tree of the Flatpak's commit
  static ImageOrigin of(ImageConfig config, FileTree tree, FileTree commit) {
    boolean isSystem = tree.entries().size() != commit.entries().size();
    SortedMap<String, String> annotations = new TreeMap<>(config.annotations());
    OstreeImage.removeOwn(annotations);
    ImageConfig found = config.withAnnotations(annotations);
    return new ImageOrigin(
        isSystem
            ? found.withExecution(SystemExecution.removeFrom(config.execution(), commit))
            : found);
  }

  /// The configuration of an image of REF.
  ///
  /// @param created when the Flatpak was, if there was no image
  /// @param system what a container engine runs in its layout
  /// @param labels all
  /// @param layers how many it has
  ImageConfig config(
      Ref ref,
      Instant created,
      ImageConfig.Execution system,
      SortedMap<String, String> labels,
      int layers) {
    if (found == null) {
      return ImageConfig.of(ref.ociArchitecture(), created)
          .withExecution(system)
          .withLabels(labels)
          .withHistory(Collections.nCopies(layers, step(created)));
    }
    // What was said in both ways, as of the size of the download, still is.
    SortedMap<String, String> annotations = new TreeMap<>(found.annotations());
    annotations.replaceAll(
        (name, value) ->
            value.equals(found.labels().get(name)) ? labels.getOrDefault(name, value) : value);
    return new ImageConfig(
        ref.ociArchitecture(),
        found.os(),
        found.created().orElse(created),
        SystemExecution.addTo(found.execution(), system),
        labels,
        history(found.history(), created, layers),
        annotations,
        found.others());
  }

  /// STEPS, if they fit the layers. Else they are how the image came to be whose layers were put
  /// together, and our own step follows.
  private static List<ImageConfig.History> history(
      List<ImageConfig.History> steps, Instant created, int layers) {
    if (steps.stream().filter(step -> !step.emptyLayer()).count() == layers) {
      return steps;
    }
    return Stream.concat(
            steps.stream().filter(step -> !isOwn(step)).map(ImageConfig.History::withoutLayer),
            Collections.nCopies(layers, step(created)).stream())
        .toList();
  }

  private static ImageConfig.History step(Instant created) {
    return new ImageConfig.History(created, BY, "", false);
  }

  private static boolean isOwn(ImageConfig.History step) {
    return step.createdBy().equals(BY) && step.others().equals(OtherFields.NONE);
  }
}
