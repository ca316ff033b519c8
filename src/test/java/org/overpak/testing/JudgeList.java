package org.overpak.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The judges that a full run must hear, from `testing/judges`.
record JudgeList(List<Entry> entries) {

  record Entry(String program, String debianPackage, String versionOption) {}

  JudgeList {
    entries = List.copyOf(entries);
  }

  static JudgeList load() {
    return read(Project.directory().resolve("testing/judges"));
  }

  static JudgeList read(Path file) {
    var entries = new ArrayList<Entry>();
    try {
      for (String line : Files.readAllLines(file)) {
        String text = line.replaceFirst("#.*", "").strip();
        if (text.isEmpty()) {
          continue;
        }
        String[] words = text.split("\\s+");
        if (words.length != 3) {
          throw new IllegalArgumentException(file + ": not three words: " + line);
        }
        entries.add(new Entry(words[0], words[1], words[2]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new JudgeList(entries);
  }

  Entry find(String program) {
    return entries.stream()
        .filter(entry -> entry.program().equals(program))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(program + " is not listed in testing/judges"));
  }
}
