package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.Judge;

/// What is read from headers, and what `rpm -q` says of the same packages.
class PackageHeaderIT {
  private static final Judge RPM = Judge.of("rpm");

  /// Between the values that one query prints; in no header.
  private static final String MARK = "\n@@@@@\n";

  private static List<Path> packages = List.of();

  @BeforeAll
  static void build(@TempDir Path directory) {
    packages =
        Stream.concat(
                DistroPackages.of("").stream(),
                Stream.of(RpmBuild.build(directory, RpmBuild.MOTLEY)))
            .toList();
  }

  /// What rpm says of each package: one value for each of FORMATS.
  private static Map<Path, List<String>> query(List<String> formats) {
    List<String> line = new ArrayList<>(List.of("-qp", "--nosignature", "--nodigest", "--qf"));
    line.add(String.join(MARK, formats) + MARK);
    packages.forEach(file -> line.add(file.toString()));
    String[] values = RPM.run(line).text().split(MARK, -1);
    assertThat(values).hasSize(packages.size() * formats.size() + 1);
    Map<Path, List<String>> result = new LinkedHashMap<>();
    for (int i = 0; i < packages.size(); i++) {
      result.put(
          packages.get(i), List.of(values).subList(i * formats.size(), (i + 1) * formats.size()));
    }
    return result;
  }

  /// rpm 4.18's older name of a tag.
  private static String oldName(Tag tag) {
    return tag.name().replace("PAYLOADSHA256", "PAYLOADDIGEST");
  }

  @Test
  void everyTagIsWhatRpmSays() {
    Set<String> known = new HashSet<>(RPM.run("--querytags").lines());
    List<Tag> tags = Arrays.stream(Tag.values()).filter(t -> known.contains(oldName(t))).toList();
    assertThat(tags).hasSizeGreaterThan(130);
    Map<String, String> theirs = new LinkedHashMap<>();
    Map<String, String> ours = new LinkedHashMap<>();
    query(tags.stream().map(tag -> "[%{" + oldName(tag) + "}\n]").toList())
        .forEach(
            (file, values) -> {
              Header header = PackageFile.open(file).header().header();
              for (int i = 0; i < values.size(); i++) {
                if (isOfThePackage(tags.get(i), header)) {
                  String key = file.getFileName() + " " + tags.get(i);
                  theirs.put(key, values.get(i));
                  ours.put(key, text(header, tags.get(i)));
                }
              }
            });
    RPM.compare("tags of packages", theirs, ours);

    String key = ours.keySet().iterator().next();
    ours.merge(key, "x", String::concat);
    RPM.distinguishes("a longer name", "tags of packages", theirs, ours);
  }

  /// rpm merges the signature header in, and computes sizes of 64 bits where there are none.
  private static boolean isOfThePackage(Tag tag, Header header) {
    return switch (tag) {
      case ARCHIVESIZE -> false;
      case LONGSIZE, LONGFILESIZES -> header.has(tag);
      default -> tag.number() >= 1000;
    };
  }

  private static String text(Header header, Tag tag) {
    if (!header.has(tag)) {
      return "";
    }
    return switch (tag.type()) {
      case STRING, STRING_ARRAY, I18NSTRING ->
          header.strings(tag).stream().map(s -> s + "\n").collect(Collectors.joining());
      case BIN -> HexFormat.of().formatHex(header.bytes(tag)) + "\n";
      case CHAR, INT8, INT16, INT32, INT64 ->
          Arrays.stream(header.numbers(tag)).mapToObj(n -> n + "\n").collect(Collectors.joining());
    };
  }

  private static String lines(List<?> values) {
    return values.stream().map(value -> value + "\n").collect(Collectors.joining());
  }

  @Test
  void dependenciesPrintAsRpmPrintsThem() {
    compare(
        "dependencies",
        List.of(
            "[%{REQUIRENEVRS}\n]",
            "[%{PROVIDENEVRS}\n]",
            "[%{CONFLICTNEVRS}\n]",
            "[%{OBSOLETENEVRS}\n]",
            "[%{RECOMMENDNEVRS}\n]",
            "[%{SUGGESTNEVRS}\n]",
            "[%{SUPPLEMENTNEVRS}\n]",
            "[%{ENHANCENEVRS}\n]",
            "[%{ORDERNAME}\n]"),
        header -> {
          Relations relations = header.metadata().relations();
          return List.of(
              lines(header.requirements().stream().map(Requirement::dependency).toList()),
              lines(relations.provides()),
              lines(relations.conflicts()),
              lines(relations.obsoletes()),
              lines(relations.recommends()),
              lines(relations.suggests()),
              lines(relations.supplements()),
              lines(relations.enhances()),
              lines(header.orderings().stream().map(Requirement::dependency).toList()));
        },
        // "0:" is the same as no epoch, and is printed only where somebody wrote it.
        text -> text.replaceAll("(?<=[<>=] )0:", ""));
  }

