package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.overpak.OverpakException;

class FinishArgsTest {
  private static final Metadata APP =
      Metadata.parse(
          "[Application]\nname=org.t.App\nruntime=org.t.Platform/x86_64/1\n", "metadata");

  private static String finished(String... words) {
    return FinishArgs.parse(List.of(words)).finish(APP).text();
  }

  @Test
  void writesSortedLists() {
    assertThat(
            finished(
                "--command=app",
                "--filesystem=xdg-music:ro",
                "--filesystem",
                "home",
                "--nofilesystem=host:reset",
                "--socket=fallback-x11",
                "--nosocket=wayland",
                "--own-name=org.t.B",
                "--talk-name=org.t.A",
                "--unset-env=Z",
                "--env=A=1"))
        .isEqualTo(
            """
            [Application]
            name=org.t.App
            runtime=org.t.Platform/x86_64/1
            command=app

            [Context]
            sockets=x11;!wayland;fallback-x11;
            filesystems=!host:reset;home;!host;xdg-music:ro;
            unset-environment=Z;

            [Session Bus Policy]
            org.t.A=talk
            org.t.B=own

            [Environment]
            A=1
            Z=
            """);
  }

  @Test
  void suggestsWhatWasMeant() {
    assertThatThrownBy(() -> FinishArgs.parse(List.of("--file-system=home")))
        .isInstanceOf(OverpakException.class)
        .hasMessage("finish-args: --file-system=home: unknown option; did you mean --filesystem?");
    assertThatThrownBy(() -> FinishArgs.parse(List.of("--share=netwrk")))
        .isInstanceOf(OverpakException.class)
        .hasMessage("finish-args: --share=netwrk: unknown share; there are network, ipc");
    assertThatThrownBy(() -> FinishArgs.parse(List.of("--share")))
        .hasMessageContaining("the value is missing");
    assertThatThrownBy(() -> FinishArgs.parse(List.of("dir"))).hasMessageContaining("an option");
  }

  @Test
  void isStricterThanFlatpakWhereThatIgnores() {
    String[] wrong = {
      "--filesystem=home:rx", "--filesystem=~/..", "--require-version=new", "--no-exports=no",
      "--usb=vnd:12", "--env=A[=1", "--metadata=G[=k", "--socket-if=x11:has-waylnd",
      "--socket-if=x11", "--socket-if=x12:true", "--usb-list=vnd:12"
    };
    for (String option : wrong) {
      assertThatThrownBy(() -> finished(option)).isInstanceOf(OverpakException.class);
    }
  }

  @Test
  void knowsWhatNewerVersionsKnow() {
    assertThat(
            finished(
                "--device=input",
                "--socket=inherit-wayland-socket",
                "--filesystem=host-root:ro",
                "--a11y-own-name=org.t.A",
                "--usb=vnd:0fd9+dev:0063",
                "--usb=all",
                "--nousb=cls:06:*"))
        .contains(
            "devices=input;\n",
            "sockets=inherit-wayland-socket;\n",
            "filesystems=host-root:ro;\n",
            "[Accessibility Bus Policy]\norg.t.A=own\n",
            "[USB Devices]\nenumerable-devices=all;vnd:0fd9+dev:0063;\nhidden-devices=cls:06:*;\n");
  }

  /// As `flatpak-context.c:flatpak_permission_serialize` of 1.17 writes it, and reads it again.
  @Test
  void permissionsMayHaveConditions() {
    String text =
        finished(
            "--nosocket=x11",
            "--socket-if=x11:!has-wayland",
            "--socket-if=x11:false",
            "--socket=wayland",
            "--socket-if=wayland:true",
            "--device-if=all:!has-input-device",
            "--share-if=network:true",
            "--allow-if=devel:true",
            "--usb-list=all;!cls:06:*");
    assertThat(text)
        .contains(
            "shared=network;if:network:true;\n",
            "sockets=!x11;x11;if:x11:!has-wayland;if:x11:false;wayland;\n",
            "devices=all;if:all:!has-input-device;\n",
            "features=devel;if:devel:true;\n",
            "enumerable-devices=all;\nhidden-devices=cls:06:*;\n");
    Metadata again = Metadata.parse(text, "metadata");
    assertThat(FinishArgs.parse(List.of()).finish(again).text()).isEqualTo(text);
    assertThat(
            FinishArgs.parse(List.of("--device-if=all:true", "--share=network"))
                .finish(again)
                .text())
        .contains("devices=all;if:all:!has-input-device;if:all:true;\n", "shared=network;\n");
    assertThat(FinishArgs.parse(List.of("--nodevice=all")).finish(again).text())
        .contains("devices=!all;\n");
  }

  @Test
  void keepsPermissionsThatFlatpakMayKnowLater() {
    Metadata later = Metadata.parse(APP.text() + "\n[Context]\ndevices=new;dri;\n", "metadata");
    assertThat(FinishArgs.parse(List.of("--device=all")).finish(later).text())
        .contains("devices=dri;all;new;\n");
  }

  @Test
  void runtimesPermissionsLieBelowUnlessRefused() {
    Metadata runtime =
        Metadata.parse(
            "[Runtime]\nname=org.t.Platform\n\n[Context]\nshared=ipc;\n\n[Environment]\nA=1\n",
            "metadata");
    assertThat(FinishArgs.parse(List.of("--share=network")).finish(APP, runtime).text())
        .contains("shared=network;ipc;\n")
        .doesNotContain("A=1");
    assertThat(
            FinishArgs.parse(List.of("--share=network", "--no-inherit-permissions"))
                .finish(APP, runtime)
                .text())
        .contains("shared=network;\n");
  }

  @Test
  void namesThatMayBeOwnedAreThoseOwnedInTheEnd() {
    FinishArgs args =
        FinishArgs.parse(
            List.of("--own-name=org.t.A.*", "--own-name=org.t.B", "--talk-name=org.t.B"));
    assertThat(args.ownNames()).containsExactly("org.t.A.*");
    assertThat(args.hasExports()).isTrue();
    assertThat(args.command()).isEmpty();
  }
}
