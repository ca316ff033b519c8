package org.overpak.flatpak;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Draws SVG by a program of its own, [SvgDrawing]: a picture from a hostile package may ask for
/// all time and memory, and only a process can be denied them. Nor does any other command then load
/// what draws.
final class SvgRenderer {
  /// Real icons take half a second.
  private static final Duration LONGEST = Duration.ofSeconds(15);

  /// Enough for pictures that hold photographs.
  private static final String MEMORY = "-Xmx256m";

  private static final String STACK = "-Xss2m";

  /// Sines and the like as Java defines them, not as a kind of processor computes them.
  private static final List<String> SAME_EVERYWHERE =
      List.of(
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:DisableIntrinsic=_dsin,_dcos,_dtan,_dexp,_dlog,_dlog10,_dpow");

  private SvgRenderer() {}

  /// What was drawn.
  ///
  /// @param images by their size
  /// @param hasText that is not drawn
  record Drawn(Map<Integer, PngImage> images, boolean hasText) {}

  /// @param sizes in pixels, of which the pictures have as many in rows as in columns
  /// @throws IllegalArgumentException with the reason, if SVG cannot be drawn
  static Drawn draw(byte[] svg, List<Integer> sizes) {
    return draw(svg, sizes, LONGEST);
  }

  static Drawn draw(byte[] svg, List<Integer> sizes, Duration longest) {
    try {
      Process process = start(sizes, longest);
      try (var in = new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
        write(svg, process);
        return read(in, sizes);
      } catch (EOFException e) {
        throw new IllegalArgumentException(
            process.waitFor() == SvgDrawing.TOO_LONG
                ? "drawing it takes longer than %d seconds".formatted(longest.toSeconds())
                : "drawing it ended with exit code " + process.exitValue(),
            e);
      } finally {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new OverpakException(ExitCode.INTERRUPTED, "drawing an icon: interrupted", "", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process start(List<Integer> sizes, Duration longest) throws IOException {
    String classPath = System.getProperty("java.class.path", "");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin/java").toString());
    command.addAll(asTheLauncher(Path.of(classPath.split(":", 2)[0])));
    command.addAll(List.of(MEMORY, STACK, "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"));
    command.addAll(SAME_EVERYWHERE);
    command.addAll(List.of("-cp", classPath, SvgDrawing.class.getName()));
    command.add(Long.toString(longest.toSeconds()));
    sizes.forEach(size -> command.add(size.toString()));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    return builder.start();
  }

  /// What a packaged program has beside its jar.
  private static List<String> asTheLauncher(Path jar) {
    Path options = jar.resolveSibling("java.options");
    return Files.exists(options)
        ? List.of("@" + options, "-XX:AOTCache=" + jar.resolveSibling("overpak.aot"))
        : List.of("-XX:+UseSerialGC");
  }

  /// That it ended before it had read all is seen by its output.
  private static void write(byte[] svg, Process process) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(svg);
    } catch (IOException _) {
      // A broken pipe.
    }
  }

  private static Drawn read(DataInputStream in, List<Integer> sizes) throws IOException {
    String failure = in.readUTF();
    if (!failure.isEmpty()) {
      throw new IllegalArgumentException(failure);
    }
    boolean hasText = in.readBoolean();
    Map<Integer, PngImage> images = new HashMap<>();
    for (int size : sizes) {
      int[] pixels = new int[size * size];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = in.readInt();
      }
      images.put(size, new PngImage(size, size, pixels));
    }
    return new Drawn(images, hasText);
  }
}
