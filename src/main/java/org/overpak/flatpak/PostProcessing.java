package org.overpak.flatpak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What is renamed, rewritten and added in an app's files so that the desktop finds them under the
/// app's ID: what flatpak-builder does after the build (`builder-manifest.c:
/// builder_manifest_cleanup`) and flatpak-module-tools before it exports (`flatpak_builder.py:
/// FileTreeProcessor`), in their order. Where the two differ it is as in the former, which is
/// newer: the AppStream file becomes `share/metainfo/ID.metainfo.xml`, not
/// `share/appdata/ID.appdata.xml`; its former ID stays among what it provides; a renamed desktop
/// file remembers its names in `X-Flatpak-RenamedFrom`.
///
/// No program is run and nothing but the files in question is read; all others keep their content.
public final class PostProcessing {
  private static final TreePath APPLICATIONS = new TreePath("share/applications");
  private static final TreePath METAINFO = new TreePath("share/metainfo");
  private static final TreePath APPDATA = new TreePath("share/appdata");
  private static final TreePath MIME_PACKAGES = new TreePath("share/mime/packages");
  private static final TreePath ICONS = new TreePath("share/icons");

  /// Icons lie in `THEME/SIZE/CONTEXT`; others are not renamed.
  private static final int ICON_DEPTH = 4;

  private final String id;
  private final ExportChanges changes;
  private final Consumer<String> notes;
  private FileTree app;

  private PostProcessing(FileTree app, String id, ExportChanges changes, Consumer<String> notes) {
    this.app = app;
    this.id = id;
    this.changes = changes;
    this.notes = notes;
  }

  /// APP, whose ID is ID, with CHANGES made.
  ///
  /// @param app what will be `/app`
  /// @param notes hears what software centres would miss or stumble over
  /// @throws OverpakException (SPEC) if what is to be renamed is not there, or something has the
  ///   new name; (PACKAGE) if a file that is rewritten is malformed
  public static FileTree apply(
      FileTree app, String id, ExportChanges changes, Consumer<String> notes) {
    return new PostProcessing(app, id, changes, notes).apply();
  }

  private FileTree apply() {
    Optional<TreePath> metainfo = moveMetainfo();
    rename("rename-desktop-file", APPLICATIONS, changes.renameDesktopFile(), desktopFile());
    metainfo.ifPresent(this::rewriteMetainfo);
    rename("rename-mime-file", MIME_PACKAGES, changes.renameMimeFile(), mimeFile());
    if (!changes.renameIcon().isEmpty()) {
      renameIcons("rename-icon", changes.renameIcon(), id);
    }
    for (String icon : changes.renameMimeIcons()) {
      renameIcons("rename-mime-icons", icon, id + "." + icon);
    }
    if (!changes.renameMimeIcons().isEmpty()) {
      rewriteMimeTypes();
    }
    rewriteDesktopFile();
    if (changes.appstreamCompose()) {
      compose(metainfo);
    }
    return app;
  }

  private TreePath desktopFile() {
    return APPLICATIONS.resolve(id + ".desktop");
  }

  private TreePath mimeFile() {
    return MIME_PACKAGES.resolve(id + ".xml");
  }

  /// Brings the AppStream file to its place; empty if there is none.
  private Optional<TreePath> moveMetainfo() {
    String given = changes.renameAppdataFile();
    List<String> names =
        given.isEmpty() ? List.of(id + ".metainfo.xml", id + ".appdata.xml") : List.of(given);
    Optional<TreePath> found =
        Stream.of(METAINFO, APPDATA)
            .flatMap(directory -> names.stream().map(directory::resolve))
            .filter(app::contains)
            .findFirst();
    TreePath target = METAINFO.resolve(id + ".metainfo.xml");
    if (found.isPresent()) {
      move("rename-appdata-file", found.get(), target);
      return Optional.of(target);
    }
    if (!given.isEmpty()) {
      notes.accept(
          "rename-appdata-file: there is no '%s' in /app%s or /app%s; correct the name or remove the key"
              .formatted(given, METAINFO, APPDATA));
    }
    return Optional.empty();
  }

