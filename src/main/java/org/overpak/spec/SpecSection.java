package org.overpak.spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.overpak.NearestName;

/// A mapping of the spec, asked for its keys one by one: reading it is its schema. What nobody has
/// asked for when {@link #refuseUnknown} is called is unknown.
///
/// A key without a value (`tags:`) counts as not given, as in Fedora's tools. A value of the wrong
/// form is put on the list of problems and then counts as not given, so that reading goes on.
final class SpecSection {
  private final String name;
  private final SpecPosition position;
  private final Map<String, YamlNode.Pair> pairs = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();
  private final SpecProblems problems;

  /// @param name for messages, "flatpak: packages"; empty for the document itself
  /// @param position of the section's key
  SpecSection(String name, SpecPosition position, YamlNode.Mapping mapping, SpecProblems problems) {
    this.name = name;
    this.position = position;
    this.problems = problems;
    mapping.pairs().forEach(pair -> pairs.put(pair.key().text(), pair));
  }

  /// A section in which nothing is given.
  static SpecSection empty(String name, SpecPosition position, SpecProblems problems) {
    return new SpecSection(name, position, new YamlNode.Mapping(position, List.of(), 1), problems);
  }

  /// NODE as a section, or an empty one (and a problem) if it is no mapping.
  static SpecSection of(String name, YamlNode.Pair pair, SpecProblems problems) {
    return of(name, pair.key().position(), pair.value(), problems);
  }

  static SpecSection of(String name, SpecPosition position, YamlNode node, SpecProblems problems) {
    if (node instanceof YamlNode.Mapping mapping) {
      return new SpecSection(name, position, mapping, problems);
    }
    problems.add(
        node.position(),
        quote(name) + " must be a mapping, not " + node.describe(),
        "write its keys below it, each indented, with ': ' after the key");
    return empty(name, position, problems);
  }

  SpecPosition position() {
    return position;
  }

  /// Where the value of KEY stands, or the section if KEY is not given.
  SpecPosition positionOf(String key) {
    var pair = pairs.get(key);
    return pair == null ? position : pair.value().position();
  }

  SpecPosition positionOfKey(String key) {
    var pair = pairs.get(key);
    return pair == null ? position : pair.key().position();
  }

  boolean isGiven(String key) {
    return value(key) != null;
  }

  /// The keys that are given, in the order of the file.
  List<String> given() {
    return pairs.values().stream()
        .filter(pair -> !isNull(pair.value()))
        .map(pair -> pair.key().text())
        .toList();
  }

  /// The value of KEY as it stands, null if not given.
  @Nullable YamlNode value(String key) {
    known.add(key);
    var pair = pairs.get(key);
    return pair == null || isNull(pair.value()) ? null : pair.value();
  }

  private static boolean isNull(YamlNode node) {
    return node instanceof YamlNode.Scalar scalar && scalar.isNull();
  }

  /// Text of any length exactly as YAML reads it; numbers as they are written; empty if not given.
  String text(String key) {
    YamlNode value = value(key);
    String text = value == null ? null : scalar(describe(key), value);
    return text == null ? "" : text;
  }

  /// Text of one line; the line break that a block (`|`, `>`) ends with does not count.
  String line(String key) {
    String text = text(key).replaceFirst("\\n+\\z", "");
    if (text.indexOf('\n') >= 0) {
      problems.add(positionOf(key), describe(key) + " must be a single line", "");
    }
    return text;
  }

  boolean flag(String key, boolean otherwise) {
    YamlNode value = value(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof YamlNode.Scalar scalar) {
      if (scalar.isTrue() || scalar.isFalse()) {
        return scalar.isTrue();
      }
    }
    problems.add(
        value.position(),
        describe(key) + " must be true or false, not " + value.describe(),
        "write true or false, without quotes");
    return otherwise;
  }

  /// @param otherwise what an absent or wrong number counts as
  long number(String key, long otherwise) {
    YamlNode value = value(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof YamlNode.Scalar scalar && scalar.text().matches("[0-9]{1,18}")) {
      return Long.parseLong(scalar.text());
    }
    problems.add(
        value.position(), describe(key) + " must be a number, not " + value.describe(), "");
    return otherwise;
  }

  /// A list of texts.
  List<String> texts(String key) {
    return each(key, "a list", item -> scalar("an entry of " + describe(key), item));
  }

