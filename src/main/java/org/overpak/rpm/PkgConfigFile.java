package org.overpak.rpm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a `.pc` file says of its module (pc(5), as pkgconf reads it).
///
/// @param facts `=` and the version, then the entries of `Provides`, each in rpm's form; empty
///   where pkgconf refuses the file
record PkgConfigFile(List<String> facts) {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9_.]+)}");
  private static final Pattern LINE = Pattern.compile("([A-Za-z0-9_.]+)\\s*([:=])\\s*(.*)");

  private static final Pattern COMMENT = Pattern.compile("(?<!\\\\)#.*");
  private static final Pattern BLANK = Pattern.compile("\\s");

  /// An entry of a list of modules; entries are parted by commas or blanks.
  private static final Pattern ENTRY =
      Pattern.compile("([^\\s,<>=!]+)(?:\\s*(<=|>=|!=|<|>|=)\\s*([^\\s,]+))?");

  /// Without these pkgconf takes no module.
  private static final List<String> REQUIRED = List.of("name", "description", "version");

  PkgConfigFile {
    facts = List.copyOf(facts);
  }

  static PkgConfigFile of(String text) {
    Map<String, String> variables = new HashMap<>();
    Map<String, String> fields = new HashMap<>();
    text.replace("\\\n", "")
        .lines()
        .map(line -> COMMENT.matcher(line).replaceFirst("").strip())
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(
            line -> {
              String value = expand(line.group(3), variables);
              if (line.group(2).equals("=")) {
                variables.put(line.group(1), value);
              } else {
                fields.put(line.group(1).toLowerCase(Locale.ROOT), value);
              }
            });
    if (!fields.keySet().containsAll(REQUIRED)) {
      return new PkgConfigFile(List.of());
    }
    List<String> facts = new ArrayList<>();
    facts.add("=" + BLANK.split(fields.getOrDefault("version", ""), 2)[0]);
    Matcher entry = ENTRY.matcher(fields.getOrDefault("provides", ""));
    while (entry.find()) {
      facts.add(
          Optional.ofNullable(entry.group(2))
              .map(operator -> provide(entry.group(1), operator, entry.group(3)))
              .orElse("pkgconfig(" + entry.group(1) + ")"));
    }
    return new PkgConfigFile(facts);
  }

  /// With the variables that stand above, which are expanded already.
  private static String expand(String text, Map<String, String> variables) {
    return VARIABLE
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(variables.getOrDefault(match.group(1), "")));
  }

  private static String provide(String name, String operator, String version) {
    return "pkgconfig(%s) %s %s".formatted(name, operator, version);
  }

  /// What the file of the module NAME provides that says FACTS (pkgconfigdeps.sh).
  static List<String> provides(String name, List<String> facts) {
    if (facts.isEmpty()) {
      return List.of();
    }
    List<String> provides = new ArrayList<>(facts.subList(1, facts.size()));
    String version = facts.getFirst().substring(1);
    provides.addFirst(version.isEmpty() ? "pkgconfig(" + name + ")" : provide(name, "=", version));
    return provides;
  }
}
