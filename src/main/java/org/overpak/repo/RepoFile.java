package org.overpak.repo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// A `.repo` file: several repositories, as dnf and yum configure them
/// ([dnf.conf(5)](https://dnf.readthedocs.io/en/latest/conf_ref.html)).
///
/// @param notes what of the file has no effect here, one sentence each with `FILE:LINE`, for a
///   summary or a verbose run
public record RepoFile(List<RepositoryConfig> repositories, List<String> notes) {
  public RepoFile {
    repositories = List.copyOf(repositories);
    notes = List.copyOf(notes);
  }

  /// Reads FILE, disabled repositories included.
  ///
  /// @throws OverpakException with `FILE:LINE` if it cannot be understood
  public static RepoFile read(Path file, Variables variables) {
    try {
      return parse(Files.readString(file), file.toString(), variables);
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "cannot read the repository file " + file + ": " + e.getMessage(),
          "Check that it exists, is readable, and is UTF-8 text.",
          e);
    }
  }

  static RepoFile parse(String text, String file, Variables variables) {
    var repositories = new ArrayList<RepositoryConfig>();
    var notes = new ArrayList<String>();
    for (RepoSection section : sections(text, file)) {
      // yum.conf and dnf.conf have their own settings in front.
      if (!section.id().equals("main")) {
        repositories.add(section.toConfig(variables, notes));
      }
    }
    return new RepoFile(repositories, notes);
  }

  /// The INI dialect of libdnf (`IniParser.cpp`): `#` and `;` begin a comment line, a line that
  /// begins with space continues the value above.
  private static List<RepoSection> sections(String text, String file) {
    SequencedMap<String, RepoSection> sections = new LinkedHashMap<>();
    @Nullable Map<String, RepoSection.Value> values = null;
    @Nullable String lastKey = null;
    int number = 0;
    for (String line : (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList()) {
      String where = file + ":" + ++number;
      String content = line.strip();
      if (content.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (Character.isWhitespace(line.charAt(0))) {
        if (values == null || lastKey == null) {
          throw malformed(where, "the line continues no value");
        }
        values.computeIfPresent(lastKey, (_, value) -> value.continued(content));
      } else if (content.startsWith("[")) {
        String id = content.endsWith("]") ? content.substring(1, content.length() - 1) : "";
        if (id.isEmpty()) {
          throw malformed(where, "'" + content + "' is not a [repository]");
        }
        values = new LinkedHashMap<>();
        lastKey = null;
        if (sections.put(id, new RepoSection(id, where, values)) != null) {
          throw malformed(where, "repository '" + id + "' is already there");
        }
      } else {
        int equals = content.indexOf('=');
        if (equals <= 0) {
          throw malformed(where, "'" + content + "' is neither KEY=VALUE nor a [repository]");
        }
        if (values == null) {
          throw malformed(where, "a value stands before the first [repository]");
        }
        lastKey = content.substring(0, equals).strip();
        // As in libdnf, the last one of a key counts.
        values.put(lastKey, new RepoSection.Value(content.substring(equals + 1).strip(), where));
      }
    }
    return List.copyOf(sections.values());
  }

  static OverpakException malformed(String where, String what) {
    return new OverpakException(ExitCode.SPEC, where + ": " + what, "Correct the repository file.");
  }
}
