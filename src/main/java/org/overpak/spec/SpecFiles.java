package org.overpak.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.overpak.Digest;

/// The files that a spec is read from: itself, and those that it names, relative to it.
final class SpecFiles {
  private final Path directory;
  private final byte[] spec;
  private final Map<Path, Digest> named = new LinkedHashMap<>();

  /// @param name of the file of the spec
  SpecFiles(String name, byte[] spec) {
    this.directory = Path.of(name).resolveSibling("");
    this.spec = spec;
  }

  /// The content of the file that the spec calls NAME.
  ///
  /// @throws UncheckedIOException if it cannot be read, or is larger than a spec may be
  String read(String name) {
    Path file = directory.resolve(name);
    try (var in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(YamlReader.LARGEST + 1);
      if (content.length > YamlReader.LARGEST) {
        throw new IOException("larger than " + YamlReader.LARGEST + " bytes");
      }
      named.put(file, Digest.sha256(content));
      return new String(content, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Those that the spec names.
  List<Path> named() {
    return List.copyOf(named.keySet());
  }

  /// Of all that was read.
  Digest digest() {
    Digest own = Digest.sha256(spec);
    return named.isEmpty()
        ? own
        : Digest.sha256((own + named.values().toString()).getBytes(StandardCharsets.UTF_8));
  }
}
