package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.OverpakException;
import org.overpak.tree.Entry;

/// Packages of rpm 6's format, made by its description: stripped archives, sizes of 64 bits, no
/// MD5.
class FormatSixTest {
  @TempDir private Path directory;

  private static PackageBuilder six() {
    return new PackageBuilder("six")
        .formatSix()
        .directory("/usr/d")
        .file("/usr/d/file", "content")
        .link("/usr/d/x", "linked", 3)
        .link("/usr/d/y", "linked", 3)
        .stripped(0, "")
        .stripped(1, "content")
        .stripped(2, "")
        .stripped(3, "linked")
        .stripped(-1, "");
  }

  @Test
  void isReadAndVerified() throws IOException {
    PackageFile file = PackageFile.open(six().write(directory));
    Integrity integrity = file.verify();
    assertThat(integrity.coversHeader()).isTrue();
    assertThat(integrity.isPayloadBoundToHeader()).isTrue();
    var tree = file.payload(Accounts.ROOT_ONLY);
    var content = (Entry.RegularFile) tree.get("usr/d/file").orElseThrow();
    assertThat(content.content().readAll()).asString().isEqualTo("content");
    assertThat(tree.get("usr/d/x").orElseThrow().attributes().mode()).isEqualTo(0644);
  }

  @Test
  void isVerifiedByAnyOfItsDigests() {
    for (Tag tag : List.of(Tag.PAYLOADSHA256, Tag.PAYLOADSHA512)) {
      PackageFile file =
          PackageFile.open(
              six()
                  .finally_(
                      header ->
                          tag == Tag.PAYLOADSHA512
                              ? header.without(Tag.PAYLOADSHA256).without(tag)
                              : header.without(tag))
                  .write(directory));
      assertThat(file.verify().isPayloadBoundToHeader()).isTrue();
    }
    PackageFile wrong =
        PackageFile.open(
            six()
                .finally_(
                    header ->
                        header
                            .without(Tag.PAYLOADSHA256)
                            .string(Tag.PAYLOADSHA512, "00".repeat(64)))
                .write(directory));
    assertThatThrownBy(wrong::verify).isInstanceOf(OverpakException.class);
  }

  @Test
  void isWrittenDownWithoutWhatOlderOnesHave() {
    PackageFile file = PackageFile.open(six().write(directory));
    RpmDatabase database =
        RpmDatabase.EMPTY.install(
            List.of(Installation.whole(file)), InstallTransaction.at(0, "x86_64"));
    Header header = database.packages().getFirst().header().header();
    assertThat(header.has(Tag.SHA256HEADER)).isTrue();
    assertThat(header.has(Tag.SHA3_256HEADER)).isTrue();
    // A legacy tag in the signature header of such a package says nothing.
    assertThat(header.has(Tag.SIGSIZE)).isFalse();
    assertThat(IndexKey.of(IndexTable.SIGMD5, header)).isEmpty();
    assertThat(IndexKey.of(IndexTable.SHA1HEADER, header)).isEmpty();
    assertThat(IndexKey.of(IndexTable.BASENAMES, header)).hasSize(4);
    Path written = directory.resolve("rpmdb.sqlite");
    database.write(written);
    assertThat(RpmDatabase.open(written).packages()).hasSize(1);
  }
}
