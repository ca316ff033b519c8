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
  /// @param parts of the app, as in {@link CommitImage#write}
  List<WrittenImage> write(
      ImageName output, List<Set<TreePath>> parts, WorkDirectory work, Progress progress) {
    List<Function<ImageName.Layout, WrittenImage>> images = new ArrayList<>();
    for (CommitImage extension : extensions) {
      images.add(layout -> extension.writeInto(layout, List.of(), work, progress));
    }
    images.add(layout -> app.writeInto(layout, parts, work, progress));
    return new ImageOutput(output, work).write(images);
  }
}
