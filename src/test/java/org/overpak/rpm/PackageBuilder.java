package org.overpak.rpm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.overpak.Digest;

/// Package files for tests, right or wrong: files in the header and records in the payload are
/// given apart. The payload is not compressed.
public final class PackageBuilder {
  private static final int REGULAR = 0100644;
  private static final int DIRECTORY = 0040755;
  private static final int SYMLINK = 0120777;

  /// Of rpm 6's signature headers: room for signatures to come.
  private static final int RESERVED = 999;

  private record File(
      String directory, String name, int mode, int size, String digest, String target, int inode) {}

  private final HeaderBuilder header;
  private final List<File> files = new ArrayList<>();
  private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
  private UnaryOperator<HeaderBuilder> lastWord = UnaryOperator.identity();
  private boolean digested = true;
  private boolean formatSix;

  public PackageBuilder(String name) {
    this.header = HeaderBuilder.ofPackage(name);
  }

  public HeaderBuilder header() {
    return header;
  }

  /// What is changed in the header after all else was put into it.
  PackageBuilder finally_(UnaryOperator<HeaderBuilder> change) {
    lastWord = change;
    return this;
  }

  /// No digests of header and payload.
  PackageBuilder undigested() {
    digested = false;
    return this;
  }

  /// As rpm 6 makes packages.
  PackageBuilder formatSix() {
    formatSix = true;
    return this;
  }

  /// A regular file in the header.
  public PackageBuilder file(String path, String content) {
    return link(path, content, 0);
  }

  /// One of the names of a regular file.
  PackageBuilder link(String path, String content, int inode) {
    byte[] bytes = bytes(content);
    return add(path, REGULAR, bytes.length, Digest.sha256(bytes).hex(), "", inode);
  }

  PackageBuilder directory(String path) {
    return add(path, DIRECTORY, 0, "", "", 0);
  }

  PackageBuilder symlink(String path, String target) {
    return add(path, SYMLINK, bytes(target).length, "", target, 0);
  }

  PackageBuilder add(String path, int mode, int size, String digest, String target, int inode) {
    int slash = path.lastIndexOf('/') + 1;
    files.add(
        new File(
            path.substring(0, slash), path.substring(slash), mode, size, digest, target, inode));
    return this;
  }

  /// A record of the payload.
  public PackageBuilder record(String name, String data) {
    return record(name, data, bytes(data).length);
  }

  PackageBuilder record(String name, String data, int size) {
    return text("070701"
            + "00000000".repeat(6)
            + hex(size)
            + "00000000".repeat(4)
            + hex(bytes(name).length + 1)
            + "00000000"
            + name
            + "\0")
        .aligned()
        .text(data)
        .aligned();
  }

  /// A record in rpm's own format for large files.
  PackageBuilder stripped(int number, String data) {
    return text("07070X" + hex(number)).aligned().text(data).aligned();
  }

  public PackageBuilder trailer() {
    return record("TRAILER!!!", "");
  }

  /// Bytes of the payload as they are.
  PackageBuilder text(String text) {
    payload.writeBytes(bytes(text));
    return this;
  }

  private PackageBuilder aligned() {
    payload.writeBytes(new byte[-payload.size() & 3]);
    return this;
  }

  private static String hex(int number) {
    return String.format(Locale.ROOT, "%08x", number);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  byte[] build() {
    if (!files.isEmpty()) {
      putFiles();
    }
    if (digested) {
      header.strings(Tag.PAYLOADSHA256, Digest.sha256(payload.toByteArray()).hex());
      header.int32(Tag.PAYLOADSHA256ALGO, 8);
    }
    if (formatSix) {
      header.int32(Tag.RPMFORMAT, 6).string(Tag.ENCODING, "utf-8");
      header.string(Tag.PAYLOADSHA512, payloadDigest(Digest.Algorithm.SHA512));
      header.string(Tag.PAYLOADSHA3_256, payloadDigest(Digest.Algorithm.SHA3_256));
    }
    byte[] main = lastWord.apply(header).file();
    var signature = new HeaderBuilder(HeaderKind.SIGNATURE);
    signature.int32(SignatureTag.SIZE, main.length + payload.size());
    if (formatSix) {
      signature.string(SignatureTag.SHA3_256, digest(Digest.Algorithm.SHA3_256, main));
      signature.raw(RESERVED, HeaderType.BIN, 8, "\0".repeat(8));
    }
    if (digested) {
      signature.string(SignatureTag.SHA256, Digest.sha256(main).hex());
    }
    var result = new ByteArrayOutputStream();
    result.writeBytes(ByteBuffer.allocate(96).putInt(0xedabeedb).array());
    result.writeBytes(signature.file());
    result.writeBytes(new byte[-result.size() & 7]);
    result.writeBytes(main);
    result.writeBytes(payload.toByteArray());
    return result.toByteArray();
  }

  private String payloadDigest(Digest.Algorithm algorithm) {
    return digest(algorithm, payload.toByteArray());
  }

  private static String digest(Digest.Algorithm algorithm, byte[] bytes) {
    MessageDigest digest = algorithm.start();
    digest.update(bytes);
    return Digest.finish(algorithm, digest).hex();
  }

  private void putFiles() {
    List<String> directories = files.stream().map(File::directory).distinct().toList();
    header.strings(Tag.DIRNAMES, directories.toArray(String[]::new));
    header.strings(Tag.BASENAMES, files.stream().map(File::name).toArray(String[]::new));
    header.int32(
        Tag.DIRINDEXES,
        files.stream().mapToInt(file -> directories.indexOf(file.directory())).toArray());
    header.int16(Tag.FILEMODES, files.stream().mapToInt(File::mode).toArray());
    int[] sizes = files.stream().mapToInt(File::size).toArray();
    if (formatSix) {
      header.int64(Tag.LONGFILESIZES, sizes);
    } else {
      header.int32(Tag.FILESIZES, sizes);
    }
    header.int32(Tag.FILEDIGESTALGO, 8);
    header.strings(Tag.FILEDIGESTS, files.stream().map(File::digest).toArray(String[]::new));
    header.strings(Tag.FILELINKTOS, files.stream().map(File::target).toArray(String[]::new));
    header.int32(Tag.FILEINODES, files.stream().mapToInt(File::inode).toArray());
    header.strings(Tag.FILEUSERNAME, files.stream().map(_ -> "root").toArray(String[]::new));
    header.strings(Tag.FILEGROUPNAME, files.stream().map(_ -> "root").toArray(String[]::new));
  }

  public Path write(Path directory) {
    try {
      return Files.write(directory.resolve("test.rpm"), build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
