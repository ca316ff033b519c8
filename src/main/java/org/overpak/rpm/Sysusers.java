package org.overpak.rpm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// System users and groups that are asked for in the format of sysusers.d: by files of a root, or
/// by what a package provides (rpm 4.19 and newer), and made as `systemd-sysusers` makes them.
public final class Sysusers {
  /// A file of a former directory hides those of its name in latter ones.
  private static final List<String> DIRECTORIES =
      List.of("etc/sysusers.d", "run/sysusers.d", "usr/local/lib/sysusers.d", "usr/lib/sysusers.d");

  private static final List<String> PROVIDES = List.of("user(", "group(", "groupmember(");

  private final List<SysusersLine> lines;

  private Sysusers(List<SysusersLine> lines) {
    this.lines = List.copyOf(lines);
  }

  /// What the configuration of ROOT asks for.
  ///
  /// @throws OverpakException (PACKAGE) if a file is malformed, or asks for what depends on the
  ///   machine
  public static Sysusers of(FileTree root) {
    Map<String, TreePath> files = new TreeMap<>();
    for (String directory : DIRECTORIES) {
      for (String name : root.list(new TreePath(directory))) {
        if (name.endsWith(".conf")) {
          files.putIfAbsent(name, new TreePath(directory).resolve(name));
        }
      }
    }
    List<SysusersLine> result = new ArrayList<>();
    files.values().forEach(file -> add(TreeFiles.text(root, file), file.toString(), result));
    return new Sysusers(result);
  }

  /// What a package asks for before its files are unpacked: `user(NAME)`, `group(NAME)` and
  /// `groupmember(USER/GROUP)` among its provides have the line in base64 for a version.
  ///
  /// @throws OverpakException (PACKAGE) as {@link #of(FileTree)}
  public static Sysusers of(PackageHeader header) {
    Header tags = header.header();
    List<String> names = tags.strings(Tag.PROVIDENAME);
    List<String> versions = tags.strings(Tag.PROVIDEVERSION);
    List<SysusersLine> result = new ArrayList<>();
    for (int i = 0; i < Math.min(names.size(), versions.size()); i++) {
      String name = names.get(i);
      if (!versions.get(i).isEmpty() && PROVIDES.stream().anyMatch(name::startsWith)) {
        add(decoded(name, versions.get(i), tags), header + ", " + name, result);
      }
    }
    return new Sysusers(result);
  }

  private static String decoded(String name, String version, Header header) {
    try {
      String text = new String(Base64.getDecoder().decode(version), StandardCharsets.UTF_8);
      // Filled with NULs so that its length is one that base64 needs no "=" for.
      return text.replaceFirst("\0+$", "");
    } catch (IllegalArgumentException e) {
      throw header.origin().unfit("%s = %s is not base64", name, version);
    }
  }

  /// What TEXT asks for, which is called WHERE in messages.
  ///
  /// @throws OverpakException (PACKAGE) as {@link #of(FileTree)}
  public static Sysusers parse(String text, String where) {
    List<SysusersLine> result = new ArrayList<>();
    add(text, where, result);
    return new Sysusers(result);
  }

  private static void add(String text, String where, List<SysusersLine> result) {
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      try {
        SysusersLine parsed = SysusersLine.parse(line);
        if (parsed != null) {
          result.add(parsed);
        }
      } catch (IllegalArgumentException e) {
        throw new OverpakException(
            ExitCode.PACKAGE,
            where + ", line " + number + ": no line of sysusers.d: " + e.getMessage(),
            "Do not install this package; its maker must mend it.",
            e);
      }
    }
  }

  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /// ROOT with the users and groups that are missing in it, in `passwd`, `group`, `shadow` and
  /// `gshadow` below `etc`. Ids depend on nothing but these lines, their order, and ROOT.
  ///
  /// @param time of the files that change, seconds since 1970, UTC
  /// @throws OverpakException (PACKAGE) if an account is asked for that cannot be made
  public FileTree applyTo(FileTree root, long time) {
    return lines.isEmpty() ? root : new AccountCreation(root, time).create(lines);
  }
}
