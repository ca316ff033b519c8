package org.overpak.build;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.overpak.Progress;
import org.overpak.flatpak.HybridLayout;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageConfig;
import org.overpak.oci.ImageName;
import org.overpak.tree.FileTree;

/// Rearranges a runtime image, whose commit stays what it is.
public final class LayoutConversion {
  /// How an image is arranged.
  public enum Layout {
    /// For Flatpak only.
    PLAIN,
    /// For container engines too.
    HYBRID
  }

  private LayoutConversion() {}

  /// Writes IMAGE to OUTPUT in the layout TARGET. Labels that do not follow from the files are
  /// carried over.
  ///
  /// @throws org.overpak.OverpakException (IMAGE) if IMAGE is missing, damaged or no runtime
  public static WrittenImage run(
      ImageName name, Layout target, ImageName.Layout output, Path cache, Progress progress) {
    try (var work = WorkDirectory.in(cache)) {
      Image image = name.open(work.path().resolve("image"));
      Ref ref = ImageLabels.ref(image.config().labels());
      Metadata metadata = ImageLabels.metadata(image.config().labels());
      long timestamp = image.config().created().map(Instant::getEpochSecond).orElse(0L);
      SortedMap<String, String> labels = ImageLabels.kept(image.config().labels());
      FileTree tree = image.readTree(_ -> false, progress);
      var converted =
          switch (target) {
            case PLAIN ->
                new CommitImage(
                    ref,
                    metadata,
                    HybridLayout.removeFrom(tree),
                    timestamp,
                    ImageConfig.Execution.NONE,
                    labels);
            case HYBRID ->
                new CommitImage(
                    ref,
                    metadata,
                    HybridLayout.addTo(tree, timestamp),
                    timestamp,
                    SystemExecution.of(tree),
                    labels);
          };
      return converted.write(output, List.of(), work, progress);
    }
  }
}
