package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
      "--socket-if=x11", "--socket-if=x12:true", "--usb-list=vnd:12", "--usb-list-file=devices"
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

  /// `flatpak-usb.c:flatpak_usb_parse_usb`, as the manual page tells it.
  @ParameterizedTest
  @CsvSource({
    "all,                       all",
    "cls:0A:*,                  cls:0a:*",
    "cls:06:ff,                 cls:06:ff",
    "vnd:0FAB,                  vnd:0fab",
    "dev:4567+vnd:0123,         dev:4567+vnd:0123",
    "vnd:0123+dev:4567+cls:06:*, vnd:0123+dev:4567+cls:06:*",
  })
  void usbDevicesAreQueriedByRules(String query, String written) {
    assertThat(finished("--usb=" + query)).contains("enumerable-devices=" + written + ";\n");
    assertThat(finished("--nousb=" + query)).contains("hidden-devices=" + written + ";\n");
  }

  @ParameterizedTest
  @CsvSource({
    "dev:4567,           needs 'vnd'",
    "all+vnd:0123,       stands alone",
    "vnd:0123+vnd:4567,  may be there once",
    "cls:06,             was expected",
    "cls:006:*,          was expected",
    "VND:0123,           was expected",
    "'',                 was expected",
    "all:,               was expected",
  })
  void whatIsNoQueryIsRefused(String query, String why) {
    assertThatThrownBy(() -> finished("--usb=" + query)).hasMessageContaining(why);
  }

  /// The example of the manual page: comments are whole lines, and are not kept.
  @Test
  void listsOfUsbDevicesComeFromFiles() {
    String list = "# all of ours; vnd:1111\nvnd:0123+dev:4567;!cls:06:*\n\n!vnd:0fab\nvnd:0999\n";
    List<String> words =
        FinishArgs.withFiles(
            List.of("--share=ipc", "--usb-list-file=a", "--env", "--usb-list-file=b", "--usb=all"),
            name -> name.equals("a") ? list : "wrong");
    assertThat(words)
        .containsExactly(
            "--share=ipc", "--usb-list=" + list, "--env", "--usb-list-file=b", "--usb=all");
    assertThat(FinishArgs.withFiles(List.of("--usb-list-file", "a"), _ -> list))
        .containsExactly("--usb-list=" + list);
    assertThat(finished("--usb-list=" + list))
        .contains(
            "enumerable-devices=vnd:0123+dev:4567;vnd:0999;\n",
            "hidden-devices=cls:06:*;vnd:0fab;\n")
        .doesNotContain("1111");
  }

  @ParameterizedTest
  @CsvSource({
    "--device=input,                    1.15.6,  it",
    "--socket=inherit-wayland-socket,   1.15.7,  it",
    "--usb=all,                         1.15.11, it",
    "--nousb=vnd:0123,                  1.15.11, it",
    "--device=usb,                      1.15.11, it",
    "--a11y-own-name=org.t.A,           1.15.11, it",
    "--filesystem=host-root:ro,         1.17.0,  it",
    "--socket-if=x11:!has-wayland,      1.17.0,  the condition",
    "--device-if=all:!has-input-device, 1.17.0,  the condition",
    "--device-if=all:!has-usb-portal,   1.17.7,  the condition",
    "--share-if=network:true,           1.17.1,  the condition",
    "--allow-if=devel:true,             1.17.1,  the condition",
  })
  void whatNeedsANewerClientIsNoted(String option, String version, String ignored) {
    assertThat(FinishArgs.parse(List.of(option)).clientNotes())
        .containsExactly(
            "needs Flatpak ≥ %s for %s: older ones ignore %s".formatted(version, option, ignored));
    assertThat(FinishArgs.parse(List.of(option, "--require-version=1.17.9")).clientNotes())
        .isEmpty();
    assertThat(FinishArgs.parse(List.of(option, "--require-version=1.15.2;1.17.9")).clientNotes())
        .hasSize(1);
  }

  @Test
  void whatEveryClientKnowsIsNot() {
    assertThat(
            FinishArgs.parse(
                    List.of(
                        "--device=all",
                        "--socket=wayland",
                        "--filesystem=host",
                        "--allow=per-app-dev-shm",
                        "--command=usb"))
                .clientNotes())
        .isEmpty();
    assertThat(FinishArgs.parse(List.of("--usb-list=all;vnd:0123")).clientNotes())
        .containsExactly("needs Flatpak ≥ 1.15.11 for --usb-list: older ones ignore it");
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
