package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the metadata of a Python distribution says that is installed, `METADATA` or `PKG-INFO`
/// (pythondistdeps.py).
///
/// @param version as in packages; empty where none is said
record PythonDistribution(String name, String version) {
  /// [PEP
  /// 440](https://peps.python.org/pep-0440/#appendix-b-parsing-version-strings-with-regular-expressions).
  private static final Pattern VERSION =
      Pattern.compile(
          "v?(?:(?<epoch>\\d+)!)?(?<release>\\d+(?:\\.\\d+)*)"
              + "(?:[-_.]?(?<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<prenumber>\\d*))?"
              + "(?:-(?<post>\\d+)|[-_.]?(?<ispost>post|rev|r)[-_.]?(?<postnumber>\\d*))?"
              + "(?:[-_.]?(?<dev>dev)[-_.]?(?<devnumber>\\d*))?(?:\\+[a-z0-9._-]*)?");

  /// Empty if TEXT, the headers of a mail with a body, names none.
  static Optional<PythonDistribution> of(String text) {
    String name = "";
    String version = "";
    for (String line : text.lines().takeWhile(line -> !line.isEmpty()).toList()) {
      if (name.isEmpty() && line.startsWith("Name:")) {
        name = line.substring("Name:".length()).strip();
      } else if (version.isEmpty() && line.startsWith("Version:")) {
        version = line.substring("Version:".length()).strip();
      }
    }
    return name.isEmpty()
        ? Optional.empty()
        : Optional.of(new PythonDistribution(name, rpmVersion(version)));
  }

  /// Sorts before what it leads to, where Python's rules say so.
  private static String rpmVersion(String version) {
    Matcher match = VERSION.matcher(version.toLowerCase(Locale.ROOT));
    if (!match.matches()) {
      return version;
    }
    List<String> release = new ArrayList<>();
    for (String part : match.group("release").split("\\.")) {
      release.add(number(part));
    }
    while (release.size() > 1 && release.getLast().equals("0")) {
      release.removeLast();
    }
    String epoch = match.group("epoch");
    return (epoch == null || number(epoch).equals("0") ? "" : number(epoch) + ":")
        + String.join(".", release)
        + suffix(match);
  }

  private static String suffix(Matcher match) {
    String pre = match.group("pre");
    if (pre != null) {
      String letter =
          switch (pre) {
            case "alpha" -> "a";
            case "beta" -> "b";
            case "c", "pre", "preview" -> "rc";
            default -> pre;
          };
      return "~" + letter + number(match.group("prenumber"));
    }
    if (match.group("dev") != null) {
      return "~~dev" + number(match.group("devnumber"));
    }
    if (match.group("post") != null) {
      return "^post" + number(match.group("post"));
    }
    return match.group("ispost") == null ? "" : "^post" + number(match.group("postnumber"));
  }

  /// Without zeros in front.
  private static String number(String digits) {
    String result = digits.replaceFirst("^0+", "");
    return result.isEmpty() ? "0" : result;
  }

  /// For the interpreter of PYTHON, `3.12`, and for any of its major version; with the name as [PEP
  /// 503](https://peps.python.org/pep-0503/#normalized-names) has it, and with dots as they are.
  List<String> provides(String python) {
    String lower = name.toLowerCase(Locale.ROOT);
    String suffix = version.isEmpty() ? "" : " = " + version;
    List<String> result = new ArrayList<>();
    for (String normal : List.of("[-_.]+", "[-_]+")) {
      String normalized = lower.replaceAll(normal, "-");
      for (String interpreter : List.of(python, python.split("\\.", 2)[0])) {
        result.add("python%sdist(%s)%s".formatted(interpreter, normalized, suffix));
      }
    }
    return result.stream().distinct().toList();
  }
}
