package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.overpak.tree.TreePath;

/// What one layer says of a permission (`flatpak-context.c:FlatpakPermission`, since Flatpak 1.17).
///
/// @param allowed in any case
/// @param reset whether what lower layers say does not count
/// @param conditions of which one is enough, sorted; none if it is allowed in any case
record Permission(boolean allowed, boolean reset, List<String> conditions) {
  static final Permission UNTOUCHED = new Permission(false, false, List.of());
  static final Permission ALLOWED = new Permission(true, true, List.of());
  static final Permission DENIED = new Permission(false, true, List.of());

  private static final String CONDITIONAL = "if:";

  Permission {
    conditions = List.copyOf(conditions);
  }

  /// One word of a list in metadata.
  ///
  /// @param condition empty if there is none
  record Word(String name, boolean denied, String condition) {
    static Word parse(String text) {
      if (text.startsWith(CONDITIONAL)) {
        String[] parts = text.substring(CONDITIONAL.length()).split(":", 2);
        if (parts.length == 2) {
          return new Word(parts[0], false, parts[1]);
        }
      }
      return text.startsWith("!")
          ? new Word(text.substring(1), true, "")
          : new Word(text, false, "");
    }
  }

  /// What the words of one name say together. A name that stands before its conditions is there for
  /// clients that know of none.
  static Permission of(List<Word> words) {
    Permission result = UNTOUCHED;
    Optional<Permission> beforePlain = Optional.empty();
    for (Word word : words) {
      if (!word.condition().isEmpty()) {
        result = beforePlain.orElse(result).allowedIf(word.condition());
        beforePlain = Optional.empty();
      } else if (word.denied()) {
        result = DENIED;
      } else {
        beforePlain = Optional.of(result);
        result = ALLOWED;
      }
    }
    return result;
  }

  Permission allowedIf(String condition) {
    return allowed ? this : new Permission(false, reset, sorted(conditions, List.of(condition)));
  }

  /// What both layers say, of which UPPER has the last word.
  Permission with(Permission upper) {
    return new Permission(
        upper.allowed,
        reset || upper.reset,
        sorted(upper.reset ? List.of() : conditions, upper.conditions));
  }

  private static List<String> sorted(List<String> some, List<String> more) {
    var all = new TreeSet<>(TreePath::compare);
    all.addAll(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  /// The words of NAME in a list of metadata.
  List<String> words(String name) {
    if (allowed) {
      return List.of(name);
    }
    if (conditions.isEmpty()) {
      return List.of("!" + name);
    }
    List<String> words = new ArrayList<>();
    if (reset) {
      words.add("!" + name);
    }
    words.add(name);
    conditions.forEach(condition -> words.add(CONDITIONAL + name + ":" + condition));
    return words;
  }
}
