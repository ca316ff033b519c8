package org.overpak.oci;

import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
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

  /// Copies IMAGES, which differ in their platforms, into the layout NAME under the names that they
  /// are given, and puts an index of them beside under the name that NAME has, which a client or a
  /// registry takes for one image of several platforms.
  ///
  /// @return the digest of the index, which depends on IMAGES alone
  /// @throws OverpakException as {@link #write} does
  public static Digest writeIndex(ImageName.Layout name, SequencedMap<String, Image> images) {
    return LayoutWriter.writeIndex(name, images);
  }

  /// Copies IMAGE, which has one manifest, into another layout, byte for byte, as {@link #write}
  /// adds one; what is not there yet is verified on the way.
  ///
  /// @throws OverpakException as {@link #write} does, also if IMAGE is damaged
  public static void copy(Image image, ImageName.Layout to) {
    LayoutWriter.copy(image, to, LayoutWriter.Copying.VERIFIED);
  }

  /// As {@link #copy}, of what this process has just written: whoever reads the copy will verify
  /// it.
  ///
  /// @throws OverpakException as {@link #write} does
  public static void keep(Image image, ImageName.Layout to) {
    LayoutWriter.copy(image, to, LayoutWriter.Copying.AS_IT_IS);
  }

  /// Writes all images of the layout in DIRECTORY, byte for byte, to TARGET: an archive, which is
  /// replaced if it is there, or a directory of one image. Of an archive of Docker's, the last
  /// image has TARGET's reference; layers are decompressed, so that its digest is another one.
  ///
  /// @throws OverpakException (FILESYSTEM) if it cannot be written, (IMAGE) if there is something
  ///   else, (USAGE) if it cannot hold several images
  /// @throws IllegalArgumentException if TARGET is a layout or a storage
  public static void export(Path directory, ImageName target) {
    ImageExport.write(directory, target);
  }

  /// The references of all images in DIRECTORY, in the order of its index; those without one are
  /// left out.
  public static List<String> references(Path directory) {
    return new LayoutReader(new ImageName.Layout(directory, "")).references();
  }
}
