package org.overpak.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.overpak.Progress;
import org.overpak.install.TransactionRun;
import org.overpak.oci.ImageName;
import org.overpak.rpm.RpmBuild;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.Distribution;
import org.overpak.testing.Project;

/// The runtime of the test distribution, built by Overpak from its repositories, once for all tests
/// of a run: all its packages, and one that has of everything that an image treats in its own way.
final class NativeRuntime {
  /// When dnf installed the test distribution's root (testing/distro/make).
  static final long TIME = 1_700_000_000;

  static final String ODD = "odd-system";

  static final String CLEANUP =
      """
      rm -r /usr/share/odd/unwanted /usr/share/zoneinfo/right
      echo changed >> /usr/share/odd/changed
      chmod 755 /usr/share/odd/opened
      ln -sf elsewhere /usr/share/odd/link
      echo added > /usr/share/odd/added
      """;

  private static final String EXTENSIONS =
      """
      org.overpak.testing.Platform.GL:
        directory: lib/x86_64-linux-gnu/GL
        versions: 1.4;1.5
        subdirectories: true
        no-autodownload: true
        add-ld-path: lib
        merge-dirs: vulkan/icd.d;glvnd/egl_vendor.d
        download-if: active-gl-driver
        enable-if: active-gl-driver
      org.overpak.testing.Platform.Locale:
        directory: share/runtime/locale
        locale-subset: true
        autodelete: true
      """;

  private static final String ODD_SPEC =
      """
      Name: odd-system
      Version: 1
      Release: 1
      Summary: What the image of a runtime treats in its own way
      License: CC0-1.0
      BuildArch: noarch
      Requires: base-files

      %description
      Owners, modes, capabilities, times, languages, links, and files that no runtime has.

      %install
      cd %{buildroot}
      mkdir -p etc/odd etc/yum.repos.d usr/bin usr/share/odd/private usr/share/doc/odd opt/odd
      mkdir -p usr/share/odd/unwanted usr/share/licenses/odd var/lib/odd usr/share/odd/de usr/share/odd/fr
      for name in setuid capable; do echo $name > usr/bin/odd-$name; done
      cd usr/share/odd
      for name in owned unknown group-runs nobody-runs opened changed timeless private/file unwanted/file
      do echo $name > $name; done
      for one in de fr; do echo $one > $one/text; done
      ln -s owned link
      echo one > first; ln first second
      cd ../../..
      echo read > usr/share/doc/odd/README; echo free > usr/share/licenses/odd/COPYING
      echo conf > etc/odd.conf
      ln -s ../usr/share/odd/owned etc/odd-outside
      ln -s ../odd.conf etc/odd/inside
      echo '[odd]' > etc/yum.repos.d/odd.repo
      echo state > var/lib/odd/state; echo opt > opt/odd/file

      %files
      %attr(4755,root,root) /usr/bin/odd-setuid
      %caps(cap_net_raw=ep) /usr/bin/odd-capable
      %dir /usr/share/odd
      %attr(0600,daemon,mail) /usr/share/odd/owned
      %attr(0600,nobody-knows,nobody-knows) /usr/share/odd/unknown
      %attr(0454,root,root) /usr/share/odd/group-runs
      %attr(0111,root,root) /usr/share/odd/nobody-runs
      /usr/share/odd/opened
      /usr/share/odd/changed
      %verify(not mtime mode user group) %attr(0600,daemon,mail) /usr/share/odd/timeless
      %dir %attr(0700,root,mail) /usr/share/odd/private
      /usr/share/odd/private/file
      /usr/share/odd/unwanted
      %dir /usr/share/odd/de
      %lang(de) /usr/share/odd/de/text
      %dir /usr/share/odd/fr
      %lang(fr) /usr/share/odd/fr/text
      /usr/share/odd/link
      /usr/share/odd/first
      /usr/share/odd/second
      %doc /usr/share/doc/odd
      %license /usr/share/licenses/odd/COPYING
      %config(noreplace) %attr(0640,root,mail) /etc/odd.conf
      %config(missingok) %ghost /etc/odd-missing.conf
      %ghost %attr(0600,root,root) /etc/odd-ghost
      /etc/odd-outside
      /etc/odd
      /etc/yum.repos.d/odd.repo
      /var/lib/odd
      /opt/odd

      %post
      echo ghost > /etc/odd-ghost

      %triggerin -- bash, coreutils >= 1
      true

      %triggerun -p <lua> -- bash
      print("bash goes")
      """;

  private static @Nullable NativeRuntime made;

  private final Path directory;
  private final Path odd;
  private final BuiltRuntime built;
  private @Nullable BuiltRuntime sdk;

  private NativeRuntime(Path directory) throws IOException {
    this.directory = directory;
    odd = Files.createDirectory(directory.resolve("odd"));
    RpmBuild.buildAll(odd, ODD_SPEC, "_binary_payload w1.gzdio");
    Command.of("createrepo_c", "--quiet", odd.toString()).run();
    built =
        build(
            spec(
                List.of(ODD),
                """
                cleanup-commands: |
                %sadd-extensions:
                %s"""
                    .formatted(CLEANUP.indent(2), EXTENSIONS.indent(2)),
                "languages: [de]"),
            "runtime");
  }

  static synchronized NativeRuntime make() {
    NativeRuntime result = made;
    if (result == null) {
      try {
        result = new NativeRuntime(TestFlatpaks.newDirectory());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      made = result;
    }
    return result;
  }

  /// The spec of the test distribution's runtime, with more.
  ///
  /// @param more packages
  /// @param keys of the section `flatpak`
  /// @param own keys of the section `overpak`
  static ContainerSpec spec(List<String> more, String keys, String own) throws IOException {
    String packages = more.stream().map(one -> ", " + one).collect(Collectors.joining());
    String text =
        Files.readString(Distribution.spec("runtime.yaml")).replaceFirst("]", packages + "]");
    return ContainerSpec.parse(
        "runtime.yaml", (text + keys.indent(2) + "overpak:\n" + own.indent(2)).getBytes(UTF_8));
  }

  /// A build of SPEC, a runtime's, into a layout that is called NAME.
  BuiltRuntime build(ContainerSpec spec, String name) {
    return RuntimeBuild.run(
        new RuntimeBuild.Request(
            spec,
            directory,
            "",
            new RepositoryChoice(
                List.of(
                    new RepositoryOption.ConfigFile(Project.distro().resolve("base.repo")),
                    new RepositoryOption.Named("odd=" + odd, List.of())),
                Set.of("odd")),
            TransactionRun.Failures.STRICT,
            false,
            new ImageName.Layout(directory.resolve(name), ""),
            LayoutChoice.HYBRID,
            directory.resolve("cache"),
            OptionalLong.of(TIME)),
        Progress.SILENT);
  }

  BuiltRuntime built() {
    return built;
  }

  /// The SDK beside it.
  synchronized BuiltRuntime sdk() {
    BuiltRuntime result = sdk;
    if (result == null) {
      result = build(TestFlatpaks.spec("sdk"), "sdk");
      sdk = result;
    }
    return result;
  }

  /// Options with which dnf finds {@link #ODD}.
  List<String> repositoryOptions() {
    return List.of(
        "--repofrompath=odd," + odd, "--setopt=odd.gpgcheck=0", "--setopt=odd.repo_gpgcheck=0");
  }
}
