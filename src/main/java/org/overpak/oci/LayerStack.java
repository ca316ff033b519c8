package org.overpak.oci;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.ReadAhead;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Lays the layers of an image over each other, verifying each as it passes.
final class LayerStack {
  private LayerStack() {}

  static FileTree read(
      Image image,
      Excerpt excerpt,
      Optional<Path> unpackInto,
      LayerLimits limits,
      Progress progress) {
    NavigableMap<TreePath, Entry> entries = new TreeMap<>();
    for (Layer layer : image.layers()) {
      String what = "layer %s of %s".formatted(layer.descriptor().digest(), image.name());
      try (var step = progress.begin("reading " + what, layer.descriptor().size())) {
        Optional<UnpackedLayer> unpacked =
            unpackInto.map(directory -> UnpackedLayer.in(directory, layer));
        Content.Source source = unpacked.<Content.Source>map(UnpackedLayer::content).orElse(layer);
        LayerContent content = new LayerContent(source, entries, excerpt, limits);
        readVerified(layer, content, unpacked, what, limits, step);
        content.applyToLower();
      } catch (InterruptedIOException e) {
        throw new OverpakException(
            ExitCode.INTERRUPTED, "reading " + what + ": interrupted", "", e);
      } catch (MalformedArchive e) {
        throw wrong(what + ": " + e.getMessage(), e);
      } catch (EOFException e) {
        throw wrong(what + " is damaged: it ends too early", e);
      } catch (IOException e) {
        throw wrong(what + " is damaged: " + WriteFailure.reason(e), e);
      }
    }
    return FileTree.of(entries);
  }

  /// The blob is read, digested and decompressed on one thread; its tar is digested and parsed on
  /// this one.
  private static void readVerified(
      Layer layer,
      LayerContent content,
      Optional<UnpackedLayer> unpacked,
      String what,
      LayerLimits limits,
      Progress.Step step)
      throws IOException {
    Descriptor descriptor = layer.descriptor();
    var blob =
        new DigestingStream(
            Files.newInputStream(layer.blob()), descriptor.digest().algorithm(), descriptor.size());
    InputStream decompressed;
    try {
      decompressed = layer.compression().decompress(new BufferedInputStream(blob, 1 << 16));
    } catch (IOException e) {
      blob.close();
      throw e;
    }
    InputStream drained = new DrainedStream(decompressed, blob);
    InputStream source = unpacked.isEmpty() ? drained : unpacked.get().copying(drained);
    try (var tar =
        new DigestingStream(
            new ReadAhead(source, "layer-decompress"),
            layer.diffId().algorithm(),
            limits.bytes())) {
      content.read(new TarReader(tar));
      tar.drain();
      require(what, "digest", descriptor.digest(), blob.digest());
      require(what, "diff_id", layer.diffId(), tar.digest());
    }
    step.advance(descriptor.size());
  }

  private static void require(String what, String name, Digest expected, Digest actual) {
    if (!actual.equals(expected)) {
      throw wrong(
          "%s is damaged: its %s is %s, not %s".formatted(what, name, actual, expected), null);
    }
  }

  private static OverpakException wrong(String message, @Nullable IOException cause) {
    String advice = "Make or fetch the image again.";
    return cause == null
        ? new OverpakException(ExitCode.IMAGE, message, advice)
        : new OverpakException(ExitCode.IMAGE, message, advice, cause);
  }
}
