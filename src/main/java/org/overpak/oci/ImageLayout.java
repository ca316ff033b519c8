package org.overpak.oci;

import java.nio.file.Path;
import java.util.List;
import org.overpak.Digest;

/// A directory that holds images ([image-spec,
/// image-layout](https://github.com/opencontainers/image-spec/blob/main/image-layout.md)).
public final class ImageLayout {
  private ImageLayout() {}

  /// The image called NAME; if NAME has no reference, the only one that is there. Manifest and
  /// config are read and verified, layers are not read yet.
  ///
  /// @throws OverpakException (IMAGE) if there is no such image or anything of it is missing or
  ///   wrong; if NAME fits none or several, the message lists those that are there
  public static Image open(ImageName.Layout name) {
    return LayoutReader.open(name);
  }

  /// Adds an image to the layout, which is made if it is not there; an image of the same name is
  /// replaced, all others stay. Concurrent writers wait for each other.
  ///
  /// The layers' files are moved away (copied, and verified anew, from another filesystem). If
  /// anything fails nothing of the image is visible, what was put into the layout is removed again,
  /// and a layout that was made for it too; only layers that were moved are lost.
  ///
  /// @param name with a reference
  /// @return the digest of the manifest, which depends on CONFIG and LAYERS alone
  /// @throws OverpakException (FILESYSTEM) if the directory cannot take it, (IMAGE) if it holds
  ///   something else than a layout
  public static Digest write(ImageName.Layout name, ImageConfig config, List<WrittenLayer> layers) {
    return LayoutWriter.write(name, config, layers);
  }

  /// The references of all images in DIRECTORY, in the order of its index; those without one are
  /// left out.
  public static List<String> references(Path directory) {
    return new LayoutReader(new ImageName.Layout(directory, "")).references();
  }
}
