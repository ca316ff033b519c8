package org.overpak.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.overpak.testing.Judge;

/// The samples are read as PyYAML reads them: structure, text, places, and which scalars are
/// booleans or nothing.
class YamlReaderIT {
  private static final String COMPOSE =
      """
      import sys, yaml
      def walk(path, node):
          mark = "%d:%d" % (node.start_mark.line + 1, node.start_mark.column + 1)
          if isinstance(node, yaml.ScalarNode):
              tag = node.tag.rpartition(":")[2]
              if tag == "bool":
                  tag = "true" if yaml.SafeLoader.bool_values[node.value.lower()] else "false"
              elif tag != "null":
                  tag = "text"
              print(path, mark, tag, node.value.encode("unicode_escape").decode(), sep="\\t")
          elif isinstance(node, yaml.SequenceNode):
              print(path, mark, "list", len(node.value), sep="\\t")
              for i, item in enumerate(node.value):
                  walk("%s/%d" % (path, i), item)
          else:
              print(path, mark, "mapping", len(node.value), sep="\\t")
              for key, value in node.value:
                  walk(path + "/" + key.value, value)
      for file in sys.argv[1:]:
          with open(file, encoding="utf-8") as stream:
              walk(file, yaml.compose(stream, Loader=yaml.SafeLoader))
      """;

  private static final String SUBJECT = "nodes of the sample specs";

  @Test
  void samplesAreReadAsByPyYaml() throws IOException {
    Judge python = Judge.of("python3");
    List<String> arguments = new ArrayList<>(List.of("-c", COMPOSE));
    SpecSamples.all().forEach(file -> arguments.add(file.toString()));
    var theirs = new TreeMap<String, String>();
    for (String line : python.run(arguments).lines()) {
      String[] parts = line.split("\t", 2);
      theirs.put(parts[0], parts[1]);
    }
    var ours = new TreeMap<String, String>();
    for (Path file : SpecSamples.all()) {
      var root = YamlReader.read("", Files.readAllBytes(file), new SpecProblems()).orElseThrow();
      walk(file.toString(), root, ours);
    }
    python.compare(SUBJECT, theirs, ours);

    ours.replaceAll((_, value) -> value.replace("\ttext\t1.10", "\ttext\t1.1"));
    python.distinguishes("a version read as a number", SUBJECT, theirs, ours);
  }

  @Test
  void bothRefuseWhatIsNotYaml() {
    Judge.of("python3")
        .rejects("a quotation that is not closed", "-c", "import yaml; yaml.compose('a: \"b')");
  }

  private static void walk(String path, YamlNode node, Map<String, String> result) {
    String mark = node.position().line() + ":" + node.position().column();
    switch (node) {
      case YamlNode.Scalar scalar ->
          result.put(path, mark + "\t" + type(scalar) + "\t" + escaped(scalar.text()));
      case YamlNode.Sequence sequence -> {
        result.put(path, mark + "\tlist\t" + sequence.items().size());
        for (int i = 0; i < sequence.items().size(); i++) {
          walk(path + "/" + i, sequence.items().get(i), result);
        }
      }
      case YamlNode.Mapping mapping -> {
        result.put(path, mark + "\tmapping\t" + mapping.pairs().size());
        mapping.pairs().forEach(pair -> walk(path + "/" + pair.key().text(), pair.value(), result));
      }
    }
  }

  private static String type(YamlNode.Scalar scalar) {
    if (scalar.isNull()) {
      return "null";
    }
    return scalar.isTrue() ? "true" : scalar.isFalse() ? "false" : "text";
  }

  /// As Python's codec `unicode_escape`.
  private static String escaped(String text) {
    var result = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\\' -> result.append("\\\\");
                case '\n' -> result.append("\\n");
                case '\t' -> result.append("\\t");
                default -> {
                  if (c < 0x7f) {
                    result.appendCodePoint(c);
                  } else {
                    result.append(
                        c < 0x100
                            ? "\\x%02x".formatted(c)
                            : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
                  }
                }
              }
            });
    return result.toString();
  }
}
