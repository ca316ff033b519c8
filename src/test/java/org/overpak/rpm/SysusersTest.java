package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

class SysusersTest {
  private static String text(FileTree root, String path) {
    return TreeFiles.text(root, new TreePath(path));
  }

  /// As rpm writes it when it builds a package.
  private static String base64(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    byte[] filled = java.util.Arrays.copyOf(bytes, (bytes.length + 2) / 3 * 3);
    return Base64.getEncoder().encodeToString(filled);
  }

  private static PackageHeader providing(String... namesAndVersions) {
    int count = namesAndVersions.length / 2;
    var names = new String[count];
    var versions = new String[count];
    var flags = new int[count];
    for (int i = 0; i < count; i++) {
      names[i] = namesAndVersions[2 * i];
      versions[i] = namesAndVersions[2 * i + 1];
      flags[i] = versions[i].isEmpty() ? 0 : 8;
    }
    return new PackageHeader(
        HeaderBuilder.ofPackage("daemon")
            .strings(Tag.PROVIDENAME, names)
            .int32(Tag.PROVIDEFLAGS, flags)
            .strings(Tag.PROVIDEVERSION, versions)
            .parse());
  }

  @Test
  void whatAPackageProvidesIsMade() {
    Sysusers sysusers =
        Sysusers.of(
            providing(
                "daemon", "1",
                "group(daemon)", "",
                "group(extra)", base64("g extra 77"),
                "user(daemon)", base64("u daemon - \"The Daemon\" /var/lib/daemon"),
                "groupmember(daemon/extra)", base64("m daemon extra")));
    FileTree root = sysusers.applyTo(FileTree.EMPTY, 86_400 * 3);
    assertThat(text(root, "etc/passwd"))
        .isEqualTo("daemon:x:999:999:The Daemon:/var/lib/daemon:/usr/sbin/nologin\n");
    assertThat(text(root, "etc/group")).isEqualTo("extra:x:77:daemon\ndaemon:x:999:\n");
    assertThat(text(root, "etc/shadow")).isEqualTo("daemon:!*:3::::::\n");
    assertThat(text(root, "etc/gshadow")).isEqualTo("extra:!*::daemon\ndaemon:!*::\n");
    assertThat(Accounts.of(root).uid("daemon")).isEqualTo(999);
    // Once more changes nothing.
    assertThat(sysusers.applyTo(root, 5).entries()).isEqualTo(root.entries());
  }

  @Test
  void aPackageWithoutSuchProvidesAsksForNothing() {
    assertThat(Sysusers.of(providing("daemon", "1", "user(daemon)", "")).isEmpty()).isTrue();
    assertThat(Sysusers.of(FileTree.EMPTY).applyTo(FileTree.EMPTY, 0)).isSameAs(FileTree.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "u",
        "x name",
        "u 9lives",
        "u name:0",
        "u " + "n23456789012345678901234567890123",
        "u name 4294967295",
        "u name 65535",
        "u name 99999999999",
        "u name -5",
        "u name 5:6:7",
        "u name - \"unfinished",
        "u name - \"colon:\"",
        "u name - - relative",
        "u name - - /a/../b",
        "u name - - /a:0:0",
        "u name - - - /bin/sh more",
        "u name - %m",
        "g name - gecos",
        "m name",
        "r name 5-6",
        "r - 6-5",
        "u name 5 \\",
      })
  void refusesWhatIsNoLine(String line) {
    assertThatThrownBy(() -> Sysusers.parse("# fine\n" + line, "test.conf"))
        .isInstanceOfSatisfying(
            OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PACKAGE))
        .hasMessageContaining("test.conf, line 2");
  }

  @Test
  void refusesWhatIsNotBase64() {
    assertThatThrownBy(() -> Sysusers.of(providing("user(x)", "???")))
        .hasMessageContaining("user(x) = ??? is not base64");
    // A line that would smuggle in another.
    assertThatThrownBy(() -> Sysusers.of(providing("user(x)", base64("u x - \"\0\""))))
        .isInstanceOf(OverpakException.class);
  }

  @Test
  void refusesAccountsWhoseGroupIsMissing() {
    for (String line : new String[] {"u x 5:77", "u x 5:nobody", "r - 1-1\nu x\nu y"}) {
      assertThatThrownBy(() -> Sysusers.parse(line, "test.conf").applyTo(FileTree.EMPTY, 0))
          .isInstanceOfSatisfying(
              OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PACKAGE))
          .hasMessageContaining("cannot be made");
    }
  }
}
