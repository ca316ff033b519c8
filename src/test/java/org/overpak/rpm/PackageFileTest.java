package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

class PackageFileTest {
  @TempDir private Path directory;

  private static PackageBuilder hello() {
    return new PackageBuilder("hello")
        .file("/usr/hello", "hello\n")
        .record("./usr/hello", "hello\n")
        .trailer();
  }

  private PackageFile open(PackageBuilder builder) {
    return PackageFile.open(builder.write(directory));
  }

  private void refuses(ExitCode exitCode, String said, PackageBuilder builder) {
    assertThatThrownBy(() -> open(builder))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
        .hasMessageContaining("test.rpm")
        .hasMessageContaining(said);
  }

  @Test
  void saysWhatItIs() {
    PackageFile file = open(hello());
    assertThat(file.header().nevra()).hasToString("hello-1-2.noarch");
    assertThat(file.header().sourceRpm()).isEqualTo("hello-1-2.src.rpm");
    assertThat(file.header().metadata().files()).containsExactly("/usr/hello");
    assertThat(file.signatures()).isEmpty();
  }

  @Test
  void digestsBindThePayloadToTheHeader() {
    Integrity integrity = open(hello()).verify();
    assertThat(integrity.coversHeader()).isTrue();
    assertThat(integrity.isPayloadBoundToHeader()).isTrue();
  }

  @Test
  void withoutDigestsNothingIsCovered() {
    Integrity integrity = open(hello().undigested()).verify();
    assertThat(integrity.verified()).isEmpty();
    assertThat(integrity.coversHeader()).isFalse();
    assertThat(integrity.isPayloadBoundToHeader()).isFalse();
  }

  @Test
  void refusesAWrongPayloadDigest() {
    PackageFile file =
        open(hello().finally_(header -> header.strings(Tag.PAYLOADSHA256, "00".repeat(32))));
    assertThatThrownBy(file::verify)
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNTRUSTED))
        .hasMessageContaining("the payload is sha256:");
  }

  @Test
  void takesTheDigestOfTheDecompressedPayloadInstead() {
    PackageFile file =
        open(
            hello()
                .finally_(
                    header -> {
                      String right = header.parse().string(Tag.PAYLOADSHA256);
                      return header
                          .strings(Tag.PAYLOADSHA256, "00".repeat(32))
                          .strings(Tag.PAYLOADSHA256ALT, right);
                    }));
    assertThat(file.verify().isPayloadBoundToHeader()).isTrue();
  }

  @Test
  void refusesATruncatedFileAnywhere() throws IOException {
    byte[] bytes = hello().build();
    Path file = directory.resolve("test.rpm");
    for (int length = 0; length < bytes.length; length++) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> PackageFile.open(file)).isInstanceOf(OverpakException.class);
    }
    Files.write(file, bytes);
    assertThat(PackageFile.open(file).size()).isEqualTo(bytes.length);
  }

  @Test
  void refusesAChangedByteAnywhereButInTheLead() throws IOException {
    byte[] bytes = hello().build();
    Path file = directory.resolve("test.rpm");
    int accepted = 0;
    for (int i = 96; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 0x11;
      Files.write(file, changed);
      try {
        PackageFile.open(file).payload(Accounts.ROOT_ONLY);
        accepted++;
      } catch (OverpakException e) {
        // What must be.
      }
    }
    // The padding between the headers, and a tag of the signature header that no longer is one of
    // those that are looked at.
    assertThat(accepted).isLessThan(24);
  }

  @Test
  void refusesASourcePackage() {
    refuses(
        ExitCode.PACKAGE,
        "is a source package",
        hello().finally_(header -> header.without(Tag.SOURCERPM)));
  }

  @Test
  void refusesUnknownFeaturesOfRpm() {
    refuses(
        ExitCode.PACKAGE,
        "rpmlib(TimeTravel) <= 9-1",
        hello()
            .finally_(
                header ->
                    header
                        .strings(Tag.REQUIRENAME, "rpmlib(TimeTravel)", "rpmlib(FileDigests)")
                        .int32(Tag.REQUIREFLAGS, 16777226, 16777226)
                        .strings(Tag.REQUIREVERSION, "9-1", "4.6.0-1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "../x", "a\nb", "a/b"})
  void refusesNamesThatAreNone(String name) {
    refuses(
        ExitCode.REPOSITORY,
        "NAME is missing or no name",
        hello().finally_(header -> header.string(Tag.NAME, name)));
  }

  @Test
  void refusesArraysOfDifferentLengths() {
    PackageFile file = open(hello().finally_(header -> header.int32(Tag.FILESIZES, 1, 2)));
    assertThatThrownBy(() -> file.header().files())
        .hasMessageContaining("2 values of FILESIZES for 1 files");
    PackageFile other = open(hello().finally_(header -> header.int32(Tag.DIRINDEXES, 1)));
    assertThatThrownBy(() -> other.header().files())
        .hasMessageContaining("file 0 lies in directory 1 of 1");
  }

  @Test
  void refusesWhatIsNoPackage() throws IOException {
    Path file = Files.writeString(directory.resolve("text.rpm"), "<html>404</html>".repeat(20));
    assertThatThrownBy(() -> PackageFile.open(file))
        .hasMessageContaining("this is not an RPM package");
    assertThatThrownBy(() -> PackageFile.open(directory.resolve("none.rpm")))
        .hasMessageContaining("no such file");
  }
}