  /// A list of names, or one name, or several separated by commas.
  List<String> names(String key) {
    if (value(key) instanceof YamlNode.Scalar scalar) {
      String text = scalar(describe(key), scalar);
      return text == null ? List.of() : splitNames(text);
    }
    return each(
            key,
            "a list or names separated by commas",
            item -> scalar("an entry of " + describe(key), item))
        .stream()
        .flatMap(text -> splitNames(text).stream())
        .toList();
  }

  private static List<String> splitNames(String text) {
    return Arrays.stream(text.split("[,\\s]+")).filter(name -> !name.isEmpty()).toList();
  }

  /// The items of a list, through READ; those for which it returns null are left out.
  <T> List<T> each(String key, Function<YamlNode, @Nullable T> read) {
    return each(key, "a list", read);
  }

  private <T> List<T> each(String key, String form, Function<YamlNode, @Nullable T> read) {
    YamlNode value = value(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof YamlNode.Sequence sequence)) {
      problems.add(
          value.position(),
          describe(key) + " must be " + form + ", not " + value.describe(),
          "write each entry on a line of its own after '- '");
      return List.of();
    }
    List<T> result = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      T element = read.apply(item);
      if (element != null) {
        result.add(element);
      }
    }
    return result;
  }

  Optional<SpecSection> section(String key) {
    YamlNode value = value(key);
    var pair = pairs.get(key);
    return value == null || pair == null
        ? Optional.empty()
        : Optional.of(of(path(key), pair, problems));
  }

  /// A mapping of names that the author chooses to texts; booleans become `true` and `false`.
  Map<String, String> properties() {
    Map<String, String> result = new LinkedHashMap<>();
    for (var pair : pairs.values()) {
      String key = pair.key().text();
      known.add(key);
      if (pair.value() instanceof YamlNode.Scalar scalar && (scalar.isTrue() || scalar.isFalse())) {
        result.put(key, Boolean.toString(scalar.isTrue()));
      } else if (!isNull(pair.value())) {
        String text = scalar(describe(key), pair.value());
        if (text != null) {
          result.put(key, text);
        }
      }
    }
    return result;
  }

  /// The text of NODE, or null and a problem if it is none.
  @Nullable String scalar(String what, YamlNode node) {
    if (!(node instanceof YamlNode.Scalar scalar)) {
      problems.add(node.position(), what + " must be text, not " + node.describe(), "");
      return null;
    }
    if (scalar.isTrue() || scalar.isFalse()) {
      problems.add(
          scalar.position(),
          what + " must be text, not " + scalar.describe(),
          "quote it: \"" + scalar.text() + "\"");
      return null;
    }
    if (scalar.isNull()) {
      problems.add(scalar.position(), what + " is empty", "remove it, or quote it");
      return null;
    }
    return scalar.text();
  }

  void missing(String key, String advice) {
    problems.add(position, describe(key) + " is missing", advice);
  }

  /// A value that has the right form but not the right meaning. A value that is on the list of
  /// problems already is left alone: what it means could not be known.
  void wrong(String key, String message, String advice) {
    if (!problems.isAt(positionOf(key))) {
      problems.add(positionOf(key), describe(key) + " " + message, advice);
    }
  }

  /// All keys that have been asked for.
  Set<String> known() {
    return known;
  }

  void refuseUnknown() {
    refuseUnknown(_ -> null);
  }

  /// @param explanation the advice for a key that is known from elsewhere, else null
  void refuseUnknown(Function<String, @Nullable String> explanation) {
    for (var pair : pairs.values()) {
      String key = pair.key().text();
      if (known.contains(key)) {
        continue;
      }
      String advice = explanation.apply(key);
      if (advice == null) {
        advice =
            NearestName.to(key, known)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("remove it; docs/container-yaml.md lists the keys");
      }
      problems.add(
          pair.key().position(),
          "unknown key '" + key + "'" + (name.isEmpty() ? "" : " in " + quote(name)),
          advice);
    }
  }

  private String describe(String key) {
    return name.isEmpty() ? quote(key) : quote(key) + " in " + quote(name);
  }

  private String path(String key) {
    return name.isEmpty() ? key : name + ": " + key;
  }

  private static String quote(String name) {
    return "'" + name + "'";
  }
}
