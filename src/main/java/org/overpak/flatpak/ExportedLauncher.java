package org.overpak.flatpak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What `flatpak build-export` demands of the desktop file and the D-Bus service that bear the ID
/// of an app, and what it warns of (`flatpak-builtins-build-export.c:validate_exports`).
final class ExportedLauncher {
  private static final String SERVICE = "D-BUS Service";

  private final FileTree exports;
  private final FileTree app;
  private final String id;
  private final List<String> warnings = new ArrayList<>();

  private ExportedLauncher(FileTree exports, FileTree app, String id) {
    this.exports = exports;
    this.app = app;
    this.id = id;
  }

  /// What is not wrong but worth a look.
  ///
  /// @param exports with paths below `export`
  /// @throws OverpakException (PACKAGE) if Flatpak would refuse the app
  static List<String> check(FileTree exports, FileTree app, String id) {
    var launcher = new ExportedLauncher(exports, app, id);
    launcher.check();
    return List.copyOf(launcher.warnings);
  }

  private void check() {
    TreePath desktopPath = new TreePath("share/applications/" + id + ".desktop");
    Optional<Keyfile> desktop = read(desktopPath);
    desktop.ifPresent(file -> checkDesktop(file, "/app" + desktopPath));
    TreePath servicePath = new TreePath("share/dbus-1/services/" + id + ".service");
    Optional<Keyfile> service = read(servicePath);
    service.ifPresent(file -> checkService(file, "/app" + servicePath));
    if (service.isEmpty() && desktop.filter(ExportedLauncher::isActivatable).isPresent()) {
      throw refused(
          "/app%s says DBusActivatable=true, but there is no /app%s to activate it"
              .formatted(desktopPath, servicePath));
    }
  }

  private static boolean isActivatable(Keyfile desktop) {
    return desktop.isTrue(DesktopFile.GROUP, "DBusActivatable");
  }

  private Optional<Keyfile> read(TreePath path) {
    return exports
        .get(path)
        .filter(Entry.RegularFile.class::isInstance)
        .map(entry -> Keyfile.parse(text((Entry.RegularFile) entry), "/app" + path));
  }

  private static String text(Entry.RegularFile file) {
    try {
      return new String(file.content().readAll(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void checkDesktop(Keyfile desktop, String where) {
    Optional<String> command = desktop.string(DesktopFile.GROUP, "Exec");
    command.ifPresent(line -> checkCommand(line, where));
    if (command.isEmpty() && !isActivatable(desktop)) {
      warnings.add(where + " has no Exec, so nothing is started by it");
    }
    desktop.string(DesktopFile.GROUP, "Icon").ifPresent(icon -> checkIcon(icon, where));
  }

  private void checkIcon(String icon, String where) {
    if (!icon.startsWith(id)) {
      warnings.add(
          "%s names the icon '%s', which is not exported since it does not begin with %s; give 'rename-icon'"
              .formatted(where, icon, id));
    } else if (exports.subtree(ExportedIcons.THEME).entries().keySet().stream()
        .noneMatch(
            path -> Stream.of(".png", ".svg").anyMatch(end -> path.name().equals(icon + end)))) {
      warnings.add(
          "%s names the icon '%s', which is not in /app%s"
              .formatted(where, icon, ExportedIcons.THEME));
    }
  }

  private void checkCommand(String line, String where) {
    String program = line.split(" ", -1)[0];
    if (!program.isEmpty() && !AppCommand.isThere(program, app)) {
      warnings.add("%s starts '%s', which is not in the app".formatted(where, program));
    }
  }

  private void checkService(Keyfile service, String where) {
    String name = service.string(SERVICE, "Name").orElse("");
    if (!name.equals(id)) {
      throw refused("%s has the Name '%s' instead of %s".formatted(where, name, id));
    }
    checkCommand(
        service.string(SERVICE, "Exec").orElseThrow(() -> refused(where + " has no Exec")), where);
  }

  private static OverpakException refused(String what) {
    return new OverpakException(
        ExitCode.PACKAGE,
        "Flatpak does not export the app: " + what,
        "Correct the package that brings it, or change the file in 'cleanup-commands'.");
  }
}
