package org.overpak.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.flatpak.EndOfLife;
import org.overpak.flatpak.ExportChanges;
import org.overpak.tree.TreePath;

class SpecSamplesTest {
  @Test
  void everySampleIsRead() {
    assertThat(SpecSamples.all()).hasSizeGreaterThan(10);
    for (var file : SpecSamples.all()) {
      assertThat(ContainerSpec.read(file).flatpak().packages()).as(file.toString()).isNotEmpty();
    }
  }

  @Test
  void everyKeyOfAnAppHasItsValue() {
    var spec = SpecSamples.read("every-app-key");
    var flatpak = spec.flatpak();
    assertThat(spec.notes()).isEmpty();
    assertThat(spec.platforms())
        .isEqualTo(new Platforms(List.of("x86_64", "aarch64"), List.of("aarch64")));
    assertThat(spec.allowedLeaks())
        .containsExactly(new TreePath("usr/share/licenses"), new TreePath("etc/writer.conf"));
    assertThat(flatpak.kind()).isEqualTo(FlatpakSpec.Kind.APP);
    assertThat(flatpak.id()).isEqualTo("org.example.Writer");
    assertThat(flatpak.branch()).isEqualTo("beta");
    assertThat(flatpak.image())
        .isEqualTo(
            new ImageSpec(
                "writer",
                "writer-flatpak",
                Map.of("vendor", "Example Project", "revision", "7", "devel", "true")));
    assertThat(flatpak.runtime())
        .isEqualTo(
            new RuntimeSpec(
                "org.fedoraproject.Platform",
                "f40",
                "flatpak-runtime",
                "org.fedoraproject.Sdk",
                "registry.example.org/flatpak-runtime:f40"));
    assertThat(flatpak.command()).isEqualTo("writer");
    assertThat(flatpak.finishArgs()).containsExactly("--share=ipc", "--socket=wayland");
    assertThat(flatpak.cleanupCommands()).isEqualTo("rm -rf /app/share/doc");
    assertThat(flatpak.tags()).containsExactly("Office", "2024");
    assertThat(flatpak.endOfLife())
        .isEqualTo(new EndOfLife("Replaced by org.example.Author.", "org.example.Author"));
    assertThat(flatpak.exports())
        .isEqualTo(
            new ExportChanges(
                "writer.appdata.xml",
                "writer.desktop",
                "writer",
                true,
                "writer.xml",
                List.of("application-x-writer", "application-x-writer-template"),
                "Example ",
                " (Beta)",
                "GPL-3.0-or-later AND CC0-1.0",
                false));
    assertThat(flatpak.extensionPoints())
        .containsExactly(
            new ExtensionPoint(
                "org.example.Writer.Dictionary",
                Map.of("directory", "share/dict", "add-ld-path", "lib")),
            new ExtensionPoint(
                "org.example.Writer.Plugin",
                Map.of(
                    "directory", "plugins",
                    "version", "1.10",
                    "subdirectories", "true",
                    "no-autodownload", "true",
                    "autodelete", "false",
                    "merge-dirs", "lib;share")));
  }

  @Test
  void runtimeKeepsItsScriptExactly() {
    var flatpak = SpecSamples.read("runtime").flatpak();
    assertThat(flatpak.kind()).isEqualTo(FlatpakSpec.Kind.RUNTIME);
    assertThat(flatpak.cleanupCommands())
        .isEqualTo(
            """
            mv -f /usr/bin/example-xdg-open /usr/bin/xdg-open

            # keep the time of the fonts
            touch -d @0 /usr/share/fonts
            """);
    assertThat(flatpak.packagesFor("s390x")).hasSize(3);
    assertThat(flatpak.packagesFor("x86_64")).hasSize(4);
  }

  @Test
  void numbersAreTheirText() {
    var flatpak = SpecSamples.read("numbers").flatpak();
    assertThat(flatpak.branch()).isEqualTo("1.10");
    assertThat(flatpak.runtime().version()).isEqualTo("40");
    assertThat(flatpak.command()).isEqualTo("0x1F");
    assertThat(flatpak.tags()).containsExactly("1", "2.50", "1_000", "010", "1e3", "-7", ".5");
    assertThat(flatpak.packages()).extracting(PackageSpec::name).containsExactly("2048", "3proxy");
  }

  @Test
  void wordsAreThoseOfAShell() {
    assertThat(SpecSamples.read("shell-words").flatpak().finishArgs())
        .containsExactly(
            "--share=ipc",
            "--env=GREETING=Good \"day\"",
            "--env=PATH=/app/bin:\"odd\"",
            "--env=SPACE= x",
            "--filesystem=xdg-download:ro",
            "--socket=wayland",
            "--env=EMPTY=");
    assertThat(SpecSamples.read("argument-list").flatpak().finishArgs())
        .containsExactly("--share=ipc", "--env=TITLE=Two words", "--env=HASH=#1", "--env=TAB=\t");
  }

  @Test
  void keysOfOsbsAreNotedInOrder() {
    var notes = SpecSamples.read("osbs").notes();
    assertThat(notes)
        .hasSize(10)
        .isSortedAccordingTo((a, b) -> a.position().compareTo(b.position()));
    assertThat(notes.getFirst().message())
        .isEqualTo("'autorebuild' is for OSBS and has no effect here");
  }

  @Test
  void whatAListOfUsbDevicesHoldsBelongsToTheSpec(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("container.yaml"),
            """
            flatpak:
              id: org.example.App
              runtime-name: flatpak-runtime
              runtime-version: f40
              packages: [viewer]
              finish-args: --share=ipc --usb-list-file=devices
            """);
    Path list = directory.resolve("devices");
    assertThatThrownBy(() -> ContainerSpec.read(file))
        .hasMessageContaining("container.yaml:6:16: 'finish-args' in 'flatpak' names a file")
        .hasMessageContaining(list.toString());
    Files.writeString(list, "all\n");
    ContainerSpec before = ContainerSpec.read(file);
    assertThat(before.flatpak().finishArgs()).containsExactly("--share=ipc", "--usb-list=all\n");
    assertThat(before.named()).containsExactly(list);
    Files.writeString(list, "!all\n");
    assertThat(ContainerSpec.read(file).source()).isNotEqualTo(before.source());
  }

  @Test
  void extensionExtendsARuntime() {
    var flatpak = SpecSamples.read("extension").flatpak();
    assertThat(flatpak.kind()).isEqualTo(FlatpakSpec.Kind.EXTENSION);
    assertThat(flatpak.runtime().id()).isEqualTo("org.example.Platform");
  }

  @Test
  void extraDataIsAnArgumentOfBuildFinish() {
    var data = SpecSamples.read("extra-data").flatpak().extraData();
    String sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assertThat(data)
        .extracting(ExtraData::finishArg)
        .containsExactly(
            "--extra-data=browser.rpm:"
                + sha256
                + ":104857600::https://dl.example.com/browser-1.0-1.x86_64.rpm",
            "--extra-data=fonts.zip:" + sha256 + ":1024:4096:https://dl.example.com/fonts.zip");
    assertThat(data.getFirst().isFor("aarch64")).isFalse();
  }

  @Test
  void aliasesStandForTheirAnchors() {
    var spec = SpecSamples.read("aliases");
    assertThat(spec.flatpak().packages())
        .hasSize(2)
        .allMatch(p -> p.platforms().equals(spec.platforms()));
    assertThat(spec.flatpak().runtime().version()).isEqualTo("f40");
  }
}
