package org.overpak.build;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;

/// Where images that are made go: into a layout at once, into anything else by way of one.
record ImageOutput(ImageName target, WorkDirectory work) {

  /// Has all of IMAGES written, of which the last one has the name that was given; others are
  /// called by their refs. They are visible one by one in a layout, elsewhere all at once.
  ///
  /// @throws org.overpak.OverpakException (FILESYSTEM, IMAGE) if the target cannot take them,
  ///   (USAGE) if it never can
  List<WrittenImage> write(List<Function<ImageName.Layout, WrittenImage>> images) {
    ImageName.Layout layout =
        switch (target) {
          case ImageName.Layout named -> named;
          case ImageName.LayoutArchive archive ->
              new ImageName.Layout(work.path().resolve("output"), archive.reference());
          case ImageName.DockerArchive _, ImageName.Directory _, ImageName.Storage _ ->
              new ImageName.Layout(work.path().resolve("output"), "");
        };
    List<WrittenImage> written = new ArrayList<>();
    for (Function<ImageName.Layout, WrittenImage> image : images.subList(0, images.size() - 1)) {
      written.add(image.apply(layout.withReference("")));
    }
    written.add(images.getLast().apply(layout));
    if (layout.equals(target)) {
      return written;
    }
    ImageLayout.export(layout.directory(), target);
    return written.stream().map(image -> image.in(name(image))).toList();
  }

  /// What IMAGE is called in the target.
  private ImageName name(WrittenImage image) {
    return target instanceof ImageName.LayoutArchive archive
            && image.name() instanceof ImageName.Layout layout
        ? new ImageName.LayoutArchive(archive.file(), layout.reference())
        : target;
  }
}
