package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.testing.Judge;
import org.overpak.tree.Content;
import org.overpak.tree.ContentReader;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Payloads as trees, and what libarchive unpacks of the same packages.
class PayloadIT {
  private static final Judge BSDTAR = Judge.of("bsdtar");
  private static final Judge RPM = Judge.of("rpm");

  @ParameterizedTest
  @ValueSource(
      strings = {"w9.gzdio", "w9.bzdio", "w6.xzdio", "w6.lzdio", "w19.zstdio", "w19L.zstdio"})
  void unpacksEveryCompressionAsLibarchive(String compression, @TempDir Path directory)
      throws IOException {
    Path file =
        RpmBuild.build(
            directory.resolve("build"), RpmBuild.MOTLEY, "_binary_payload " + compression);
    compare(file, Files.createDirectory(directory.resolve("theirs")), "motley " + compression);
  }

  @Test
  void readsAnUncompressedPayload(@TempDir Path directory) throws IOException {
    Path plain =
        RpmBuild.build(directory.resolve("plain"), RpmBuild.MOTLEY, "_binary_payload w.ufdio");
    FileTree tree = PackageFile.open(plain).payload(Accounts.ROOT_ONLY);
    var file = (Entry.RegularFile) tree.get("usr/share/motley/hello").orElseThrow();
    assertThat(file.content().readAll()).asString().isEqualTo("hello\n");
  }

  @Test
  void unpacksTheDistributionAsLibarchive(@TempDir Path directory) throws IOException {
    for (Path file : DistroPackages.of("apps")) {
      String name = String.valueOf(file.getFileName());
      compare(file, Files.createDirectory(directory.resolve(name)), name);
    }
  }

  @Test
  void everyPackageOfTheDistributionIsWhole() {
    for (Path file : DistroPackages.of("base")) {
      var opened = PackageFile.open(file);
      FileTree tree = opened.payload(Accounts.ROOT_ONLY);
      Integrity integrity = opened.verify();
      assertThat(integrity.coversHeader()).isTrue();
      assertThat(integrity.isPayloadBoundToHeader()).isTrue();
      assertThat(tree.entries().keySet())
          .isEqualTo(opened.header().tree(Accounts.ROOT_ONLY).entries().keySet());
    }
  }

  /// Type and permissions, content, target and hard links of each entry.
  private static void compare(Path file, Path scratch, String subject) throws IOException {
    BSDTAR.run(BSDTAR.command("-xpf", file.toString()).in(scratch));
    FileTree tree = PackageFile.open(file).payload(Accounts.ROOT_ONLY);
    Map<String, String> ours = new LinkedHashMap<>();
    try (var reader = new ContentReader()) {
      for (var item : tree.entries().entrySet()) {
        ours.put(item.getKey().toString(), describe(item.getValue(), reader));
      }
    }
    Map<String, String> theirs = theirs(scratch, tree);
    BSDTAR.compare(subject, theirs, ours);

    theirs.replaceAll((_, text) -> text.replaceFirst("sha256:.", "sha256:x"));
    BSDTAR.distinguishes("other content", subject, theirs, ours);
  }

  private static Map<String, String> theirs(Path scratch, FileTree tree) throws IOException {
    Map<String, String> result = new LinkedHashMap<>();
    FileTree unpacked = FileTree.ofDirectory(scratch);
    try (var reader = new ContentReader()) {
      for (var item : unpacked.entries().entrySet()) {
        // Directories that no package owns are made by whoever unpacks.
        if (tree.contains(item.getKey()) || !(item.getValue() instanceof Entry.Directory)) {
          result.put(item.getKey().toString(), describe(item.getValue(), reader));
        }
      }
    }
    assertThat(result).isNotEmpty();
    return result;
  }

  private static String describe(Entry entry, ContentReader reader) throws IOException {
    String mode = Integer.toOctalString(entry.attributes().mode());
    return switch (entry) {
      case Entry.Directory _ -> "directory " + mode;
      case Entry.Symlink(_, String target) -> "link to " + target;
      case Entry.Special special ->
          special.kind() + " " + mode + " " + special.major() + " " + special.minor();
      case Entry.RegularFile file -> {
        // Who unpacks as root gives files to users that the test's machine does not know, and
        // clears the bits that go with them.
        try (InputStream stream = reader.open(file.content())) {
          yield "file "
              + Integer.toOctalString(entry.attributes().mode() & 01777)
              + " "
              + entry.attributes().modified()
              + " "
              + Digest.sha256(stream.readAllBytes());
        }
      }
    };
  }

