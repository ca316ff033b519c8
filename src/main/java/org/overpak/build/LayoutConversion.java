package org.overpak.build;

import java.nio.file.Path;
import java.util.List;
import org.overpak.Progress;
import org.overpak.flatpak.HybridLayout;
import org.overpak.flatpak.ImageLabels;
import org.overpak.oci.ImageConfig;
import org.overpak.oci.ImageName;
import org.overpak.tree.FileTree;

/// Makes an image of any layout of a Flatpak, whose commit stays what it is, as do its labels.
public final class LayoutConversion {
  /// How an image is arranged.
  public enum Layout {
    /// For Flatpak only.
    PLAIN,
    /// For container engines too.
    HYBRID,
    /// A system for container engines, with an OSTree repository of it that Flatpak installs from.
    OSTREE
  }

  private LayoutConversion() {}

  /// As below, of an image, with the defaults of the ostree layout.
  public static WrittenImage run(
      ImageName name, Layout target, ImageName output, Path cache, Progress progress) {
    return run(
        new FlatpakName.OfImage(name), target, output, OstreeOptions.DEFAULT, cache, progress);
  }

  /// Writes what is called NAME to OUTPUT in the layout TARGET.
  ///
  /// @param options for the ostree layout
  /// @throws org.overpak.OverpakException (IMAGE) if it is missing, damaged or no Flatpak
  public static WrittenImage run(
      FlatpakName name,
      Layout target,
      ImageName output,
      OstreeOptions options,
      Path cache,
      Progress progress) {
    try (var work = WorkDirectory.in(cache)) {
      FlatpakSource source = FlatpakSource.open(name, work, progress);
      return switch (target) {
        case PLAIN -> plain(source).write(output, List.of(), work, progress);
        case HYBRID -> hybrid(source).write(output, List.of(), work, progress);
        case OSTREE ->
            new OstreeImage(source.labels(), source.revision(progress), source.ids())
                .write(output, options, work, progress);
      };
    }
  }

  private static CommitImage plain(FlatpakSource source) {
    return image(source, source.tree(), ImageConfig.Execution.NONE);
  }

  private static CommitImage hybrid(FlatpakSource source) {
    FileTree tree = HybridLayout.addTo(source.tree(), source.timestamp());
    return image(source, tree, SystemExecution.of(tree));
  }

  private static CommitImage image(
      FlatpakSource source, FileTree tree, ImageConfig.Execution execution) {
    return new CommitImage(
        source.ref(),
        ImageLabels.metadata(source.labels()),
        tree,
        source.timestamp(),
        execution,
        source.labels());
  }
}
