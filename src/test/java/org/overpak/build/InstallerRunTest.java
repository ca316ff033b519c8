package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.overpak.tree.Content;

/// The text of commands and configurations: dnf5 and microdnf are run by no test.
class InstallerRunTest {
  private static InstallerRun run(PackageInstaller installer, boolean weak) {
    return new InstallerRun(
        installer,
        List.of(
            new InstallerRun.Repository(
                "apps",
                true,
                List.of(
                    "one".getBytes(StandardCharsets.UTF_8),
                    "two".getBytes(StandardCharsets.UTF_8))),
            new InstallerRun.Repository("local", false, List.of())),
        weak);
  }

  private static List<String> commands(PackageInstaller installer, boolean weak) {
    return run(installer, weak).commands(List.of("viewer.x86_64", "data.noarch")).stream()
        .map(words -> String.join(" ", words))
        .toList();
  }

  private static Map<String, String> files(PackageInstaller installer, boolean weak) {
    return run(installer, weak).files().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, file -> text(file.getValue()), (a, _) -> a, TreeMap::new));
  }

  private static String text(Content content) {
    try {
      return new String(content.readAll(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void dnfAndItsLikeAreGivenAConfiguration() {
    for (var installer :
        List.of(PackageInstaller.DNF, PackageInstaller.DNF5, PackageInstaller.MICRODNF)) {
      assertThat(commands(installer, false))
          .containsExactly(
              installer.program()
                  + " --config=/run/overpak/installer.conf install --assumeyes viewer.x86_64"
                  + " data.noarch");
      assertThat(run(installer, false).environment()).isEmpty();
      assertThat(files(installer, false))
          .containsEntry(
              "installer.conf",
              """
              [main]
              reposdir=/run/overpak
              cachedir=/tmp/cache
              persistdir=/tmp/state
              logdir=/tmp
              plugins=0
              gpgcheck=1
              best=1
              tsflags=
              install_weak_deps=0
              """);
      assertThat(files(installer, true).get("installer.conf")).contains("install_weak_deps=1\n");
    }
  }

  @Test
  void zypperIsGivenTheKeysBefore() {
    assertThat(commands(PackageInstaller.ZYPPER, false))
        .containsExactly(
            "rpm --import /run/overpak/apps-0.asc",
            "rpm --import /run/overpak/apps-1.asc",
            "zypper --non-interactive --reposd-dir=/run/overpak --cache-dir=/tmp/cache install"
                + " --auto-agree-with-licenses --no-recommends viewer.x86_64 data.noarch");
    assertThat(commands(PackageInstaller.ZYPPER, true).getLast()).contains(" --recommends ");
    assertThat(run(PackageInstaller.ZYPPER, false).environment())
        .containsExactly(Map.entry("ZYPP_CONF", "/run/overpak/installer.conf"));
    assertThat(files(PackageInstaller.ZYPPER, false).get("installer.conf"))
        .isEqualTo("[main]\nrpm.install.excludedocs = no\nsolver.onlyRequires = true\n");
  }

  @Test
  void repositoriesLieInDirectoriesAndTrustTheirOwnKeys() {
    for (PackageInstaller installer : PackageInstaller.values()) {
      assertThat(files(installer, false))
          .containsOnlyKeys("apps-0.asc", "apps-1.asc", "installer.conf", "overpak.repo")
          .containsEntry("apps-1.asc", "two")
          .containsEntry(
              "overpak.repo",
              """
              [apps]
              name=apps
              baseurl=file:///run/repositories/apps
              enabled=1
              gpgcheck=1
              pkg_gpgcheck=1
              repo_gpgcheck=0
              gpgkey=file:///run/overpak/apps-0.asc file:///run/overpak/apps-1.asc

              [local]
              name=local
              baseurl=file:///run/repositories/local
              enabled=1
              gpgcheck=0
              pkg_gpgcheck=0
              repo_gpgcheck=0

              """);
    }
  }
}
