package org.overpak.rpm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The packages that a file of Perl declares, as rpm finds them: line by line, since nothing but
/// Perl can parse it (perl.prov).
final class PerlModule {
  private static final Pattern POD = Pattern.compile("^=(head[1-4]|pod|for|item)");
  private static final Pattern COMMENT = Pattern.compile("^\\s*#");
  private static final Pattern END = Pattern.compile("^__(DATA|END)__\\z");
  private static final Pattern TEXT = Pattern.compile("<<\\s*[\"'](\\w+)[\"']\\s*;\\s*\\z");
  private static final Pattern PACKAGE =
      Pattern.compile("^\\s*package\\s+([_:a-zA-Z0-9]+)\\s*(?:v?([0-9_.]+)\\s*)?[;{]");
  private static final Pattern VERSION =
      Pattern.compile("^\\s*(?:our\\s+)?\\$([_:a-zA-Z0-9]*)VERSION\\s*=\\s+");
  private static final Pattern REVISION = Pattern.compile("\\$Revision: (\\d+[.0-9]+)");
  private static final Pattern NUMBER = Pattern.compile("=\\s*['\"]?(\\d+[._0-9]+)['\"]?");
  private static final Pattern MORE =
      Pattern.compile(
          "^\\s*(?:our\\s+)?\\$RPM_Provides\\s*=\\s*[\"'](.*)[\"']", Pattern.CASE_INSENSITIVE);

  private final Map<String, String> versions = new TreeMap<>();
  private final List<String> provides = new ArrayList<>();
  private boolean isPod;
  private boolean isList;
  private String textEnd = "";
  private String current = "";
  private String version = "";

  private PerlModule() {}

  /// What the file with CONTENT provides; nothing if a text in it has no end.
  static List<String> provides(byte[] content) {
    var module = new PerlModule();
    for (String line : new String(content, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      if (!module.read(line)) {
        break;
      }
    }
    if (!module.textEnd.isEmpty()) {
      return List.of();
    }
    module.versions.forEach(
        (name, version) ->
            module.provides.add("perl(" + name + ")" + (version.isEmpty() ? "" : " = " + version)));
    return module.provides;
  }

  /// @return whether there is more to read
  private boolean read(String line) {
    if (!textEnd.isEmpty()) {
      if (line.startsWith(textEnd) && line.substring(textEnd.length()).isBlank()) {
        textEnd = "";
      }
      return true;
    }
    isPod = (isPod || POD.matcher(line).find()) && !line.startsWith("=cut");
    isList =
        (isList || line.startsWith("=over"))
            && !line.startsWith("=cut")
            && !line.startsWith("=back");
    if (isPod || isList || COMMENT.matcher(line).find()) {
      return true;
    }
    if (END.matcher(line).find()) {
      return false;
    }
    Matcher text = TEXT.matcher(line);
    if (text.find()) {
      textEnd = text.group(1);
    }
    readPackage(line);
    readVersion(line);
    Matcher more = MORE.matcher(line);
    if (more.find()) {
      provides.addAll(List.of(more.group(1).strip().split("\\s+")));
    }
    return true;
  }

  private void readPackage(String line) {
    Matcher match = PACKAGE.matcher(line);
    if (match.find()) {
      current = match.group(1).equals("main") ? "" : match.group(1);
      version = match.group(2) == null ? "" : match.group(2);
      if (!current.isEmpty()) {
        versions.putIfAbsent(current, version);
      }
    }
  }

  private void readVersion(String line) {
    Matcher match = VERSION.matcher(line);
    if (current.isEmpty()
        || !match.find()
        || !(match.group(1).isEmpty() || match.group(1).equals(current + "::"))) {
      return;
    }
    for (Pattern pattern : List.of(REVISION, NUMBER)) {
      Matcher number = pattern.matcher(line);
      if (number.find()) {
        version = number.group(1);
        break;
      }
    }
    versions.put(current, version);
  }
}
