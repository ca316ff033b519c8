package org.overpak.rpm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Finds the RPM database of a root: where the root's own rpm is configured to look for it, else
/// where distributions have it.
final class DatabaseDirectory {
  /// Fedora since 36 and openSUSE; upstream and older ones; ostree images.
  private static final List<String> USUAL =
      List.of("usr/lib/sysimage/rpm", "var/lib/rpm", "usr/share/rpm");

  private static final Pattern DEFINITION = Pattern.compile("%(\\w+)\\s+(\\S.*?)\\s*");
  private static final Pattern REFERENCE = Pattern.compile("%(?:\\{(\\w+)\\}|(\\w+))");
  private static final int DEEPEST = 16;

  private final FileTree root;
  private final Map<String, String> macros =
      new HashMap<>(Map.of("_usr", "/usr", "_var", "/var", "_prefix", "/usr"));

  private DatabaseDirectory(FileTree root) {
    this.root = root;
  }

  /// The database's file, links followed.
  static Optional<TreePath> find(FileTree root) {
    return new DatabaseDirectory(root).find();
  }

  /// Where a SQLite database belongs: where one is, else where the root's rpm would look for it,
  /// else where distributions have it now. Links are followed.
  static TreePath place(FileTree root) {
    var directory = new DatabaseDirectory(root);
    Optional<TreePath> present = directory.find();
    present
        .filter(file -> !file.name().equals(DatabaseFormat.SQLITE.file()))
        .ifPresent(
            file -> {
              throw new OverpakException(
                  ExitCode.IMAGE,
                  "the RPM database "
                      + file
                      + " is not in the SQLite format, and only that can be written",
                  "Set '%_db_backend sqlite' in etc/rpm/macros of that root and convert it with"
                      + " 'rpmdb --root ROOT --rebuilddb'.");
            });
    return present.orElseGet(directory::place);
  }

  private TreePath place() {
    for (String directory : List.of(configured().orElse(USUAL.getFirst()), USUAL.getFirst())) {
      try {
        return root.resolve(new TreePath(directory).resolve(DatabaseFormat.SQLITE.file()));
      } catch (IllegalArgumentException e) {
        // Links in a circle: try where nothing links to.
      }
    }
    throw new IllegalStateException("links in a circle at " + USUAL.getFirst());
  }

  /// Where ROOT's own rpm looks for its database; empty if no macro says it.
  static Optional<TreePath> configured(FileTree root) {
    return new DatabaseDirectory(root).configured().map(TreePath::new);
  }

  private Optional<TreePath> find() {
    return Stream.concat(configured().stream(), USUAL.stream())
        .flatMap(directory -> file(directory).stream())
        .findFirst();
  }

  private Optional<TreePath> file(String directory) {
    for (DatabaseFormat format : DatabaseFormat.values()) {
      try {
        TreePath file = root.resolve(new TreePath(directory).resolve(format.file()));
        if (root.get(file).orElse(null) instanceof Entry.RegularFile) {
          return Optional.of(file);
        }
      } catch (IllegalArgumentException e) {
        // Links in a circle: nothing is there.
      }
    }
    return Optional.empty();
  }

  /// `%_dbpath`, if it is set by something simpler than a program.
  private Optional<String> configured() {
    macroFiles().forEach(this::read);
    return Optional.ofNullable(macros.get("_dbpath"))
        .flatMap(value -> expand(value, 0))
        .filter(path -> path.startsWith("/"))
        .flatMap(DatabaseDirectory::relative);
  }

  private static Optional<String> relative(String path) {
    try {
      return Optional.of(TreePath.parse(path).value());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// In rpm's order (`rpm --showrc`, "macrofiles"): what comes later wins.
  private List<TreePath> macroFiles() {
    List<TreePath> result = new ArrayList<>();
    result.add(new TreePath("usr/lib/rpm/macros"));
    addMacroFiles("usr/lib/rpm/macros.d", result);
    addMacroFiles("etc/rpm", result);
    result.add(new TreePath("etc/rpm/macros"));
    return result;
  }

  private void addMacroFiles(String directory, List<TreePath> result) {
    root.list(new TreePath(directory)).stream()
        .filter(name -> name.startsWith("macros.") && !name.endsWith("~"))
        .map(new TreePath(directory)::resolve)
        .filter(path -> !path.name().endsWith(".d"))
        .forEach(result::add);
  }

  private void read(TreePath file) {
    for (String line : TreeFiles.text(root, file).split("\n", -1)) {
      Matcher definition = DEFINITION.matcher(line);
      if (definition.matches()) {
        macros.put(definition.group(1), definition.group(2));
      }
    }
  }

  private Optional<String> expand(String text, int depth) {
    if (depth > DEEPEST) {
      return Optional.empty();
    }
    var result = new StringBuilder();
    Matcher reference = REFERENCE.matcher(text);
    int at = 0;
    while (reference.find(at)) {
      result.append(text, at, reference.start());
      String name = reference.group(1) == null ? reference.group(2) : reference.group(1);
      Optional<String> value =
          Optional.ofNullable(macros.get(name)).flatMap(inner -> expand(inner, depth + 1));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      result.append(value.get());
      at = reference.end();
    }
    result.append(text, at, text.length());
    return result.indexOf("%") >= 0 ? Optional.empty() : Optional.of(result.toString());
  }
}
