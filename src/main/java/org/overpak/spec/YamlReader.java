package org.overpak.spec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads one YAML document into nodes with positions.
///
/// Read from the parser's events instead of through Jackson: its tokens tell neither whether a
/// scalar was quoted nor where a syntax error is. Tags, merge keys, keys that are not scalars and
/// further documents are refused, since no spec needs them; aliases are resolved, within a limit on
/// what they expand to.
final class YamlReader {
  /// The largest spec of Fedora, a runtime's list of a thousand packages, is below 50 kB.
  static final int LARGEST = 1 << 20;

  private static final int DEEPEST = 32;

  /// Nodes after expanding aliases; a file of LARGEST bytes without aliases stays below it.
  private static final int MOST_NODES = LARGEST;

  private final String file;
  private final SpecProblems problems;
  private final Iterator<Event> events;
  private final Map<Anchor, YamlNode> anchors = new HashMap<>();

  private YamlReader(String file, String text, SpecProblems problems) {
    this.file = file;
    this.problems = problems;
    this.events =
        new Parse(LoadSettings.builder().setCodePointLimit(LARGEST).build())
            .parseString(text)
            .iterator();
  }

  /// The document in BYTES, or nothing if there is none. What can be passed over (a duplicate key,
  /// a tag) goes to PROBLEMS.
  ///
  /// @throws OverpakException (SPEC) where the syntax or a limit ends the reading
  static Optional<YamlNode> read(String file, byte[] bytes, SpecProblems problems) {
    if (bytes.length > LARGEST) {
      throw new OverpakException(
          ExitCode.SPEC,
          file + ": has " + bytes.length + " bytes, more than the " + LARGEST + " of any spec",
          "check that this is the right file");
    }
    try {
      return new YamlReader(file, decode(file, bytes), problems).document();
    } catch (MarkedYamlEngineException e) {
      SpecPosition where = position(file, e.getProblemMark().or(e::getContextMark).orElse(null));
      String context = e.getContext() == null ? "" : " " + e.getContext();
      throw new OverpakException(
          ExitCode.SPEC,
          where + ": not YAML: " + oneLine(e.getProblem() + context),
          "correct the syntax; most often it is an indentation, a quote or a ':'",
          e);
    } catch (ReaderException e) {
      throw new OverpakException(
          ExitCode.SPEC,
          "%s: not YAML: the character U+%04X at offset %d is not allowed"
              .formatted(file, e.getCodePoint(), e.getPosition()),
          "remove it, or write it as an escape in double quotes",
          e);
    } catch (YamlEngineException e) {
      throw new OverpakException(
          ExitCode.SPEC, file + ": not YAML: " + oneLine(e.getMessage()), "", e);
    }
  }

  private static String decode(String file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new OverpakException(
          ExitCode.SPEC, file + ": is not UTF-8 text", "save it as UTF-8", e);
    }
  }

  private Optional<YamlNode> document() {
    events.next(); // the start of the stream
    if (!(events.next() instanceof DocumentStartEvent)) {
      return Optional.empty();
    }
    YamlNode root = node(events.next(), 0);
    events.next(); // the end of the document
    if (events.next() instanceof DocumentStartEvent second) {
      problems.add(
          position(second), "a second YAML document", "keep one; a spec is a single document");
    }
    return Optional.of(root);
  }

  private YamlNode node(Event event, int depth) {
    if (event instanceof AliasEvent alias) {
      return alias(alias);
    }
    if (depth > DEEPEST) {
      throw new OverpakException(
          ExitCode.SPEC,
          position(event) + ": nested deeper than " + DEEPEST + " levels",
          "check that this is the right file");
    }
    YamlNode node =
        switch (event) {
          case ScalarEvent scalar -> {
            refuseTag(scalar, scalar.getTag());
            yield new YamlNode.Scalar(position(scalar), scalar.getValue(), scalar.isPlain());
          }
          case SequenceStartEvent start -> sequence(start, depth);
          case MappingStartEvent start -> mapping(start, depth);
          default -> throw new IllegalStateException("not the start of a node: " + event);
        };
    if (event instanceof NodeEvent anchored) {
      anchored.getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
    }
    return node;
  }

  /// An anchor is known only once its node is complete, so that a node cannot hold itself.
  private YamlNode alias(AliasEvent alias) {
    YamlNode node = anchors.get(alias.getAlias());
    if (node == null) {
      throw new OverpakException(
          ExitCode.SPEC,
          position(alias) + ": no anchor '&" + alias.getAlias().getValue() + "' before this alias",
          "define the anchor first, or quote a value that begins with '*'");
    }
    return node;
  }

  private YamlNode sequence(SequenceStartEvent start, int depth) {
    refuseTag(start, start.getTag());
    List<YamlNode> items = new ArrayList<>();
    int weight = 1;
    for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
      YamlNode item = node(event, depth + 1);
      weight = add(weight, item, event);
      items.add(item);
    }
    return new YamlNode.Sequence(position(start), items, weight);
  }

  private YamlNode mapping(MappingStartEvent start, int depth) {
    refuseTag(start, start.getTag());
    Map<String, YamlNode.Pair> pairs = new LinkedHashMap<>();
    int weight = 1;
    for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
      YamlNode key = node(event, depth + 1);
      YamlNode value = node(events.next(), depth + 1);
      weight = add(weight + 1, value, event);
      if (!(key instanceof YamlNode.Scalar name)) {
        problems.add(position(event), "a key must be a word, not " + key.describe(), "");
        continue;
      }
      var former = pairs.putIfAbsent(name.text(), new YamlNode.Pair(name, value));
      if (former != null) {
        problems.add(
            position(event),
            "duplicate key '" + name.text() + "'",
            "it is given at line " + former.key().position().line() + " already; keep one");
      }
    }
    return new YamlNode.Mapping(position(start), List.copyOf(pairs.values()), weight);
  }

  private int add(int weight, YamlNode child, Event where) {
    if (weight + child.weight() > MOST_NODES) {
      throw new OverpakException(
          ExitCode.SPEC,
          position(where) + ": aliases expand to more than " + MOST_NODES + " values",
          "write out what is needed instead of nesting aliases");
    }
    return weight + child.weight();
  }

  private void refuseTag(Event event, Optional<String> tag) {
    tag.ifPresent(
        name ->
            problems.add(
                position(event),
                "the tag '" + name + "' is not allowed",
                "remove it; quote a value that begins with '!'"));
  }

  private SpecPosition position(Event event) {
    return position(file, event.getStartMark().orElse(null));
  }

  private static SpecPosition position(String file, @Nullable Mark mark) {
    return mark == null
        ? new SpecPosition(file, 1, 1)
        : new SpecPosition(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static String oneLine(@Nullable String message) {
    return message == null ? "" : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
