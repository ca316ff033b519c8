package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

class ContainerfileTest {
  private static final Ref RUNTIME = Ref.parse("runtime/org.example.Platform/x86_64/f41");
  private static final ImageName IMAGE = ImageName.parse("oci:/images:platform");

  private static ContainerSpec spec(String packages) {
    return ContainerSpec.parse(
        "container.yaml",
        """
        flatpak:
          id: org.example.App
          runtime: org.example.Platform
          runtime-version: f41
          packages: %s
          command: app
        """
            .formatted(packages)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static String text(
      PackageInstaller installer, String packages, String from, Path... repositories) {
    var request =
        new Containerfile.Request(
            spec(packages), IMAGE, from, List.of(repositories), Path.of("cache"));
    return Containerfile.text(request, RUNTIME, IMAGE, installer);
  }

  @Test
  void aFileForDnf() {
    assertThat(text(PackageInstaller.DNF, "[app, app-data]", "", Path.of("application.repo")))
        .isEqualTo(
            """
            # org.example.App, built on runtime/org.example.Platform/x86_64/f41.
            FROM oci:/images:platform
            ADD application.repo /etc/yum.repos.d/
            RUN dnf install --assumeyes --setopt=install_weak_deps=False --setopt=tsflags= app app-data \\
             && dnf clean all

            # What this builds becomes a Flatpak by:
            #   overpak export containers-storage:IMAGE --spec SPEC \\
            #     --runtime oci:/images:platform --output oci:DIRECTORY
            """);
  }

  @Test
  void eachPackageManagerIsCalledAsItsManualSays() {
    Map<PackageInstaller, String> expected =
        Map.of(
            PackageInstaller.DNF5,
            """
            RUN dnf5 install --assumeyes --setopt=install_weak_deps=False --setopt=tsflags= app \\
             && dnf5 clean all
            """,
            PackageInstaller.DNF,
            """
            RUN dnf install --assumeyes --setopt=install_weak_deps=False --setopt=tsflags= app \\
             && dnf clean all
            """,
            PackageInstaller.MICRODNF,
            """
            RUN microdnf install --assumeyes --setopt=install_weak_deps=0 app \\
             && microdnf clean all
            """,
            PackageInstaller.ZYPPER,
            """
            RUN zypper --non-interactive install --no-recommends app \\
             && zypper clean --all
            """);
    assertThat(expected).containsOnlyKeys(PackageInstaller.values());
    expected.forEach(
        (installer, lines) -> assertThat(text(installer, "[app]", "")).contains(lines));
    assertThat(text(PackageInstaller.ZYPPER, "[app]", "", Path.of("x.repo")))
        .contains("ADD x.repo /etc/zypp/repos.d/");
  }

  @Test
  void wordsThatAShellWouldTakeApartAreQuoted() {
    assertThat(text(PackageInstaller.DNF, "['font(:lang=de)', \"a'b\", 'x >= 1']", ""))
        .contains(" 'font(:lang=de)' 'a'\\''b' 'x >= 1' \\");
  }

  @Test
  void theBuildMayCallTheRuntimeOtherwise() {
    assertThat(text(PackageInstaller.DNF, "[app]", "registry.example.org/platform:f41"))
        .contains("\nFROM registry.example.org/platform:f41\n");
  }

  @Test
  void filesOutsideTheContextCannotBeAdded() {
    for (String file : List.of("/etc/yum.repos.d/a.repo", "../a.repo", "a b.repo")) {
      assertThatThrownBy(() -> text(PackageInstaller.DNF, "[app]", "", Path.of(file)))
          .isInstanceOfSatisfying(
              OverpakException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessageContaining(file);
    }
  }

  private static FileTree programs(String... names) {
    FileTree tree =
        FileTree.EMPTY.with(
            new TreePath("usr"), new Entry.Symlink(Attributes.of(0777, 0), "files"));
    for (String name : names) {
      Entry entry =
          name.contains(">")
              ? new Entry.Symlink(Attributes.of(0777, 0), name.replaceFirst(".*>", ""))
              : new Entry.RegularFile(Attributes.of(0755, 0), Content.of(name));
      tree = tree.with(new TreePath("files/bin/" + name.replaceFirst(">.*", "")), entry);
    }
    return tree;
  }

  @ParameterizedTest
  @EnumSource(PackageInstaller.class)
  void thePackageManagerIsTheOneThatTheImageHas(PackageInstaller installer) {
    assertThat(PackageInstaller.of(programs(installer.program()))).contains(installer);
  }

  @Test
  void aLinkToDnf5IsDnf5() {
    assertThat(PackageInstaller.of(programs("dnf5", "dnf>dnf5"))).contains(PackageInstaller.DNF5);
    assertThat(PackageInstaller.of(programs("dnf-3", "dnf>dnf-3"))).contains(PackageInstaller.DNF);
    assertThat(PackageInstaller.of(programs("dnf>nowhere", "microdnf")))
        .contains(PackageInstaller.MICRODNF);
    assertThat(PackageInstaller.of(programs("dnf>dnf"))).isEmpty();
    assertThat(PackageInstaller.of(programs())).isEmpty();
  }
}
