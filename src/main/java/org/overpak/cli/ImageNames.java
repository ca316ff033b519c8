package org.overpak.cli;

import org.overpak.oci.ImageName;
import picocli.CommandLine.ITypeConverter;

/// Reads names of images in layouts, the only ones that commands take so far.
final class ImageNames implements ITypeConverter<ImageName.Layout> {
  @Override
  public ImageName.Layout convert(String text) {
    return switch (ImageName.parse(text)) {
      case ImageName.Layout layout -> layout;
    };
  }
}
