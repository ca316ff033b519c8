package org.overpak.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.overpak.tree.TreePath;

/// Reads images of `oci-archive:`, a layout in a tar (containers-transports(5), `oci-archive`).
final class LayoutArchiveReader {
  /// All that a layout has; whatever else is in the archive is passed over.
  private static final Pattern OF_LAYOUT =
      Pattern.compile("oci-layout|index\\.json|blobs/[a-z0-9]+/[0-9a-f]+");

  private LayoutArchiveReader() {}

  static Image open(ImageName.LayoutArchive name, Path scratch) {
    try {
      Path work = Files.createTempDirectory(Files.createDirectories(scratch), "archive");
      ArchiveFiles archive = ArchiveFiles.unpack(name, name.file(), work);
      Path layout = Files.createDirectory(work.resolve("layout"));
      for (Map.Entry<TreePath, Path> file : archive.files().entrySet()) {
        String path = file.getKey().value();
        if (OF_LAYOUT.matcher(path).matches()) {
          Path target = layout.resolve(path);
          Files.createDirectories(target.resolveSibling(""));
          Files.move(file.getValue(), target);
        }
      }
      return LayoutReader.open(new ImageName.Layout(layout, name.reference()), name);
    } catch (IOException e) {
      throw WriteFailure.of(scratch, 0, e);
    }
  }
}