  private void rename(String key, TreePath directory, String name, TreePath target) {
    if (!name.isEmpty()) {
      TreePath source = directory.resolve(name);
      if (!app.contains(source)) {
        throw missing(key, "there is no file /app" + source, "Give the name that the file has.");
      }
      move(key, source, target);
    }
  }

  private void move(String key, TreePath source, TreePath target) {
    if (source.equals(target)) {
      return;
    }
    if (app.contains(target)) {
      throw missing(
          key,
          "/app%s cannot be renamed: there is a file /app%s already".formatted(source, target),
          "Remove the key, or remove one of the files in the cleanup commands.");
    }
    Entry entry = app.get(source).orElseThrow();
    app = app.without(source).with(target, entry);
  }

  private static OverpakException missing(String key, String what, String advice) {
    return new OverpakException(ExitCode.SPEC, key + ": " + what, advice);
  }

  /// Gives each icon OLD, also a symbolic one, the name NEW in all themes and sizes.
  private void renameIcons(String key, String oldName, String newName) {
    SortedMap<TreePath, Entry> icons = new TreeMap<>();
    app.subtree(ICONS)
        .entries()
        .forEach(
            (path, entry) -> {
              if (entry instanceof Entry.RegularFile
                  && path.value().split("/", -1).length == ICON_DEPTH
                  && isIcon(path.name(), oldName)) {
                icons.put(path, entry);
              }
            });
    if (icons.isEmpty()) {
      throw missing(
          key,
          "there is no icon '%s' in a directory THEME/SIZE/CONTEXT of /app%s"
              .formatted(oldName, ICONS),
          "Give the name of the icon without its extension.");
    }
    Map<TreePath, Entry> entries = new TreeMap<>(app.entries());
    if (!changes.copyIcon()) {
      icons.keySet().forEach(path -> entries.remove(ICONS.resolve(path)));
    }
    icons.forEach(
        (path, entry) -> {
          String name = newName + path.name().substring(oldName.length());
          entries.put(ICONS.resolve(path.parent()).resolve(name), entry);
          // A trigger has listed the names before; GTK believes the list rather than its eyes.
          String theme = path.value().substring(0, path.value().indexOf('/'));
          entries.remove(ICONS.resolve(theme).resolve("icon-theme.cache"));
        });
    app = FileTree.of(entries);
  }

  private static boolean isIcon(String fileName, String icon) {
    return fileName.startsWith(icon + ".") || fileName.startsWith(icon + "-symbolic.");
  }

  private void rewriteMetainfo(TreePath path) {
    boolean isRenamed =
        !changes.renameDesktopFile().isEmpty() || !changes.renameAppdataFile().isEmpty();
    if (changes.appdataLicense().isEmpty() && !isRenamed) {
      return;
    }
    Metainfo metainfo = metainfo(path);
    if (!changes.appdataLicense().isEmpty()) {
      metainfo = metainfo.withLicense(changes.appdataLicense());
    }
    if (isRenamed) {
      metainfo = metainfo.renamed(id, changes.renameDesktopFile());
    }
    replace(path, XmlWriter.write(metainfo.root()));
  }

  private Metainfo metainfo(TreePath path) {
    return new Metainfo(XmlReader.read(read(path), "/app" + path), "/app" + path);
  }

  private void rewriteMimeTypes() {
    TreePath path = mimeFile();
    if (!app.contains(path)) {
      throw missing(
          "rename-mime-icons",
          "there is no file /app" + path + " that could name them",
          "Give 'rename-mime-file', too, or remove the key.");
    }
    XmlNode.Element root = XmlReader.read(read(path), "/app" + path);
    replace(path, XmlWriter.write(MimeTypes.renameIcons(root, changes.renameMimeIcons(), id)));
  }