  @Test
  void hardLinksShareOneContent(@TempDir Path directory) {
    FileTree tree =
        PackageFile.open(RpmBuild.build(directory, RpmBuild.MOTLEY)).payload(Accounts.ROOT_ONLY);
    List<Entry.RegularFile> links =
        Stream.of("hello", "hello-again", "a-first-hello")
            .map(name -> (Entry.RegularFile) tree.get("usr/share/motley/" + name).orElseThrow())
            .toList();
    assertThat(links).extracting(Entry.RegularFile::links).containsOnly(links.get(0).links());
    assertThat(links).extracting(Entry.RegularFile::content).containsOnly(links.get(0).content());
    assertThat(links.get(0).content().size()).isEqualTo(6);
  }

  @Test
  void ownersAreThoseOfTheRoot(@TempDir Path directory) {
    var file = PackageFile.open(RpmBuild.build(directory, RpmBuild.MOTLEY));
    var suid = new TreePath("usr/bin/motley-suid");
    var known = new Accounts(Map.of("motleyuser", 7), Map.of("motleygroup", 8));
    Entry theirs = file.payload(known).get(suid).orElseThrow();
    assertThat(theirs.attributes().mode()).isEqualTo(04755);
    assertThat(theirs.attributes().owner().uid()).isEqualTo(7);
    assertThat(theirs.attributes().owner().gid()).isEqualTo(8);
    Entry nobodys = file.payload(Accounts.ROOT_ONLY).get(suid).orElseThrow();
    assertThat(nobodys.attributes().mode()).isEqualTo(0755);
    assertThat(nobodys.attributes().owner().uid()).isZero();
  }

  @Test
  void aChangedByteAnywhereIsFound(@TempDir Path directory) throws IOException {
    Path good = RpmBuild.build(directory, RpmBuild.MOTLEY);
    byte[] bytes = Files.readAllBytes(good);
    var opened = PackageFile.open(good);
    long[] places = {
      opened.headerOffset() + 600,
      opened.payloadOffset() - 1,
      opened.payloadOffset() + 40,
      bytes.length - 1L
    };
    for (long place : places) {
      byte[] changed = bytes.clone();
      changed[(int) place] ^= 1;
      Path bad = Files.write(directory.resolve("bad.rpm"), changed);
      RPM.rejects("a package with one bit changed", "-K", bad.toString());
      assertThatThrownBy(() -> PackageFile.open(bad).verify()).isInstanceOf(OverpakException.class);
      assertThatThrownBy(() -> PackageFile.open(bad).payload(Accounts.ROOT_ONLY))
          .isInstanceOf(OverpakException.class);
    }
    RPM.run("-K", good.toString());
    RPM.compared(1);
    assertThat(opened.verify().isPayloadBoundToHeader()).isTrue();
  }

  @Test
  void aTruncatedPackageIsFound(@TempDir Path directory) throws IOException {
    byte[] bytes = Files.readAllBytes(RpmBuild.build(directory, RpmBuild.MOTLEY));
    Path bad = directory.resolve("bad.rpm");
    for (int length : new int[] {0, 3, 95, 96, 111, 500, 6000, bytes.length - 1}) {
      Files.write(bad, java.util.Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> PackageFile.open(bad).verify())
          .isInstanceOfSatisfying(
              OverpakException.class,
              e -> assertThat(e.exitCode()).isIn(ExitCode.REPOSITORY, ExitCode.UNTRUSTED));
    }
    assertThat(Files.exists(bad, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void contentOfAnExchangedFileIsAnError(@TempDir Path directory) throws IOException {
    Path file = RpmBuild.build(directory, RpmBuild.MOTLEY);
    FileTree tree = PackageFile.open(file).payload(Accounts.ROOT_ONLY);
    var hello = (Entry.RegularFile) tree.get("usr/share/motley/hello").orElseThrow();
    Content content = hello.content();
    Files.write(file, new byte[10]);
    assertThatThrownBy(content::readAll).hasMessageContaining("has changed");
  }
}
