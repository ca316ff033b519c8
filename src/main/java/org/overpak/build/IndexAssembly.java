package org.overpak.build;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;

/// Makes one image for several architectures of one Flatpak's images for each.
public final class IndexAssembly {
  private IndexAssembly() {}

  /// An index that was written.
  ///
  /// @param refs of the images in it
  public record Written(ImageName.Layout name, Digest digest, List<Ref> refs) {
    public Written {
      refs = List.copyOf(refs);
    }
  }

  /// Writes an index of IMAGES as OUTPUT, and the images beside it under their refs: Flatpak, which
  /// does not look into the index of a layout, finds them there.
  ///
  /// @throws OverpakException (IMAGE) if one is missing, damaged or no Flatpak, or they are not the
  ///   same for different architectures; (USAGE) if OUTPUT has no name
  public static Written run(List<ImageName> images, ImageName.Layout output, Path cache) {
    if (!output.hasReference()) {
      throw new OverpakException(
          ExitCode.USAGE,
          output + " does not say how the index is called",
          "Write oci:DIRECTORY:NAME.");
    }
    try (var work = WorkDirectory.in(cache)) {
      List<Image> sorted =
          images.stream()
              .map(name -> name.open(work.path().resolve("images")))
              .sorted(Comparator.comparing(image -> ref(image).arch()))
              .toList();
      SequencedMap<String, Image> byRef = new LinkedHashMap<>();
      for (Image image : sorted) {
        requireSame(sorted.getFirst(), image);
        Image before = byRef.put(ref(image).toString(), image);
        if (before != null) {
          throw wrong(before.name() + " and " + image.name() + " are for the same architecture");
        }
      }
      return new Written(
          output,
          ImageLayout.writeIndex(output, byRef),
          sorted.stream().map(IndexAssembly::ref).toList());
    }
  }

  private static void requireSame(Image first, Image image) {
    Ref expected = ref(first);
    Ref ref = ref(image);
    if (!new Ref(ref.kind(), ref.id(), expected.arch(), ref.branch()).equals(expected)) {
      throw wrong("%s is %s, but %s is %s".formatted(first.name(), expected, image.name(), ref));
    }
    if (!image.config().architecture().equals(ref.ociArchitecture())) {
      throw wrong(
          "%s is %s, but its configuration says '%s'"
              .formatted(image.name(), ref, image.config().architecture()));
    }
  }

  private static OverpakException wrong(String what) {
    return new OverpakException(
        ExitCode.IMAGE, what, "Give the images of one Flatpak, one for each architecture.");
  }

  private static Ref ref(Image image) {
    return ImageLabels.ref(image.config().labels());
  }
}