  private void rewriteDesktopFile() {
    String prefix = changes.desktopNamePrefix();
    String suffix = changes.desktopNameSuffix();
    String renamed = changes.renameDesktopFile();
    if (renamed.isEmpty()
        && changes.renameIcon().isEmpty()
        && prefix.isEmpty()
        && suffix.isEmpty()) {
      return;
    }
    DesktopFile file =
        desktop()
            .orElseThrow(
                () ->
                    missing(
                        renamed.isEmpty() && changes.renameIcon().isEmpty()
                            ? "desktop-file-name-" + (prefix.isEmpty() ? "suffix" : "prefix")
                            : "rename-icon",
                        "there is no file /app" + desktopFile() + " that could be changed",
                        "Give 'rename-desktop-file', too, or remove the key."));
    if (!renamed.isEmpty()) {
      List<String> names = file.keyfile().list(DesktopFile.GROUP, "X-Flatpak-RenamedFrom");
      file =
          file.with(
              "X-Flatpak-RenamedFrom", Stream.concat(names.stream(), Stream.of(renamed)).toList());
    }
    if (!changes.renameIcon().isEmpty()) {
      Optional<String> before = file.string("Icon");
      // A translated icon that is another one stays.
      for (String key : file.translationsOf("Icon")) {
        file = file.string(key).equals(before) ? file.with(key, id) : file;
      }
      file = file.with("Icon", id);
    }
    if (!prefix.isEmpty() || !suffix.isEmpty()) {
      for (String key : file.translationsOf("Name")) {
        file = file.with(key, prefix + file.string(key).orElseThrow() + suffix);
      }
    }
    replace(desktopFile(), file.text());
  }

  private Optional<DesktopFile> desktop() {
    TreePath path = desktopFile();
    if (!app.contains(path)) {
      return Optional.empty();
    }
    try {
      return Optional.of(DesktopFile.parse(TreePath.decode(read(path)), "/app" + path));
    } catch (IllegalArgumentException e) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          "/app" + path + " is not UTF-8",
          "Correct the file in the package that brings it.",
          e);
    }
  }

  private void compose(Optional<TreePath> path) {
    if (path.isEmpty()) {
      if (!app.contains(desktopFile())) {
        return; // a program for the command line
      }
      notes.accept(
          "there is no /app%s/%s.metainfo.xml, so software centres show no name and description;"
                  .formatted(METAINFO, id)
              + " add one to the package, give 'rename-appdata-file', or say"
              + " 'appstream-compose: false'");
      return;
    }
    Metainfo metainfo;
    try {
      metainfo = metainfo(path.get());
    } catch (OverpakException e) {
      // The app itself does without.
      notes.accept(
          e.getMessage()
              + ", so software centres do not show the app; correct it in the package that brings"
              + " it");
      return;
    }
    if (metainfo.check(id, this::hasDesktopFile, notes)) {
      Keyfile desktop = desktop().map(DesktopFile::keyfile).orElse(Keyfile.EMPTY);
      app = app.overlay(new AppStreamCatalogue(id, metainfo, desktop, app, notes).tree());
    }
  }

  private boolean hasDesktopFile(String name) {
    return name.indexOf('/') < 0 && app.contains(desktopFile().parent().resolve(name));
  }

  private byte[] read(TreePath path) {
    if (!(app.get(path).orElseThrow() instanceof Entry.RegularFile file)) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          "/app" + path + " is no regular file",
          "Correct the package that brings it.");
    }
    if (file.content().size() > XmlReader.LARGEST) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          "/app%s is larger than %d bytes".formatted(path, XmlReader.LARGEST),
          "Correct the package that brings it.");
    }
    try {
      return file.content().readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Puts TEXT in the file at PATH, and no other: its hard links keep what they have.
  private void replace(TreePath path, String text) {
    Attributes attributes = app.get(path).orElseThrow().attributes();
    app =
        app.with(
            path,
            new Entry.RegularFile(attributes, Content.of(text.getBytes(StandardCharsets.UTF_8))));
  }
}
