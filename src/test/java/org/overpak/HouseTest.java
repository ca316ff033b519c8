package org.overpak;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.overpak.testing.Project;

/// The walls of the house: which room is on which floor, what each may see, and where libraries
/// live. A rule that could not fail would be worth nothing, so each is also shown to fail.
final class HouseTest {
  private static final Map<String, Integer> FLOORS =
      Map.ofEntries(
          Map.entry("tree", 1),
          Map.entry("gvariant", 1),
          Map.entry("xml", 1),
          Map.entry("rpm", 2),
          Map.entry("oci", 2),
          Map.entry("flatpak", 2),
          Map.entry("sandbox", 2),
          Map.entry("ostree", 2),
          Map.entry("solve", 3),
          Map.entry("repo", 3),
          Map.entry("spec", 3),
          Map.entry("install", 4),
          Map.entry("build", 5),
          Map.entry("cli", 6));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.overpak");

  static Stream<Arguments> libraries() {
    return Stream.of(
        arguments("picocli..", Set.of("cli")),
        arguments("tools.jackson..", Set.of("oci", "cli")),
        arguments("org.snakeyaml..", Set.of("spec", "repo")),
        arguments("java.sql..", Set.of("rpm")),
        arguments("java.net.http..", Set.of("repo")),
        arguments("org.bouncycastle..", Set.of("repo")),
        arguments("com.ctc.wstx..", Set.of("xml")),
        arguments("com.github.weisj..", Set.of("flatpak")),
        arguments("java.awt..", Set.of("flatpak")),
        arguments("org.apache.commons.compress..", Set.of("oci", "rpm", "repo")),
        arguments("org.tukaani..", Set.of("rpm", "repo", "ostree")),
        arguments("com.github.luben..", Set.of("oci", "rpm", "repo")));
  }

  static Stream<String> rooms() {
    return FLOORS.keySet().stream().sorted();
  }

  private static String room(String name) {
    return "org.overpak." + name + "..";
  }

  private static String[] rooms(Stream<String> names) {
    return names.map(HouseTest::room).toArray(String[]::new);
  }

  @Test
  void everyRoomIsOnAFloor() throws IOException {
    try (Stream<Path> files =
        Files.list(Project.directory().resolve("src/main/java/org/overpak"))) {
      assertThat(
              files.filter(Files::isDirectory).map(directory -> directory.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(FLOORS.keySet());
    }
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aRoomSeesOnlyLowerFloors(String name) {
    assertHolds(seesOnlyLowerFloors(name, FLOORS));
  }

  @Test
  void floorsUpsideDownAreSeen() {
    Map<String, Integer> upsideDown = new HashMap<>(FLOORS);
    upsideDown.replaceAll((_, floor) -> -floor);
    assertFails(seesOnlyLowerFloors("rpm", upsideDown));
    assertFails(seesOnlyLowerFloors("install", upsideDown));
  }

  private static ArchRule seesOnlyLowerFloors(String name, Map<String, Integer> floors) {
    int floor = floors.getOrDefault(name, 0);
    String[] others =
        rooms(
            floors.entrySet().stream()
                .filter(other -> other.getValue() >= floor && !other.getKey().equals(name))
                .map(Map.Entry::getKey));
    return noClasses()
        .that()
        .resideInAPackage(room(name))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others);
  }

  @Test
  void roomsHaveNoCycles() {
    assertHolds(slices().matching("org.overpak.(*)..").should().beFreeOfCycles());
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aRoomSaysWhatLivesThere(String name) throws IOException {
    String text =
        Files.readString(
            Project.directory()
                .resolve("src/main/java/org/overpak/" + name + "/package-info.java"));
    assertThat(text).containsPattern("(?m)^@NullMarked\npackage org\\.overpak\\." + name + ";$");
    assertThat(
            text.lines().takeWhile(line -> line.startsWith("///")).mapToInt(String::length).sum())
        .as("a paragraph, not a title")
        .isGreaterThan(90);
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void aLibraryStaysInItsRooms(String library, Set<String> rooms) {
    assertHolds(onlyIn(rooms, library));
  }

  /// Also finds libraries that nobody uses any more, and rooms that do not need theirs.
  @ParameterizedTest
  @MethodSource("libraries")
  void aLibraryIsUsedInEachOfItsRooms(String library, Set<String> rooms) {
    for (String room : rooms) {
      Set<String> others = new TreeSet<>(rooms);
      others.remove(room);
      assertFails(onlyIn(others, library));
    }
  }

  private static ArchRule onlyIn(Set<String> rooms, String library) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(rooms(rooms.stream()))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  @Test
  void onlyCliPrints() {
    var prints =
        noClasses().that().resideOutsideOfPackage(room("cli")).should(ACCESS_STANDARD_STREAMS);
    assertHolds(prints);
    assertFails(noClasses().should(ACCESS_STANDARD_STREAMS));
  }

  @Test
  void filesArePaths() {
    assertHolds(noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.io.File"));
    assertFails(
        noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.nio.file.Path"));
  }

  @Test
  void noRoomForLeftovers() {
    assertHolds(noClassesNamed(List.of("Util", "Utils", "Helper", "Manager", "Impl", "Const")));
    assertFails(noClassesNamed(List.of("Reader")));
  }

  private static ArchRule noClassesNamed(List<String> words) {
    return noClasses()
        .should()
        .haveNameMatching(".*(" + String.join("|", words) + ")s?\\d*(\\$.*)?");
  }

  private static void assertHolds(ArchRule rule) {
    rule.check(CLASSES);
  }

  private static void assertFails(ArchRule rule) {
    assertThatThrownBy(() -> rule.check(CLASSES))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("was violated");
  }
}
