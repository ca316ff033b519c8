package org.overpak.gvariant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.Digest;
import org.overpak.OverpakException;

class VariantTest {
  private static final String FILE_IDS =
      """
      hello.txt 44f778e59f0a4748d6b0c90a47347212a231c4ad1e8f7ea5c5dffc7749153a6b
      link f66efa496a72379413c44593de510dc344beb045294f1a543da87b2b6118db35
      run.sh 89b350d278ff59ba4780bc377b8ebfee8ade6b55c99fab1ec84e133bc6ea52c5
      zero cc700d46f407c6c5ab2d5dde474366a928b7398277e61162e7f8ec06f469f07e
      """;
  private static final String DIRECTORY =
      "446a0ef11b7cc167f3b603e585c7eeeeb675faa412d5ec73f62988eb0b6c5488";

  private static Variant bytes(String hex) {
    return new Variant.Bytes(HexFormat.of().parseHex(hex));
  }

  private static String label(Variant value) {
    return Base64.getEncoder().encodeToString(new Variant.Boxed(value).serialize());
  }

  @Test
  void labelsAreWhatFlatpakWrites() {
    assertThat(label(Variant.string(""))).isEqualTo("AABz");
    assertThat(label(Variant.strings(List.of("runtime/org.test.Platform/x86_64/1"))))
        .isEqualTo("cnVudGltZS9vcmcudGVzdC5QbGF0Zm9ybS94ODZfNjQvMQAjAGFz");
    assertThat(label(Variant.string("runtime/org.test.Platform/x86_64/1")))
        .isEqualTo("cnVudGltZS9vcmcudGVzdC5QbGF0Zm9ybS94ODZfNjQvMQAAcw==");
    assertThat(label(Variant.UInt64.bigEndian(2560))).isEqualTo("AAAAAAAACgAAdA==");
    assertThat(label(new Variant.Int32(1))).isEqualTo("AQAAAABp");
  }

  /// Ids that ostree gave to the same tree.
  @Test
  void dirtreeHasTheIdThatOstreeGivesIt() {
    List<Variant> files =
        FILE_IDS
            .lines()
            .map(line -> line.split(" "))
            .map(words -> Variant.tuple(Variant.string(words[0]), bytes(words[1])))
            .toList();
    List<Variant> directories =
        List.of(
            Variant.tuple(
                Variant.string("empty"),
                bytes("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
                bytes(DIRECTORY)),
            Variant.tuple(
                Variant.string("sub"),
                bytes("bd6b7485ecd2849b12047b8e2c120d2239f73d51e407f969f533c053266d224e"),
                bytes(DIRECTORY)));
    Variant tree =
        Variant.tuple(
            new Variant.Array(VariantType.parse("(say)"), files),
            new Variant.Array(VariantType.parse("(sayay)"), directories));

    byte[] serialized = tree.serialize();

    assertThat(serialized).hasSize(309);
    assertThat(Digest.sha256(serialized).hex())
        .isEqualTo("f87d3435ab9b7d4ea6b5d1b52a4476ec70ae7cb2cb82ac437a9ed2ac6e108c0e");
    assertThat(Variant.read("(a(say)a(sayay))", serialized)).isEqualTo(tree);
  }

  @Test
  void commitHasTheIdThatOstreeGivesIt() {
    var metadata =
        new TreeMap<>(Map.of("ostree.ref-binding", Variant.strings(List.of("test/one"))));
    Variant commit =
        Variant.tuple(
            Variant.dictionary(metadata),
            bytes(""),
            new Variant.Array(VariantType.parse("(say)"), List.of()),
            Variant.string("subj"),
            Variant.string("body text"),
            Variant.UInt64.bigEndian(1700000000),
            bytes("f87d3435ab9b7d4ea6b5d1b52a4476ec70ae7cb2cb82ac437a9ed2ac6e108c0e"),
            bytes(DIRECTORY));

    byte[] serialized = commit.serialize();

    assertThat(serialized).hasSize(134);
    assertThat(Digest.sha256(serialized).hex())
        .isEqualTo("20a90c9c2bcc43959614cd2d0fcc26c458c1c4598290e21642c9c890f4844616");
    assertThat(Variant.read("(a{sv}aya(say)sstayay)", serialized)).isEqualTo(commit);
  }

  @Test
  void integersKeepTheirByteOrderApart() {
    var size = (Variant.UInt64) Variant.read("t", Variant.UInt64.bigEndian(7).serialize());
    assertThat(size.swapped()).isEqualTo(7);
    assertThat(Variant.UInt32.bigEndian(040755).serialize()).containsExactly(0, 0, 0x41, 0xed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ss", "(s", "s)", "{sv}", "a{vs}", "a{sv", "a{s}", "q", "m"})
  void refusesWhatIsNoType(String signature) {
    assertThatThrownBy(() -> VariantType.parse(signature))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesTypesAndValuesNestedTooDeep() {
    assertThatThrownBy(() -> VariantType.parse("a".repeat(100_000) + "s"))
        .isInstanceOf(IllegalArgumentException.class);
    byte[] nested = ("\0" + "\0v".repeat(100_000)).getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Variant.read("v", nested)).isInstanceOf(OverpakException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "s, 61", // no NUL
    "s, 610062 00", // NUL inside
    "s, ff00",
    "s, ''",
    "b, 02",
    "t, 00000000",
    "ai, 0100000002",
    "as, 6100 05", // offset behind the end
    "as, 6100 6200 0402", // offsets go backwards
    "(st), 6100 000000000001 0200000000000000 02", // padding
    "(say), 6100 ff",
    "(yi), 01000000 020000",
    "(ys), 01",
    "v, 61",
    "v, 6100 00 71", // type q
    "v, 0000 00 74", // two bytes of a t
    "a{sv}, 00",
    "(ss), 6100 6200 05",
  })
  void refusesWhatIsNotInNormalForm(String signature, String hex) {
    byte[] malformed = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> Variant.read(signature, malformed))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining(" at byte ");
  }
}
