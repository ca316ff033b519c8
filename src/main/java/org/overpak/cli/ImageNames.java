package org.overpak.cli;

import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.oci.ImageName;
import picocli.CommandLine.ITypeConverter;

/// Reads names of images.
final class ImageNames {
  private ImageNames() {}

  /// Of images that are to be read.
  static final class ToRead implements ITypeConverter<ImageName> {
    @Override
    public ImageName convert(String text) {
      return ImageName.parse(text);
    }
  }

  /// Of images that are to be written.
  static final class ToWrite implements ITypeConverter<ImageName> {
    @Override
    public ImageName convert(String text) {
      return switch (ImageName.parse(text)) {
        case ImageName.Layout layout -> layout;
        case ImageName.LayoutArchive archive -> archive;
        case ImageName.DockerArchive archive -> archive;
        case ImageName.Directory directory -> directory;
        case ImageName.Storage _ ->
            throw new OverpakException(
                ExitCode.USAGE,
                "'" + text + "' can be read only",
                "Write " + ImageName.WRITABLE + ", and copy the image with skopeo copy.");
      };
    }
  }
}
