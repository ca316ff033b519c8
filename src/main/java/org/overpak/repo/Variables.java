package org.overpak.repo;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Values for `$releasever` and the like in `.repo` files: `$NAME`, `${NAME}`, `${NAME:-DEFAULT}`
/// and `${NAME:+ALTERNATIVE}` (dnf5, `vars.cpp`). Names are letters, digits and `_`.
public record Variables(Map<String, String> values) {
  private static final Pattern USE =
      Pattern.compile(
          "\\$(?:(?<bare>\\w+)|\\{(?<name>\\w+)(?:(?<operator>:[-+])(?<word>[^}]*))?\\})");

  public Variables {
    values = Map.copyOf(values);
  }

  /// `$arch`, and the `$basearch` that follows from it, and `$releasever` with its parts.
  ///
  /// @param arch as rpm calls it, such as `x86_64`
  /// @param releasever empty where not known; using it is an error then
  public static Variables of(String arch, String releasever) {
    var values = new TreeMap<>(Map.of("arch", arch, "basearch", basearch(arch)));
    if (!releasever.isEmpty()) {
      String[] parts = releasever.split("\\.", 2);
      values.put("releasever", releasever);
      values.put("releasever_major", parts[0]);
      values.put("releasever_minor", parts.length == 2 ? parts[1] : "");
    }
    return new Variables(values);
  }

  /// dnf5, `arch_private.hpp`, for the architectures that Flatpak has.
  private static String basearch(String arch) {
    if (arch.matches("i[3-6]86|athlon|geode")) {
      return "i386";
    }
    if (arch.matches("x86_64_v[234]|amd64|ia32e")) {
      return "x86_64";
    }
    return arch.matches("armv[678]h.*") ? "armhfp" : arch;
  }

  /// TEXT with each use of a variable replaced by its value.
  ///
  /// @throws UnknownVariable if one has neither value nor default
  String expand(String text) throws UnknownVariable {
    Matcher use = USE.matcher(text);
    var expanded = new StringBuilder();
    while (use.find()) {
      use.appendReplacement(expanded, Matcher.quoteReplacement(value(use)));
    }
    return use.appendTail(expanded).toString();
  }

  private String value(Matcher use) throws UnknownVariable {
    String name = use.group("bare") != null ? use.group("bare") : use.group("name");
    @Nullable String value = values.get(name);
    boolean isSet = value != null && !value.isEmpty();
    @Nullable String operator = use.group("operator");
    if (operator == null) {
      if (value == null) {
        throw new UnknownVariable(name);
      }
      return value;
    }
    String word = use.group("word");
    if (operator.equals(":+")) {
      return isSet ? word : "";
    }
    return value != null && isSet ? value : word;
  }

  /// A variable without a value, by its name without `$`.
  static final class UnknownVariable extends Exception {
    UnknownVariable(String name) {
      super(name);
    }
  }
}