  @Test
  void filesAreWhatRpmSays() {
    compare(
        "files",
        List.of(
            "[%{FILENAMES}|%{FILEMODES:octal}|%{FILEUSERNAME}|%{FILEGROUPNAME}|%{LONGFILESIZES}|"
                + "%{FILEMTIMES}|%{FILEDIGESTS}|%{FILELINKTOS}|%{FILEFLAGS}|%{FILEVERIFYFLAGS}|"
                + "%{FILERDEVS}|%{FILELANGS}\n]",
            "[%{FILENAMES}|%{FILEFLAGS:fflags}\n]", "[%{FILECAPS}\n]", "%{LONGSIZE}"),
        header ->
            List.of(
                header.files().stream()
                    .map(PackageHeaderIT::describe)
                    .collect(Collectors.joining()),
                header.files().stream()
                    .map(file -> file.path() + "|" + flags(file) + "\n")
                    .collect(Collectors.joining()),
                header.header().has(Tag.FILECAPS)
                    ? lines(header.files().stream().map(FileInfo::capabilities).toList())
                    : "",
                Long.toString(header.installedSize())),
        Function.identity());
  }

  private static String describe(FileInfo file) {
    return Stream.of(
                file.path(),
                Integer.toOctalString(file.mode()),
                file.user(),
                file.group(),
                file.size(),
                file.modified(),
                file.digest().map(digest -> digest.hex()).orElse(""),
                file.linkTarget(),
                file.flags(),
                Integer.toUnsignedString(file.verifyFlags()),
                file.device(),
                file.languages())
            .map(Object::toString)
            .collect(Collectors.joining("|"))
        + "\n";
  }

  private static String flags(FileInfo file) {
    return (file.isDoc() ? "d" : "")
        + (file.isConfig() ? "c" : "")
        + (file.isMissingOk() ? "m" : "")
        + (file.isNoReplace() ? "n" : "")
        + (file.isGhost() ? "g" : "")
        + (file.isLicense() ? "l" : "")
        + (file.isArtifact() ? "a" : "");
  }

  @Test
  void triggersAreWhatRpmSays() {
    compare(
        "triggers",
        List.of(
            "[%{TRIGGERTYPE} %{TRIGGERCONDS}\n]",
            "[%{FILETRIGGERTYPE} %{FILETRIGGERCONDS}\n]",
            "[%{TRANSFILETRIGGERTYPE} %{TRANSFILETRIGGERCONDS}\n]",
            "[%{FILETRIGGERPRIORITIES} ]",
            "[%{TRANSFILETRIGGERPRIORITIES} ]"),
        header ->
            List.of(
                header.triggers().stream()
                    .map(
                        t ->
                            word(t.kind())
                                + " "
                                + joined(
                                    t.conditions().stream()
                                        .map(Trigger.Condition::dependency)
                                        .toList())
                                + "\n")
                    .collect(Collectors.joining()),
                fileTriggers(header, FileTrigger.Scope.PACKAGE),
                fileTriggers(header, FileTrigger.Scope.TRANSACTION),
                priorities(header, FileTrigger.Scope.PACKAGE),
                priorities(header, FileTrigger.Scope.TRANSACTION)),
        Function.identity());
  }

  private static String word(Trigger.Kind kind) {
    return switch (kind) {
      case PREIN -> "prein";
      case IN -> "in";
      case UN -> "un";
      case POSTUN -> "postun";
    };
  }

  private static String joined(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static Stream<FileTrigger> ofScope(PackageHeader header, FileTrigger.Scope scope) {
    return header.fileTriggers().stream().filter(trigger -> trigger.scope() == scope);
  }

  private static String fileTriggers(PackageHeader header, FileTrigger.Scope scope) {
    return ofScope(header, scope)
        .map(t -> word(t.kind()) + " " + joined(t.prefixes()) + "\n")
        .collect(Collectors.joining());
  }

  private static String priorities(PackageHeader header, FileTrigger.Scope scope) {
    return ofScope(header, scope).map(t -> t.priority() + " ").collect(Collectors.joining());
  }

  private static void compare(
      String subject,
      List<String> formats,
      Function<PackageHeader, List<String>> reader,
      Function<String, String> normalised) {
    Map<String, String> theirs = new LinkedHashMap<>();
    Map<String, String> ours = new LinkedHashMap<>();
    query(formats)
        .forEach(
            (file, values) -> {
              List<String> own = reader.apply(PackageFile.open(file).header());
              for (int i = 0; i < values.size(); i++) {
                String key = file.getFileName() + " " + formats.get(i);
                theirs.put(key, normalised.apply(values.get(i)));
                ours.put(key, normalised.apply(own.get(i)));
              }
            });
    RPM.compare(subject, theirs, ours);
  }
}
