package org.overpak.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.Judge;

/// Words are those of Python's shlex, which Fedora's tools use.
class ShellWordsIT {
  private static final String SPLIT =
      """
      import shlex, sys
      for text in open(sys.argv[1], encoding="utf-8", newline="").read().split("\\0"):
          try:
              words = ["<" + word + ">" for word in shlex.split(text, comments=True)]
          except ValueError:
              words = ["refused"]
          sys.stdout.buffer.write((" ".join(words) + "\\0").encode("utf-8"))
      """;

  /// What the syntax is made of, and letters: each often enough to meet every other.
  private static final String ALPHABET = "ab  \t\r\n''\"\"\\\\##=-$`é日";

  private static final String SUBJECT = "words of generated texts";

  @TempDir Path directory;

  @Test
  void wordsAreThoseOfShlex() throws IOException {
    List<String> texts = generate(20_000);
    Path file = directory.resolve("texts");
    Files.writeString(file, String.join("\0", texts));
    Judge python = Judge.of("python3");
    String[] answers = python.run("-c", SPLIT, file.toString()).text().split("\0", -1);
    var theirs = new TreeMap<String, String>();
    var ours = new TreeMap<String, String>();
    for (int i = 0; i < texts.size(); i++) {
      theirs.put(texts.get(i), answers[i]);
      ours.put(texts.get(i), split(texts.get(i)));
    }
    python.compare(SUBJECT, theirs, ours);

    ours.put("a\\ b", "<a> <b>");
    theirs.put("a\\ b", "<a b>");
    python.distinguishes("an escaped space taken for the end of a word", SUBJECT, theirs, ours);
  }

  private static List<String> generate(int count) {
    var random = new Random(20);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var text = new StringBuilder();
      for (int length = random.nextInt(24); length > 0; length--) {
        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      texts.add(text.toString());
    }
    return texts;
  }

  private static String split(String text) {
    try {
      return String.join(
          " ", ShellWords.split(text).words().stream().map(word -> "<" + word + ">").toList());
    } catch (IllegalArgumentException _) {
      return "refused";
    }
  }
}
