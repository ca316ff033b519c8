package org.overpak.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.overpak.repo.TestRepository.data;
import static org.overpak.repo.TestRepository.gzip;
import static org.overpak.repo.TestRepository.pkg;
import static org.overpak.repo.TestRepository.primary;
import static org.overpak.repo.TestRepository.repomd;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.PackageMetadata;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class MetadataReaderTest {
  @TempDir Path directory;

  private TestRepository repository() {
    return new TestRepository(directory.resolve("repo"));
  }

  private RepositoryMetadata open(TestRepository repository) {
    try (var downloads = downloads()) {
      return downloads.open(List.of(repository.config()), _ -> {}).getFirst();
    }
  }

  private Downloads downloads() {
    return new Downloads(directory.resolve("cache"), DownloadOptions.DEFAULT, Progress.SILENT);
  }

  private AbstractThrowableAssert<?, ?> assertRefused(TestRepository repository, ExitCode code) {
    return assertThatThrownBy(() -> open(repository))
        .isInstanceOf(OverpakException.class)
        .matches(e -> ((OverpakException) e).exitCode() == code, code.toString())
        .hasMessageStartingWith("reading repository 'test': ");
  }

  @Test
  void readsWhatResolvingNeeds() {
    var packages =
        open(repository()
                .write(
                    primary(
                        pkg(
                            "hello",
                            """
                                <rpm:provides><rpm:entry name="hello" flags="EQ" epoch="2" ver="1" rel="3"/>
                                <rpm:entry name="virtual" flags="EQ" epoch="0" ver="3"/></rpm:provides>
                                <rpm:requires><rpm:entry name="/bin/sh" pre="1"/>
                                <rpm:entry name="(a &gt;= 1 or b)"/></rpm:requires>
                                <rpm:conflicts><rpm:entry name="c" flags="LT" epoch="0" ver="2"/></rpm:conflicts>
                                <rpm:obsoletes><rpm:entry name="o" flags="LE" ver="2"/></rpm:obsoletes>
                                <rpm:recommends><rpm:entry name="r" flags="GE" ver="2"/></rpm:recommends>
                                <rpm:suggests><rpm:entry name="s" flags="GT" ver="2"/></rpm:suggests>
                                <rpm:supplements><rpm:entry name="u"/></rpm:supplements>
                                <rpm:enhances><rpm:entry name="e"/></rpm:enhances>
                                <file>/usr/bin/hello</file><file type="dir">/etc/hello</file>
                                """),
                        pkg("empty", ""),
                        pkg("empty", "")),
                    ""))
            .packages();
    assertThat(packages).hasSize(2);
    RepositoryPackage hello = packages.getFirst();
    PackageMetadata metadata = hello.metadata();
    assertThat(hello.nevra()).hasToString("hello-1-1.noarch");
    assertThat(hello.href()).isEqualTo("Packages/hello-1-1.noarch.rpm");
    assertThat(hello.digest()).isEqualTo(TestRepository.sha256("hello"));
    assertThat(hello.size()).isEqualTo(3);
    assertThat(hello.buildTime()).isEqualTo(2);
    assertThat(metadata.installedSize()).isEqualTo(4);
    assertThat(metadata.sourceRpm()).isEqualTo("hello-1-1.src.rpm");
    assertThat(metadata.files()).containsExactly("/usr/bin/hello", "/etc/hello");
    var relations = metadata.relations();
    assertThat(texts(relations.provides())).containsExactly("hello = 2:1-3", "virtual = 3");
    assertThat(texts(relations.requires())).containsExactly("/bin/sh", "(a >= 1 or b)");
    assertThat(texts(relations.conflicts())).containsExactly("c < 2");
    assertThat(texts(relations.obsoletes())).containsExactly("o <= 2");
    assertThat(texts(relations.recommends())).containsExactly("r >= 2");
    assertThat(texts(relations.suggests())).containsExactly("s > 2");
    assertThat(texts(relations.supplements())).containsExactly("u");
    assertThat(texts(relations.enhances())).containsExactly("e");
  }

  private static List<String> texts(List<Dependency> dependencies) {
    return dependencies.stream().map(Dependency::toString).toList();
  }

  @Test
  void prefixesAreOnlyConventions() {
    String other =
        primary(pkg("a", "<rpm:provides><rpm:entry name=\"x\"/></rpm:provides>"))
            .replace("<rpm:", "<q:")
            .replace("</rpm:", "</q:")
            .replace("xmlns:rpm", "xmlns:q");
    assertThat(
            open(repository().write(other, ""))
                .packages()
                .getFirst()
                .metadata()
                .relations()
                .provides())
        .containsExactly(Dependency.named("x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "xz", "zstd", "bzip2", "gzip in two members", "none"})
  void decompressesByMagicNumber(String how) throws Exception {
    String open = primary(pkg("a", ""), pkg("b", ""));
    byte[] stored =
        switch (how) {
          case "gzip" -> gzip(open);
          case "xz" ->
              TestRepository.compress(open, out -> new XZOutputStream(out, new LZMA2Options(6)));
          case "zstd" -> TestRepository.compress(open, ZstdOutputStream::new);
          case "bzip2" -> TestRepository.compress(open, BZip2CompressorOutputStream::new);
          case "none" -> open.getBytes(StandardCharsets.UTF_8);
          default ->
              TestRepository.compress(
                  open,
                  out -> {
                    try (var first =
                        new GZIPOutputStream(out) {
                          @Override
                          public void close() throws IOException {
                            finish();
                          }
                        }) {
                      first.write('<');
                    }
                    return new Tail(new GZIPOutputStream(out));
                  });
        };
    var repository =
        repository()
            .file("repodata/primary.xml.gz", stored)
            .file("repodata/repomd.xml", repomd(data("primary", stored, open)));
    assertThat(open(repository).packages()).hasSize(2);
  }

  /// Leaves out the first byte.
  private static final class Tail extends FilterOutputStream {
    Tail(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset + 1, length - 1);
    }
  }

  @Test
  void refusesDamagedStoredBytesAsSuch() throws Exception {
    TestRepository repository = repository().write(primary(pkg("a", "")), "");
    Path file = repository.directory().resolve("repodata/primary.xml.gz");
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
    assertRefused(repository, ExitCode.UNTRUSTED).hasMessageContaining("has the checksum sha256:");
    Files.write(file, Arrays.copyOf(content, content.length - 1));
    assertRefused(repository, ExitCode.REPOSITORY).hasMessageContaining("ends after");
    Files.write(file, Arrays.copyOf(content, content.length + 1));
    assertRefused(repository, ExitCode.REPOSITORY).hasMessageContaining("is larger than");
    Files.delete(file);
    assertRefused(repository, ExitCode.REPOSITORY).hasMessageContaining("no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <open-checksum type="sha256">[0-9a-f]{8} | <open-checksum type="sha256">00000000 | UNTRUSTED | (decompressed) has the checksum
          <open-size>.*</open-size>                | <open-size>9</open-size>              | REPOSITORY | (decompressed) is larger than the 9 bytes
          <open-size>.*</open-size>                | <open-size>9999</open-size>           | REPOSITORY | (decompressed) ends after
          <open-size>.*</open-size>                | <open-size>99999999999</open-size>    | REPOSITORY | that cannot be meant
          <open-size>.*</open-size>                | <open-size>-1</open-size>             | REPOSITORY | is not a number
          <checksum type="sha256">.{64}            | <checksum type="sha1">0123456789012345678901234567890123456789 | UNTRUSTED | a sha1 checksum does not protect
          <checksum type="sha256">.{64}            | <checksum type="md5">01234567890123456789012345678901 | UNTRUSTED | a md5 checksum does not protect
          <checksum type="sha256">.{64}            | <checksum type="crc32">01234567        | REPOSITORY | is not a checksum of type
          href="repodata/primary                   | href="../primary                      | REPOSITORY | leads out of the repository
          href="repodata/primary                   | href="/repodata/primary               | REPOSITORY | leads out of the repository
          href="repodata/primary                   | href="repodata/%2e%2E/primary         | REPOSITORY | leads out of the repository
          href="repodata/primary                   | href="a%2f..%2fprimary                | REPOSITORY | leads out of the repository
          href="repodata/primary                   | href="http://example.org/primary      | REPOSITORY | leads out of the repository
          <location                                | <location xml:base="ftp://example.org/" | REPOSITORY | is not allowed
          <data type="primary">                    | <data>                                | REPOSITORY | lacks the attribute 'type'
          <location .*/>                           | ``                                    | REPOSITORY | lacks its location or checksum
          data type="primary"                      | data type="other"                     | REPOSITORY | has no primary metadata
          </repomd>                                | ``                                    | REPOSITORY | repomd.xml:
          metadata/repo"                           | metadata/rep"                         | REPOSITORY | the document is not <repomd>
          """)
  void refusesAWrongIndex(String what, String with, ExitCode code, String message)
      throws Exception {
    TestRepository repository = repository().write(primary(pkg("a", "")), "");
    Path index = repository.directory().resolve("repodata/repomd.xml");
    String text = Files.readString(index);
    String changed = text.replaceFirst(what, with);
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(index, changed);
    assertRefused(repository, code).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <name>a</name>          | ``                                      | lacks its name
          <version .*/>           | ``                                      | lacks its name
          <version .*/>           | <version epoch="x" ver="1" rel="1"/>    | 'x' is not an epoch
          <arch>.*</arch>         | ``                                      | lacks its name
          <size .*/>              | ``                                      | lacks its checksum, size
          package="3"             | package="many"                          | 'many' is not a number
          href="Packages          | href="../..                             | leads out of the repository
          href="Packages          | xml:base="gopher://x/" href="Packages   | is not allowed
          <rpm:sourcerpm>         | <rpm:provides><rpm:entry/></rpm:provides><rpm:sourcerpm> | a dependency has no name
          <rpm:sourcerpm>         | <rpm:provides><rpm:entry name="x" flags="NE" ver="1"/></rpm:provides><rpm:sourcerpm> | 'NE' is not a comparison
          <rpm:sourcerpm>         | <rpm:requires><rpm:entry name="(x or"/></rpm:requires><rpm:sourcerpm> | not a dependency: '(x or'
          </package>              | ``                                      | primary.xml.gz:
          <summary>About          | <summary>&undeclared;                   | primary.xml.gz:
          """)
  void refusesAWrongPackage(String what, String with, String message) {
    String right = primary(pkg("a", ""));
    String wrong = right.replaceFirst(what, with);
    assertThat(wrong).isNotEqualTo(right);
    assertRefused(repository().write(wrong, ""), ExitCode.REPOSITORY)
        .hasMessageContaining(message)
        // FILE:LINE:COLUMN
        .hasMessageMatching("(?s).*primary\\.xml\\.gz:\\d+:\\d+: .*");
  }

  @Test
  void refusesEntitiesAndDepth() {
    String bomb =
        "<!DOCTYPE metadata [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>"
            + primary(pkg("a", "")).substring(primary().indexOf("\n") + 1).replace("About", "&b;");
    assertRefused(repository().write(bomb, ""), ExitCode.REPOSITORY)
        .hasMessageContaining("document types and entities are not allowed");
    String deep = primary(pkg("a", "<x>".repeat(100) + "</x>".repeat(100)));
    assertRefused(repository().write(deep, ""), ExitCode.REPOSITORY).hasMessageContaining("epth");
  }

  @Test
  void listsOnlyWantedFiles() {
    TestRepository repository =
        repository()
            .write(
                primary(pkg("a", "<file>/usr/bin/a</file>"), pkg("b", "")),
                TestRepository.filelists("a", "/usr/bin/a", "/usr/share/a", "/usr/share/other"));
    RepositoryMetadata metadata = open(repository);
    try (var downloads = downloads()) {
      assertThat(downloads.owners(metadata, Set.of("/usr/bin/a", "/usr/share/a", "/usr/absent")))
          .isEqualTo(Map.of("/usr/share/a", List.of(0)));
    }
  }

  @Test
  void doesNotReadFilelistsForWhatPrimaryLists() throws Exception {
    TestRepository repository = repository().write(primary(pkg("a", "")), "<broken");
    RepositoryMetadata metadata = open(repository);
    try (var downloads = downloads()) {
      assertThat(downloads.owners(metadata, Set.of("/usr/bin/x", "/etc/x"))).isEmpty();
      assertThatThrownBy(() -> downloads.owners(metadata, Set.of("/usr/share/x")))
          .isInstanceOf(OverpakException.class)
          .hasMessageContaining("filelists.xml.gz:1:");
    }
  }
}
