package org.overpak.spec;

import java.util.List;
import java.util.Locale;

/// A YAML value that knows where it stands, with scalars as they are written: what `1.10` means is
/// decided by who asks, so that it can stay a version.
sealed interface YamlNode {
  SpecPosition position();

  /// How the value is called in a message: "a list".
  String describe();

  /// How many nodes this one stands for when all aliases in it are written out.
  int weight();

  /// @param plain whether TEXT is written without quotes and not as a block, so that it may be a
  ///   number, a boolean or nothing
  record Scalar(SpecPosition position, String text, boolean plain) implements YamlNode {
    /// The spellings are those of YAML 1.1, which Fedora's tools (PyYAML) read; YAML 1.2 has fewer.
    boolean isTrue() {
      return plain && matches("true", "yes", "on");
    }

    boolean isFalse() {
      return plain && matches("false", "no", "off");
    }

    boolean isNull() {
      return plain && (text.isEmpty() || text.equals("~") || matches("null"));
    }

    private boolean matches(String... words) {
      for (String word : words) {
        String upper = word.toUpperCase(Locale.ROOT);
        if (text.equals(word)
            || text.equals(upper)
            || text.equals(upper.charAt(0) + word.substring(1))) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String describe() {
      if (isNull()) {
        return "empty";
      }
      return isTrue() || isFalse() ? "the boolean " + text : "'" + firstLine() + "'";
    }

    private String firstLine() {
      String line = text.lines().findFirst().orElse("");
      return line.length() == text.length() ? line : line + " …";
    }

    @Override
    public int weight() {
      return 1;
    }
  }

  record Sequence(SpecPosition position, List<YamlNode> items, int weight) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String describe() {
      return "a list";
    }
  }

  /// Entries in the order of the file, each key once.
  record Mapping(SpecPosition position, List<Pair> pairs, int weight) implements YamlNode {
    public Mapping {
      pairs = List.copyOf(pairs);
    }

    @Override
    public String describe() {
      return "a mapping";
    }
  }

  record Pair(Scalar key, YamlNode value) {}
}
