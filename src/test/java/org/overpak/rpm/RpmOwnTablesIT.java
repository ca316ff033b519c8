package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.overpak.testing.DebianSource;
import org.overpak.testing.Judge;

/// The tables with which rpm tests itself, from its source package.
class RpmOwnTablesIT {
  private static final Judge RPM = Judge.of("rpm");

  /// Also those that are there as comments: how rpm behaves, "arguably buggy".
  private static final Pattern VERSIONS =
      Pattern.compile("RPMVERCMP\\(([^,]+), ([^,]+), (-?[01])\\)");

  private static final Pattern PAIR =
      Pattern.compile("\\(\\(([^)]*)\\),\\s*\\(([^)]*)\\),\\s*([01])\\)");

  private static List<MatchResult> cases(String file, Pattern pattern) throws IOException {
    Path tests = DebianSource.of("rpm", "tests");
    return pattern.matcher(Files.readString(tests.resolve(file))).results().toList();
  }

  @Test
  void versionsAreOrderedAsInItsTable() throws IOException {
    Map<String, String> theirs = new LinkedHashMap<>();
    Map<String, String> ours = new LinkedHashMap<>();
    for (MatchResult each : cases("rpmvercmp.at", VERSIONS)) {
      String pair = each.group(1) + " " + each.group(2);
      theirs.put(pair, each.group(3));
      ours.put(
          pair,
          Integer.toString(Integer.signum(VersionOrder.compare(each.group(1), each.group(2)))));
    }
    assertThat(ours).hasSizeGreaterThan(85);
    RPM.compare("its own table of versions", theirs, ours);

    ours.put("1.0~rc1 1.0", "1");
    RPM.distinguishes("a tilde that does nothing", "its own table of versions", theirs, ours);
  }

  @Test
  void dependenciesMatchAsInItsTable() throws IOException {
    Map<String, String> theirs = new LinkedHashMap<>();
    Map<String, String> ours = new LinkedHashMap<>();
    for (MatchResult each : cases("rpmdepmatch.at", PAIR)) {
      String pair = each.group(1) + " for " + each.group(2);
      theirs.put(pair, each.group(3));
      boolean matches = dependency(each.group(2)).satisfiedBy(dependency(each.group(1)));
      ours.put(pair, matches ? "1" : "0");
    }
    assertThat(ours).hasSizeGreaterThan(150);
    RPM.compare("its own table of dependencies", theirs, ours);
  }

  /// From `'a', '>=', '1.2'`, by way of a header, whose flags know all operators.
  private static Dependency.Simple dependency(String tuple) {
    List<String> words = new ArrayList<>();
    Pattern.compile("'([^']*)'").matcher(tuple).results().forEach(w -> words.add(w.group(1)));
    String operator = words.size() > 1 ? words.get(1) : "";
    int flags =
        (operator.contains("<") ? 2 : 0)
            | (operator.contains(">") ? 4 : 0)
            | (operator.contains("=") ? 8 : 0);
    Header header =
        HeaderBuilder.ofPackage("x")
            .strings(Tag.PROVIDENAME, words.getFirst())
            .int32(Tag.PROVIDEFLAGS, flags)
            .strings(Tag.PROVIDEVERSION, words.size() > 2 ? words.get(2) : "")
            .parse();
    return (Dependency.Simple) DependencyTags.PROVIDES.readPlain(header).getFirst();
  }
}
