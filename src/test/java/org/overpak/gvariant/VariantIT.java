package org.overpak.gvariant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.OverpakException;
import org.overpak.testing.Judge;

/// GVariant against GLib: random values, the same in every run, are given to `ostree commit` as
/// text, which GLib parses and serialises into the commit.
class VariantIT {
  private static final int VALUES = 300;
  private static final String COMMIT = "(a{sv}aya(say)sstayay)";

  private final Judge ostree = Judge.of("ostree");
  private final Random random = new Random(1729);
  @TempDir Path directory;

  @Test
  void valuesHaveTheBytesThatGlibGivesThem() throws IOException {
    List<Variant> values = IntStream.range(0, VALUES).mapToObj(_ -> value(type(3))).toList();

    byte[] commit = commitWith(values);
    Variant read = Variant.read(COMMIT, commit);

    Map<String, String> theirs = new TreeMap<>();
    var metadata = (Variant.Array) ((Variant.Tuple) read).members().getFirst();
    for (Variant entry : metadata.values()) {
      var pair = (Variant.DictEntry) entry;
      theirs.put(((Variant.Text) pair.key()).value(), pair.value().toString());
    }
    theirs.remove("ostree.ref-binding");
    Map<String, String> ours = new TreeMap<>();
    for (int i = 0; i < VALUES; i++) {
      ours.put(key(i), new Variant.Boxed(values.get(i)).toString());
    }
    ostree.compare("values read", theirs, ours);
    ours.put(key(7), "another");
    ostree.distinguishes("a wrong value", "values read", theirs, ours);
    Map<String, String> written = Map.of("commit", hex(read.serialize()));
    ostree.compare("values written", Map.of("commit", hex(commit)), written);
  }

  @Test
  void damageIsFoundOrReadAsAnotherValueThatIsWrittenTheSame() throws IOException {
    byte[] commit = commitWith(IntStream.range(0, 20).mapToObj(_ -> value(type(3))).toList());
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = commit.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      try {
        assertThat(Variant.read(COMMIT, damaged).serialize()).isEqualTo(damaged);
      } catch (OverpakException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(300);
  }

  private byte[] commitWith(List<Variant> values) throws IOException {
    Path repository = directory.resolve("repo");
    Path tree = Files.createDirectories(directory.resolve("tree"));
    ostree.run("init", "--mode=archive", "--repo=" + repository);
    List<String> line = new ArrayList<>(List.of("commit", "--repo=" + repository, "--branch=x"));
    for (int i = 0; i < values.size(); i++) {
      line.add("--add-metadata=" + key(i) + "=" + text(values.get(i)));
    }
    line.add(tree.toString());
    String id = ostree.run(line).text().strip();
    return Files.readAllBytes(
        repository
            .resolve("objects")
            .resolve(id.substring(0, 2))
            .resolve(id.substring(2) + ".commit"));
  }

  private static String key(int i) {
    return "key%03d".formatted(i);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private VariantType type(int depth) {
    VariantType.Basic[] basics = VariantType.Basic.values();
    int choice = random.nextInt(depth == 0 ? 4 : 10);
    return switch (choice) {
      case 4, 5, 6 -> new VariantType.ArrayOf(type(depth - 1));
      case 7, 8 ->
          new VariantType.TupleOf(
              IntStream.range(0, random.nextInt(5)).mapToObj(_ -> type(depth - 1)).toList());
      case 9 ->
          new VariantType.ArrayOf(
              new VariantType.EntryOf(
                  random.nextBoolean() ? VariantType.Basic.STRING : VariantType.Basic.INT32,
                  type(depth - 1)));
      default -> {
        VariantType.Basic basic = basics[random.nextInt(basics.length)];
        boolean tooDeep = basic == VariantType.Basic.VARIANT && depth == 0;
        yield tooDeep ? VariantType.Basic.STRING : basic;
      }
    };
  }

  private Variant value(VariantType type) {
    return switch (type) {
      case VariantType.Basic basic ->
          switch (basic) {
            case BYTE -> new Variant.UInt8((byte) random.nextInt());
            case BOOLEAN -> new Variant.Bool(random.nextBoolean());
            case INT32 -> new Variant.Int32(random.nextInt());
            case UINT32 -> new Variant.UInt32(random.nextInt());
            case UINT64 -> new Variant.UInt64(random.nextLong());
            case STRING -> Variant.string(string());
            case VARIANT -> new Variant.Boxed(value(type(1)));
          };
      case VariantType.ArrayOf array -> array(array);
      case VariantType.TupleOf tuple ->
          new Variant.Tuple(tuple.members().stream().map(this::value).toList());
      case VariantType.EntryOf entry ->
          new Variant.DictEntry(value(entry.key()), value(entry.value()));
    };
  }

  /// Some so long that offsets need two bytes.
  private Variant array(VariantType.ArrayOf type) {
    boolean isLong = type.element() instanceof VariantType.Basic && random.nextInt(5) == 0;
    int size = random.nextInt(isLong ? 200 : 5);
    if (type.element() == VariantType.Basic.BYTE) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      return new Variant.Bytes(bytes);
    }
    return new Variant.Array(
        type.element(), IntStream.range(0, size).mapToObj(_ -> value(type.element())).toList());
  }

  private String string() {
    String alphabet = "abc'\"\\ \u00e9\u20ac{}<>";
    return random
        .ints(random.nextInt(random.nextInt(20) == 0 ? 300 : 12), 0, alphabet.length())
        .mapToObj(i -> alphabet.substring(i, i + 1))
        .collect(Collectors.joining());
  }

  /// In GLib's text format, the type first.
  private static String text(Variant value) {
    return "@" + value.type().signature() + " " + body(value);
  }

  private static String body(Variant variant) {
    return switch (variant) {
      case Variant.UInt8(byte value) -> Integer.toString(value & 0xff);
      case Variant.Bool(boolean value) -> Boolean.toString(value);
      case Variant.Int32(int value) -> Integer.toString(value);
      case Variant.UInt32(int value) -> Integer.toUnsignedString(value);
      case Variant.UInt64(long value) -> Long.toUnsignedString(value);
      case Variant.Text(String value) ->
          "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
      case Variant.Bytes bytes ->
          HexFormat.ofDelimiter(", ")
              .withPrefix("0x")
              .formatHex(bytes.value())
              .transform(list -> "[" + list + "]");
      case Variant.Boxed(Variant value) -> "<" + text(value) + ">";
      case Variant.Array array -> "[" + bodies(array.values()) + "]";
      case Variant.Tuple tuple ->
          "(" + bodies(tuple.members()) + (tuple.members().size() == 1 ? ",)" : ")");
      case Variant.DictEntry entry -> "{" + body(entry.key()) + ", " + body(entry.value()) + "}";
    };
  }

  private static String bodies(List<Variant> values) {
    return values.stream().map(VariantIT::body).collect(Collectors.joining(", "));
  }
}
