package org.overpak.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.overpak.Progress;
import org.overpak.oci.ImageName;
import org.overpak.tree.TreePath;

/// An app and what was split off it, about to be written.
record FinishedApp(CommitImage app, List<CommitImage> extensions) {
  FinishedApp {
    extensions = List.copyOf(extensions);
  }

  /// Writes the images, the app's last, so that it is never there without its extensions; these are
  /// called by their refs.
  ///
  /// @param layout of all
  /// @param parts of the app, as in {@link CommitImage#writeInto}
  List<WrittenImage> write(
      ImageName output,
      LayoutChoice layout,
      List<Set<TreePath>> parts,
      WorkDirectory work,
      Progress progress) {
    List<Function<ImageName.Layout, WrittenImage>> images = new ArrayList<>();
    for (CommitImage extension : extensions) {
      images.add(into -> writeInto(into, extension, layout, List.of(), work, progress));
    }
    images.add(into -> writeInto(into, app, layout, parts, work, progress));
    return new ImageOutput(output, work).write(images);
  }

  private static WrittenImage writeInto(
      ImageName.Layout output,
      CommitImage image,
      LayoutChoice layout,
      List<Set<TreePath>> parts,
      WorkDirectory work,
      Progress progress) {
    return layout.writeInto(output, image, LayoutChoice.Layout.PLAIN, parts, work, progress);
  }
}
