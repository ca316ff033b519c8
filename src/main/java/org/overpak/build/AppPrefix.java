package org.overpak.build;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// How rpmbuild is made to build for `/app`: macros and variables, as the package
/// [flatpak-rpm-macros](https://src.fedoraproject.org/rpms/flatpak-rpm-macros) has them for Fedora.
///
/// Compilers and linkers are told by variables of their own where else to look, not by `CFLAGS` and
/// `LDFLAGS`: those are the spec's.
final class AppPrefix {
  /// In `/etc/rpm`, since what is in `/usr/lib/rpm/macros.d` is read before the platform's macros,
  /// which have the prefix; by its name after a distribution's `macros.flatpak`.
  private static final TreePath FILE = new TreePath("etc/rpm/macros.overpak");

  /// Where rpmbuild works.
  static final String TOP = "/builddir/build";

  /// Where programs find in `/app` what they would find in `/usr`; the program that starts a build.
  /// The linker's own list is used for finding libraries of libraries, too.
  static final String SCRIPT =
      """
      set -e
      printf '/app/%s\\n' lib64 lib >> /etc/ld.so.conf
      ldconfig
      mkdir -p "$1"
      shift
      exec rpmbuild "$@"
      """;

  private static final String MACROS =
      """
      %%flatpak 1
      %%_topdir %s
      %%_prefix /app
      %%_exec_prefix %%{_prefix}
      %%_bindir %%{_exec_prefix}/bin
      %%_sbindir %%{_exec_prefix}/sbin
      %%_libexecdir %%{_exec_prefix}/libexec
      %%_libdir %%{_exec_prefix}/%%{_lib}
      %%_includedir %%{_prefix}/include
      %%_datarootdir %%{_prefix}/share
      %%_datadir %%{_datarootdir}
      %%_mandir %%{_datarootdir}/man
      %%_infodir %%{_datarootdir}/info
      %%_docdir %%{_datarootdir}/doc
      %%_defaultdocdir %%{_datarootdir}/doc
      %%_defaultlicensedir %%{_datarootdir}/licenses
      %%_fontbasedir %%{_datarootdir}/fonts
      %%_sysconfdir %%{_prefix}/etc
      %%_sharedstatedir %%{_prefix}/com
      # An app has its own /var, and cannot write in /app.
      %%_localstatedir /var
      # They would lie in /usr/lib.
      %%_build_id_links none
      # It takes /app/lib64 for a mistake.
      %%__brp_check_rpaths %%{nil}
      %%__brp_compress %%{_rpmconfigdir}/brp-compress %%{_prefix}
      # As repositories name files.
      %%_build_name_fmt %%%%{ARCH}/%%%%{NAME}-%%%%{VERSION}-%%%%{RELEASE}.%%%%{ARCH}.rpm
      # Equal sources give equal packages.
      %%_buildhost overpak
      %%use_source_date_epoch_as_buildtime 1
      %%clamp_mtime_to_source_date_epoch 1
      """
          .formatted(TOP);

  private static final Map<String, String> VARIABLES =
      Map.of(
          "PATH", "/app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "CPATH", "/app/include",
          "LIBRARY_PATH", "/app/lib64:/app/lib",
          "PKG_CONFIG_PATH", "/app/lib64/pkgconfig:/app/lib/pkgconfig:/app/share/pkgconfig",
          "CMAKE_PREFIX_PATH", "/app",
          "ACLOCAL_PATH", "/app/share/aclocal",
          "GI_TYPELIB_PATH", "/app/lib64/girepository-1.0:/app/lib/girepository-1.0",
          "XDG_DATA_DIRS", "/app/share:/usr/local/share:/usr/share");

  private AppPrefix() {}

  /// What rpm in a root reads its macros from.
  static FileTree macros() {
    return FileTree.of(
        Map.of(
            FILE.parent().parent(),
            new Entry.Directory(Attributes.of(0755, 0)),
            FILE.parent(),
            new Entry.Directory(Attributes.of(0755, 0)),
            FILE,
            new Entry.RegularFile(Attributes.of(0644, 0), Content.of(MACROS))));
  }

  static SortedMap<String, String> variables() {
    return new TreeMap<>(VARIABLES);
  }

  /// All of it as text, which tells it from that of another version.
  static String text() {
    return String.join("\n", MACROS, variables().toString(), SCRIPT);
  }
}
