package org.overpak.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The differences that are allowed, from `testing/differences`, which people review.
record DifferenceRules(List<Rule> rules) {
  private static final List<String> KEYS = List.of("judge", "subject", "differs", "because");

  /// @param line where the rule begins in its file, which names it
  record Rule(int line, String judge, Pattern subject, Pattern differs, String because) {
    boolean allows(String byJudge, String ofSubject, String difference) {
      return judge.equals(byJudge)
          && subject.matcher(ofSubject).matches()
          && differs.matcher(difference).matches();
    }
  }

  DifferenceRules {
    rules = List.copyOf(rules);
  }

  static DifferenceRules load() {
    return read(Project.directory().resolve("testing/differences"));
  }

  static DifferenceRules read(Path file) {
    List<String> lines;
    try {
      lines = new ArrayList<>(Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lines.add(""); // ends the last stanza
    var rules = new ArrayList<Rule>();
    Map<String, String> stanza = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith("#")) {
        continue;
      }
      if (line.isEmpty()) {
        if (!stanza.isEmpty()) {
          rules.add(rule(file, i + 1 - stanza.size(), stanza));
          stanza = new HashMap<>();
        }
        continue;
      }
      String key = line.replaceFirst(":.*", "");
      if (!KEYS.contains(key)
          || stanza.put(key, line.substring(key.length() + 1).strip()) != null) {
        throw new IllegalArgumentException(file + ":" + (i + 1) + ": not a new key of a rule");
      }
    }
    return new DifferenceRules(rules);
  }

  private static Rule rule(Path file, int line, Map<String, String> stanza) {
    for (String key : KEYS) {
      if (stanza.getOrDefault(key, "").isEmpty()) {
        throw new IllegalArgumentException(file + ":" + line + ": the rule has no " + key);
      }
    }
    return new Rule(
        line,
        stanza.getOrDefault("judge", ""),
        Pattern.compile(stanza.getOrDefault("subject", "")),
        Pattern.compile(stanza.getOrDefault("differs", "")),
        stanza.getOrDefault("because", ""));
  }

  /// The first rule that allows DIFFERENCE.
  Optional<Rule> allowing(String judge, String subject, String difference) {
    return rules.stream().filter(rule -> rule.allows(judge, subject, difference)).findFirst();
  }
}
