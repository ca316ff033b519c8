package org.overpak.repo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Dependency.Operator;
import org.overpak.rpm.Dependency.Simple;
import org.overpak.rpm.Evr;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;
import org.overpak.rpm.Relations;

class PackageTableTest {
  private static final List<PackageMetadata> PACKAGES =
      List.of(
          packageOf("a", true, true, "/usr/bin/a", "/usr/share/ä"),
          packageOf("b", false, true),
          packageOf("a-devel", true, false));

  private static PackageMetadata packageOf(
      String name, boolean provides, boolean requires, String... files) {
    List<Dependency> provided =
        provides
            ? List.of(
                Dependency.named("cap(" + name + ")"),
                new Simple("b", Operator.NOT_EQUAL, new Evr(1, "2", "3")),
                new Simple("b", Operator.EQUAL, new Evr(0, "2", "")))
            : List.of();
    List<Dependency> required =
        requires ? List.of(Dependency.parse("(d or e >= 2)"), Dependency.named("c")) : List.of();
    return new PackageMetadata(
        new Nevra(name, new Evr(name.length() - 1, "1.0", "1"), "x86_64"),
        name + ".src.rpm",
        new Relations(
            provided,
            required,
            List.of(Dependency.named("x")),
            List.of(new Simple("old", Operator.LESS, new Evr(0, "1", ""))),
            List.of(),
            List.of(),
            List.of(Dependency.named("y")),
            List.of()),
        List.of(files),
        1L << 40);
  }

  private static PackageTable table(ByteBuffer bytes) {
    return PackageTable.of(bytes, "repository").orElseThrow();
  }

  @Test
  void keepsAllThatResolvingNeeds() {
    PackageTable table = table(MetadataTable.of(PACKAGES));
    assertThat(IntStream.range(0, table.size()).mapToObj(table::metadata))
        .containsExactlyElementsOf(PACKAGES);
  }

  @Test
  void findsWhatAListFinds() {
    PackageTable table = table(MetadataTable.of(PACKAGES));
    PackageIndex list = PackageIndex.of(PACKAGES);
    for (String name : List.of("a", "b", "a-devel", "cap(a)", "old", "x", "none", "")) {
      assertThat(table.named(name)).isEqualTo(list.named(name));
      assertThat(table.obsoleting(name)).isEqualTo(list.obsoleting(name));
      for (String version : List.of("", " = 1:2-3", " < 2", " >= 2", " = 1.0-1")) {
        var wanted = (Simple) Dependency.parse((name.isEmpty() ? "empty" : name) + version);
        assertThat(table.providing(wanted)).as(wanted.toString()).isEqualTo(list.providing(wanted));
      }
    }
    for (String path : List.of("/usr/bin/a", "/usr/share/ä", "/usr")) {
      assertThat(table.owning(path)).isEqualTo(list.owning(path));
    }
    assertThat(table.supplementing()).isEqualTo(list.supplementing());
  }

  @Test
  void isNotTakenWhereAnyByteIsDamaged() {
    byte[] bytes = new byte[MetadataTable.of(PACKAGES).limit()];
    MetadataTable.of(PACKAGES).get(bytes);
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x10;
      assertThat(PackageTable.of(ByteBuffer.wrap(damaged), "repository"))
          .as("byte %d", at)
          .isEmpty();
    }
    assertThat(PackageTable.of(ByteBuffer.wrap(bytes, 0, bytes.length - 1).slice(), "r")).isEmpty();
    assertThat(PackageTable.of(ByteBuffer.allocate(0), "r")).isEmpty();
    assertThat(PackageTable.of(ByteBuffer.wrap(bytes), "r")).isPresent();
  }
}
