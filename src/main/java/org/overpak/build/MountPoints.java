package org.overpak.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.TreePath;

/// What is mounted in a directory, as this process sees it (proc_pid_mountinfo(5)).
final class MountPoints {
  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

  /// Of the fields of a line, the one that says where.
  private static final int WHERE = 4;

  /// How the kernel writes space, tab, newline and backslash.
  private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

  private MountPoints() {}

  /// The mount points in DIRECTORY, itself left out, as seen from there.
  static Set<TreePath> in(Path directory) {
    try {
      return of(Files.readAllLines(MOUNTINFO, StandardCharsets.UTF_8), directory.toRealPath());
    } catch (NoSuchFileException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          e.getFile() + " does not exist",
          "Check the name of the directory; /proc must be mounted.",
          e);
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "what is mounted in " + directory + " cannot be known: " + e.getMessage(),
          "Mount /proc.",
          e);
    }
  }

  static Set<TreePath> of(List<String> lines, Path directory) {
    return lines.stream()
        .map(line -> line.split(" ", -1))
        .filter(fields -> fields.length > WHERE)
        .map(fields -> Path.of(unescape(fields[WHERE])))
        .filter(mounted -> mounted.startsWith(directory) && !mounted.equals(directory))
        .map(mounted -> TreePath.parse(directory.relativize(mounted).toString()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String unescape(String text) {
    return ESCAPED
        .matcher(text)
        .replaceAll(
            (MatchResult escaped) ->
                java.util.regex.Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(escaped.group(1), 8))));
  }
}
