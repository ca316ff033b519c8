package org.overpak.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.DebianSource;
import org.overpak.testing.Judge;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Accounts that we make, and what systemd-sysusers makes of the same configuration and root.
class SysusersIT {
  private static final Judge SYSUSERS = Judge.of("systemd-sysusers");
  private static final long TIME = 1_700_000_000;

  @TempDir private Path scratch;

  /// The files of accounts as both make them in a root with FILES; a number tells cases apart.
  private void compare(String subject, Map<String, String> files) throws IOException {
    Path root = Files.createTempDirectory(scratch, "root");
    for (var file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    Files.createDirectories(root.resolve("etc"));
    FileTree before = FileTree.ofDirectory(root);
    Map<String, String> ours = accounts(Sysusers.of(before).applyTo(before, TIME));
    SYSUSERS.run(SYSUSERS.command("--root=" + root).with("SOURCE_DATE_EPOCH", Long.toString(TIME)));
    Map<String, String> theirs = accounts(FileTree.ofDirectory(root));
    assertThat(theirs).isNotEmpty();
    SYSUSERS.compare(subject, theirs, ours);
    ours.merge("group", "more:x:1:\n", String::concat);
    SYSUSERS.distinguishes("a group more", subject, theirs, ours);
  }

  private static Map<String, String> accounts(FileTree root) {
    Map<String, String> result = new LinkedHashMap<>();
    for (String name : List.of("passwd", "group", "shadow", "gshadow")) {
      var path = new TreePath("etc/" + name);
      root.get(path)
          .ifPresent(
              entry ->
                  result.put(
                      name,
                      Integer.toOctalString(entry.attributes().mode())
                          + "\n"
                          + TreeFiles.text(root, path)));
    }
    return result;
  }

  private static String optional(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /// systemd's own cases, by which it tests itself.
  @Test
  void systemdsOwnCases() throws IOException {
    Path cases = DebianSource.of("systemd", "test/test-sysusers");
    int count = 0;
    try (var inputs = Files.list(cases)) {
      for (Path input : inputs.filter(f -> f.toString().endsWith(".input")).sorted().toList()) {
        String name = String.valueOf(input.getFileName()).replace(".input", "");
        if (name.startsWith("test-")) {
          Map<String, String> files = new LinkedHashMap<>();
          files.put("usr/lib/sysusers.d/test.conf", Files.readString(input));
          for (String table : List.of("passwd", "group")) {
            String initial = optional(cases.resolve(name + ".initial-" + table));
            if (!initial.isEmpty()) {
              files.put("etc/" + table, initial);
            }
          }
          compare("systemd's case " + name, files);
          count++;
        }
      }
    }
    assertThat(count).isGreaterThan(12);
  }

  @Test
  void randomConfigurations() throws IOException {
    var random = new Random(11);
    String[] names = {"a", "b", "c", "d", "root", "wheel", "old"};
    String[] ids = {"-", "5", "6", "998", "999", "0", "1000", "-:a", "7:b", "/etc/passwd"};
    for (int round = 0; round < 25; round++) {
      var text = new StringBuilder();
      for (int i = 0; i < 6; i++) {
        String name = names[random.nextInt(names.length)];
        String id = ids[random.nextInt(ids.length)];
        text.append(
            switch (random.nextInt(5)) {
              case 0 -> "g " + name + " " + (id.contains(":") ? "-" : id);
              case 1 -> "m " + name + " " + names[random.nextInt(names.length)];
              case 2 -> "u " + name + " " + (id.contains(":") ? "-" : id) + " \"A B\" /home/x";
              case 3 -> "u " + name + " - - - /bin/sh";
              default -> "u " + name + " " + (id.contains(":") ? "-" : id);
            });
        text.append('\n');
      }
      // Groups that are named after a colon must be there.
      text.append("g a\ng b\nu e 300:a\nu f -:b\n");
      compare(
          "random configuration " + text,
          Map.of(
              "etc/sysusers.d/z.conf", text.toString(),
              "usr/lib/sysusers.d/z.conf", "u hidden\n",
              "usr/lib/sysusers.d/a.conf", round % 2 == 0 ? "r - 500-510\n" : "",
              "etc/passwd", "old:x:998:998:Old:/:/bin/sh\n+::::::\n",
              "etc/group", "old:x:998:zed\nbin:x:5:\n",
              "etc/gshadow", "old:*::zed\nbin:*::\n",
              "etc/login.defs", round % 3 == 0 ? "SYS_UID_MIN 200\nSYS_UID_MAX 400\n" : ""));
    }
  }
}
