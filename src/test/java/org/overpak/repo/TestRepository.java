package org.overpak.repo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.overpak.Digest;

/// A repository made by code. What is wrong with it is said where it is made.
final class TestRepository {
  static final String COMMON = "http://linux.duke.edu/metadata/common";

  private final Path directory;

  TestRepository(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  /// A `primary.xml` of PACKAGES.
  static String primary(String... packages) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <metadata xmlns="http://linux.duke.edu/metadata/common" \
        xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="%d">
        %s</metadata>
        """
        .formatted(packages.length, String.join("", packages));
  }

  /// A package NAME, version 1-1, that has FORMAT inside `<format>`.
  static String pkg(String name, String format) {
    return """
        <package type="rpm"><name>%1$s</name><arch>noarch</arch>
        <version epoch="0" ver="1" rel="1"/>
        <checksum type="sha256" pkgid="YES">%2$s</checksum>
        <summary>About %1$s</summary><time file="1" build="2"/>
        <size package="3" installed="4" archive="5"/>
        <location href="Packages/%1$s-1-1.noarch.rpm"/>
        <format><rpm:sourcerpm>%1$s-1-1.src.rpm</rpm:sourcerpm>%3$s</format></package>
        """
        .formatted(name, sha256(name).hex(), format);
  }

  static String filelists(String name, String... paths) {
    var files = new StringBuilder();
    for (String path : paths) {
      files.append("<file>").append(path).append("</file>");
    }
    return """
        <filelists xmlns="http://linux.duke.edu/metadata/filelists" packages="1">
        <package pkgid="%s" name="%s" arch="noarch"><version epoch="0" ver="1" rel="1"/>%s</package>
        </filelists>
        """
        .formatted(sha256(name).hex(), name, files);
  }

  static Digest sha256(String text) {
    return Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Compresses.
  interface Compressor {
    OutputStream over(OutputStream out) throws IOException;
  }

  static byte[] compress(String text, Compressor compressor) {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream out = compressor.over(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] gzip(String text) {
    return compress(text, GZIPOutputStream::new);
  }

  /// The `<data>` of `repomd.xml` for a file that is stored as STORED and has the content OPEN.
  static String data(String type, byte[] stored, String open) {
    return """
        <data type="%1$s"><checksum type="sha256">%2$s</checksum>
        <open-checksum type="sha256">%3$s</open-checksum>
        <location href="repodata/%1$s.xml.gz"/><timestamp>1</timestamp>
        <size>%4$d</size><open-size>%5$d</open-size></data>
        """
        .formatted(
            type,
            Digest.sha256(stored).hex(),
            sha256(open).hex(),
            stored.length,
            open.getBytes(StandardCharsets.UTF_8).length);
  }

  static String repomd(String... data) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>7</revision>
        %s</repomd>
        """
        .formatted(String.join("", data));
  }

  /// Writes `primary.xml`, `filelists.xml` (left out where empty) and `repomd.xml`.
  TestRepository write(String primary, String filelists) {
    byte[] stored = gzip(primary);
    file("repodata/primary.xml.gz", stored);
    String data = data("primary", stored, primary);
    if (!filelists.isEmpty()) {
      byte[] storedLists = gzip(filelists);
      file("repodata/filelists.xml.gz", storedLists);
      data += data("filelists", storedLists, filelists);
    }
    file("repodata/repomd.xml", repomd(data));
    return this;
  }

  TestRepository file(String path, byte[] content) {
    try {
      Path file = directory.resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TestRepository file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /// As it would be given on a command line.
  RepositoryConfig config() {
    return RepositoryConfig.parseOption("test=" + directory, List.of());
  }
}
