package org.overpak.build;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// A program that installs packages into the system that it belongs to, and how it is asked to.
///
/// What it installs must be what a native build adds: without weak dependencies, and with
/// documentation, which configurations for containers like to leave out. The words are those of the
/// manuals; dnf's and zypper's are run in tests.
public enum PackageInstaller {
  /// dnf5(8).
  DNF5,
  /// dnf(8), the fourth, in Python.
  DNF,
  /// microdnf(8), the one in C without Python; since Fedora 38 another name of dnf5.
  MICRODNF,
  /// zypper(8).
  ZYPPER;

  private static final TreePath BIN = new TreePath("usr/bin");

  /// The first that ROOT has, in the order of this enumeration; ROOT is an image as engines see it.
  static Optional<PackageInstaller> of(FileTree root) {
    return Stream.of(values())
        .filter(manager -> manager.file(root).isPresent())
        .findFirst()
        .map(manager -> manager.really(root));
  }

  /// The program of this name, which may be another one's link.
  Optional<TreePath> file(FileTree root) {
    try {
      TreePath file = root.resolve(BIN.resolve(program()));
      boolean runs =
          root.get(file).orElse(null) instanceof Entry.RegularFile program
              && (program.attributes().mode() & 0111) != 0;
      return runs ? Optional.of(file) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // links in a circle
    }
  }

  private PackageInstaller really(FileTree root) {
    boolean isFive = file(root).filter(file -> file.name().equals("dnf5")).isPresent();
    return isFive ? DNF5 : this;
  }

  /// Its name, as it is called.
  public String program() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The directory of its repositories' configuration.
  public TreePath repositories() {
    return new TreePath(
        switch (this) {
          case DNF5, DNF, MICRODNF -> "etc/yum.repos.d";
          case ZYPPER -> "etc/zypp/repos.d";
        });
  }

  /// The words that install a package, before the packages' names.
  List<String> install() {
    return switch (this) {
      case DNF5, DNF ->
          List.of(
              program(),
              "install",
              "--assumeyes",
              "--setopt=install_weak_deps=False",
              "--setopt=tsflags=");
      // Its --setopt knows no way back from a configured tsflags=nodocs.
      case MICRODNF -> List.of(program(), "install", "--assumeyes", "--setopt=install_weak_deps=0");
      case ZYPPER -> List.of(program(), "--non-interactive", "install", "--no-recommends");
    };
  }

  /// The words that remove what it downloaded.
  List<String> clean() {
    return switch (this) {
      case DNF5, DNF, MICRODNF -> List.of(program(), "clean", "all");
      case ZYPPER -> List.of(program(), "clean", "--all");
    };
  }
}
