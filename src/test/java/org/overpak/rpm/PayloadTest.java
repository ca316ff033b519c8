package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;

class PayloadTest {
  @TempDir private Path directory;

  private FileTree read(PackageBuilder builder) {
    return PackageFile.open(builder.write(directory)).payload(Accounts.ROOT_ONLY);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refuses(
      ExitCode exitCode, PackageBuilder builder) {
    return assertThatThrownBy(() -> read(builder))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
        .hasMessageContaining("test.rpm");
  }

  private static PackageBuilder hello() {
    return new PackageBuilder("hello").file("/usr/hello", "hello\n");
  }

  private static String text(FileTree tree, String path) throws IOException {
    var file = (Entry.RegularFile) tree.get(path).orElseThrow();
    return new String(file.content().readAll(), java.nio.charset.StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"./usr/hello", "/usr/hello", "usr/hello"})
  void findsTheFileByEitherFormOfItsName(String name) throws IOException {
    assertThat(text(read(hello().record(name, "hello\n").trailer()), "usr/hello"))
        .isEqualTo("hello\n");
  }

  @Test
  void theHeaderSaysTypeAndTarget() {
    FileTree tree =
        read(
            new PackageBuilder("a")
                .directory("/d")
                .symlink("/d/l", "there")
                .record("./d/l", "there")
                .record("./d", "")
                .trailer());
    assertThat(tree.get("d").orElseThrow()).isInstanceOf(Entry.Directory.class);
    assertThat(tree.get("d/l").orElseThrow())
        .isInstanceOfSatisfying(
            Entry.Symlink.class, link -> assertThat(link.target()).isEqualTo("there"));
  }

  @Test
  void readsStrippedArchives() throws IOException {
    FileTree tree =
        read(
            new PackageBuilder("a")
                .directory("/d")
                .file("/d/one", "1")
                .link("/d/x", "linked", 5)
                .link("/d/y", "linked", 5)
                .stripped(1, "1")
                .stripped(0, "")
                .stripped(2, "")
                .stripped(3, "linked")
                .stripped(-1, ""));
    assertThat(text(tree, "d/one")).isEqualTo("1");
    assertThat(text(tree, "d/x")).isEqualTo("linked");
    assertThat(text(tree, "d/y")).isEqualTo("linked");
  }

  @Test
  void anyHardLinkMayCarryTheContent() throws IOException {
    FileTree tree =
        read(
            new PackageBuilder("a")
                .link("/x", "linked", 5)
                .link("/y", "linked", 5)
                .record("./y", "")
                .record("./x", "linked")
                .trailer());
    assertThat(text(tree, "y")).isEqualTo("linked");
  }

  @Test
  void trailingBytesAreIgnored() {
    read(hello().record("./usr/hello", "hello\n").trailer().text("garbage".repeat(100)));
  }

  @Test
  void refusesHardLinksWithoutContent() {
    refuses(
            ExitCode.PACKAGE,
            new PackageBuilder("a")
                .link("/x", "linked", 5)
                .link("/y", "linked", 5)
                .record("./x", "")
                .record("./y", "")
                .trailer())
        .hasMessageContaining("no hard link to /x has its content");
  }

  @Test
  void refusesHardLinksThatDiffer() {
    refuses(
            ExitCode.PACKAGE,
            new PackageBuilder("a")
                .link("/x", "one", 5)
                .link("/y", "two", 5)
                .record("./x", "one")
                .record("./y", "two")
                .trailer())
        .hasMessageContaining("but differ");
  }

  @Test
  void refusesAFileThatTheHeaderDoesNotHave() {
    refuses(
            ExitCode.PACKAGE,
            hello().record("./usr/hello", "hello\n").record("./etc/shadow", "x").trailer())
        .hasMessageContaining("/etc/shadow is not in the header");
  }

  @Test
  void refusesAMissingFile() {
    refuses(ExitCode.PACKAGE, hello().trailer()).hasMessageContaining("/usr/hello is missing");
  }

  @Test
  void refusesAFileTwice() {
    refuses(
            ExitCode.PACKAGE,
            hello().record("./usr/hello", "hello\n").record("./usr/hello", "hello\n").trailer())
        .hasMessageContaining("twice");
  }

  @Test
  void refusesAnotherSize() {
    refuses(ExitCode.PACKAGE, hello().record("./usr/hello", "hello").trailer())
        .hasMessageContaining("has 5 bytes, the header says 6");
  }

  @Test
  void refusesOtherContent() {
    refuses(ExitCode.UNTRUSTED, hello().record("./usr/hello", "hallo\n").trailer())
        .hasMessageContaining("/usr/hello is sha256:");
  }

  @Test
  void refusesContentForADirectory() {
    refuses(ExitCode.PACKAGE, new PackageBuilder("a").directory("/d").record("./d", "x").trailer())
        .hasMessageContaining("/d has 1 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "./usr/../hello",
        "..",
        "./a//b",
        "./usr/hello\0x",
        "",
        "./usr/hello/",
        "/./usr/./hello"
      })
  void refusesOrIgnoresStrangeNames(String name) {
    var builder = hello().record(name, "hello\n").trailer();
    // A slash at the end is the one oddity that rpm's own archives had.
    if (name.equals("./usr/hello/")) {
      assertThat(read(builder).get("usr/hello")).isPresent();
    } else {
      refuses(ExitCode.PACKAGE, builder);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0707", "070707", "07070X0000000g", "07070X00000009", "#!/bin/sh"})
  void refusesWhatIsNoArchive(String payload) {
    refuses(ExitCode.PACKAGE, hello().text(payload));
  }

  @Test
  void refusesAnArchiveThatEndsEarly() {
    refuses(ExitCode.PACKAGE, hello().record("./usr/hello", "hello\n"))
        .hasMessageContaining("ends too early");
    refuses(ExitCode.PACKAGE, hello().record("./usr/hello", "hel", 6))
        .hasMessageContaining("cannot be unpacked");
  }

  @Test
  void refusesNamesThatAreTooLong() {
    refuses(
            ExitCode.PACKAGE,
            hello()
                .text("070701" + "00000000".repeat(11) + "7fffffff" + "00000000")
                .record("./usr/hello", "hello\n"))
        .hasMessageContaining("name of 2147483647 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/usr/../etc", "usr/hello", "/usr//hello", "/./usr", "/usr/", "//", "/.."})
  void refusesPathsThatAreNotPlain(String path) {
    refuses(ExitCode.PACKAGE, new PackageBuilder("a").file(path, "x").record(path, "x").trailer())
        .hasMessageContaining("file 0: path");
  }

  @Test
  void refusesOnePathTwice() {
    refuses(
            ExitCode.PACKAGE,
            new PackageBuilder("a").file("/x", "1").file("/x", "1").record("./x", "1").trailer())
        .hasMessageContaining("two files have the path /x");
  }

  @Test
  void refusesAFileBelowAFileOrLink() {
    refuses(
            ExitCode.PACKAGE,
            new PackageBuilder("a")
                .symlink("/x", "/etc")
                .file("/x/passwd", "1")
                .record("./x", "/etc")
                .record("./x/passwd", "1")
                .trailer())
        .hasMessageContaining("/x/passwd lies below /x");
  }

  @Test
  void refusesModesOfNoType() {
    refuses(
            ExitCode.PACKAGE,
            new PackageBuilder("a").add("/x", 0644, 0, "", "", 0).record("./x", "").trailer())
        .hasMessageContaining("impossible mode");
  }

  @Test
  void refusesCapabilitiesOfNoName() {
    refuses(
            ExitCode.PACKAGE,
            hello()
                .finally_(header -> header.strings(Tag.FILECAPS, "cap_all_of_it=ep"))
                .record("./usr/hello", "hello\n")
                .trailer())
        .hasMessageContaining("not a capability: 'cap_all_of_it'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lzip", "gzip2"})
  void refusesUnknownCompression(String name) {
    refuses(
            ExitCode.PACKAGE,
            hello().finally_(header -> header.string(Tag.PAYLOADCOMPRESSOR, name)))
        .hasMessageContaining(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bzip2", "xz", "lzma", "zstd"})
  void refusesWhatIsNotCompressedSo(String name) {
    refuses(
            ExitCode.PACKAGE,
            hello()
                .finally_(header -> header.string(Tag.PAYLOADCOMPRESSOR, name))
                .record("./usr/hello", "hello\n")
                .trailer())
        .hasMessageContaining("cannot be unpacked");
  }
}
