package org.overpak.rpm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.overpak.tree.TreePath;

/// Which files of packages are left out on purpose (transaction.c, `skipInstallFiles`).
///
/// @param documentation whether what is marked `%doc` is installed, which is not so with dnf's
///   `tsflags=nodocs`
/// @param languages for which files are installed that are for some languages only
///   (`%_install_langs`), as locales: `de_DE.UTF-8` is for `%lang(de)` as well; empty for all. What
///   is marked `%license` is always installed
public record FileSelection(boolean documentation, List<String> languages) {
  /// All files.
  public static final FileSelection ALL = new FileSelection(true, List.of());

  public FileSelection {
    languages = List.copyOf(languages);
  }

  /// What becomes of each file of HEADER, in its order. A directory of the package that is emptied
  /// by that is left out, too.
  public List<FileState> states(PackageHeader header) {
    List<FileInfo> files = header.files();
    List<FileState> states = new ArrayList<>();
    Map<TreePath, Integer> left = new HashMap<>();
    Set<TreePath> emptied = new HashSet<>();
    for (FileInfo file : files) {
      FileState state = isWanted(file) ? FileState.NORMAL : FileState.NOT_INSTALLED;
      states.add(state);
      TreePath directory = file.path().parent();
      left.merge(directory, state == FileState.NORMAL ? 1 : 0, Integer::sum);
      if (state != FileState.NORMAL) {
        emptied.add(directory);
      }
    }
    emptied.removeIf(directory -> left.getOrDefault(directory, 0) > 0);
    for (int i = 0; i < files.size(); i++) {
      if (files.get(i).isDirectory() && emptied.contains(files.get(i).path())) {
        states.set(i, FileState.NOT_INSTALLED);
      }
    }
    return states;
  }

  private boolean isWanted(FileInfo file) {
    return file.isLicense()
        || (isForLanguages(file.languages()) && (documentation || !file.isDoc()));
  }

  private boolean isForLanguages(String marked) {
    if (marked.isEmpty() || languages.isEmpty()) {
      return true;
    }
    for (String language : marked.split("\\|")) {
      if (!language.isEmpty() && languages.stream().anyMatch(one -> one.startsWith(language))) {
        return true;
      }
    }
    return false;
  }
}
