package org.overpak.build;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.overpak.Progress;
import org.overpak.flatpak.HybridLayout;
import org.overpak.flatpak.ImageLabels;
import org.overpak.oci.ImageConfig;
import org.overpak.oci.ImageName;
import org.overpak.oci.LayerCompression;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// How images are to be arranged. The Flatpak's commit and labels are the same in all layouts.
///
/// @param ostree for the layout of that name
public record LayoutChoice(Layout layout, OstreeOptions ostree, LayerCompression compression) {
  public static final LayoutChoice PLAIN = of(Layout.PLAIN);
  public static final LayoutChoice HYBRID = of(Layout.HYBRID);
  public static final LayoutChoice OSTREE = of(Layout.OSTREE);

  /// How an image is arranged.
  public enum Layout {
    /// For Flatpak only.
    PLAIN,
    /// For container engines too.
    HYBRID,
    /// A system for container engines, with an OSTree repository of it that Flatpak installs from.
    OSTREE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static LayoutChoice of(Layout layout) {
    return new LayoutChoice(layout, OstreeOptions.DEFAULT, LayerCompression.DEFAULT);
  }

  /// Writes IMAGE in this layout: what converting it would make of it.
  ///
  /// @param made the layout that it has
  /// @param parts as in {@link CommitImage#writeInto}, if it stays as it is
  WrittenImage writeInto(
      ImageName.Layout output,
      CommitImage image,
      Layout made,
      List<Set<TreePath>> parts,
      WorkDirectory work,
      Progress progress) {
    return layout == made
        ? image.writeInto(output, compression, parts, work, progress)
        : writeInto(output, image.source(compression, parts, work, progress), work, progress);
  }

  /// Writes SOURCE in this layout.
  WrittenImage writeInto(
      ImageName.Layout output, FlatpakSource source, WorkDirectory work, Progress progress) {
    return switch (layout) {
      case PLAIN ->
          image(source, source.tree(), ImageConfig.Execution.NONE)
              .writeInto(output, compression, List.of(), work, progress);
      case HYBRID -> {
        FileTree tree = HybridLayout.addTo(source.tree(), source.timestamp());
        yield image(source, tree, SystemExecution.of(tree))
            .writeInto(output, compression, List.of(), work, progress);
      }
      case OSTREE ->
          new OstreeImage(source.labels(), source.revision(progress), source.ids(), source.origin())
              .writeInto(output, compression, ostree, work, progress);
    };
  }

  private static CommitImage image(
      FlatpakSource source, FileTree tree, ImageConfig.Execution execution) {
    return new CommitImage(
        source.ref(),
        ImageLabels.metadata(source.labels()),
        tree,
        source.timestamp(),
        execution,
        source.labels(),
        source.origin());
  }
}
