package org.overpak.tree;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// The bytes of a regular file, which can be read any number of times.
public sealed interface Content {
  /// Length in bytes.
  long size();

  /// A new stream of all bytes. Whoever reads many contents goes through {@link ContentReader},
  /// which does not start over for each slice of one source.
  InputStream open() throws IOException;

  default byte[] readAll() throws IOException {
    try (InputStream stream = open()) {
      return stream.readAllBytes();
    }
  }

  /// Whether OTHER has the same bytes, which are read only if the lengths are equal.
  default boolean hasSameBytes(Content other) throws IOException {
    if (size() != other.size()) {
      return false;
    }
    if (equals(other)) {
      return true;
    }
    try (InputStream left = open();
        InputStream right = other.open()) {
      byte[] bytes;
      do {
        bytes = left.readNBytes(1 << 16);
        if (!Arrays.equals(bytes, right.readNBytes(1 << 16))) {
          return false;
        }
      } while (bytes.length > 0);
      return true;
    }
  }

  static Content of(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  static Content of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// All of FILE, which must not change as long as the tree is in use.
  static Content ofFile(Path file, long size) {
    return new Slice(new FileSource(file), 0, size);
  }

  /// Bytes in memory.
  final class Bytes implements Content {
    private final byte[] bytes;

    private Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] readAll() {
      return bytes.clone();
    }
  }

  /// SIZE bytes from OFFSET of what SOURCE gives.
  record Slice(Source source, long offset, long size) implements Content {
    public Slice {
      if (offset < 0 || size < 0) {
        throw new IllegalArgumentException("negative slice: " + offset + "+" + size);
      }
    }

    @Override
    public InputStream open() throws IOException {
      InputStream stream = source.open();
      try {
        stream.skipNBytes(offset);
      } catch (IOException e) {
        stream.close();
        throw e;
      }
      return new BoundedStream(stream, size, true);
    }
  }

  /// Something that can be read from its beginning any number of times, with the same result: a
  /// file, or the decompressed bytes of a payload or layer. Equal sources give equal bytes.
  interface Source {
    InputStream open() throws IOException;
  }

  /// A file as it is.
  record FileSource(Path file) implements Source {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }
}
