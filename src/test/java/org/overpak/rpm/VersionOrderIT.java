package org.overpak.rpm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.overpak.testing.Judge;

/// Random versions, compared by us and by the rpm that is installed.
class VersionOrderIT {
  private static final Judge RPM = Judge.of("rpm");

  /// Few kinds of pieces, so that two versions are often alike up to one rule.
  private static final String[] PIECES = {
    "1", "2", "10", "01", "a", "b", "rc", ".", "_", "+", "~", "^", "git", "0"
  };

  private static String version(Random random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  @Test
  void randomVersionsAreOrderedAsByRpm() {
    var random = new Random(20260101);
    List<String[]> pairs = new ArrayList<>();
    var program = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      String[] pair = {version(random), version(random)};
      pairs.add(pair);
      program.append("print(rpm.vercmp('%s','%s')..'\\n') ".formatted(pair[0], pair[1]));
    }
    List<String> verdicts =
        RPM.run("--eval", "%{lua: " + program + "}").lines().stream()
            .filter(line -> !line.isBlank())
            .toList();
    Map<String, String> theirs = new LinkedHashMap<>();
    Map<String, String> ours = new LinkedHashMap<>();
    Map<String, String> naive = new LinkedHashMap<>();
    for (int i = 0; i < pairs.size(); i++) {
      String[] pair = pairs.get(i);
      String key = pair[0] + " " + pair[1];
      theirs.put(key, verdicts.get(i).strip());
      ours.put(key, Integer.toString(Integer.signum(VersionOrder.compare(pair[0], pair[1]))));
      naive.put(key, Integer.toString(Integer.signum(pair[0].compareTo(pair[1]))));
    }
    RPM.compare("order of versions", theirs, ours);
    RPM.distinguishes("versions ordered as text", "order of versions", theirs, naive);
  }
}
