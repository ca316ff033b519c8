package org.overpak.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.NearestName;
import org.overpak.OverpakException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// How a failure is shown to people: the only place that does.
///
/// What a person can mend is one paragraph and an advice; anything else is a bug, and shows what
/// its report needs.
///
/// @param interrupted whether the process was told to end: what fails then is no news
record ErrorRendering(Console console, BooleanSupplier interrupted) {

  /// What the kernel says where a file system is the reason; `strerror` in the C locale.
  private static final List<String> FILE_SYSTEM_REASONS =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "Read-only file system",
          "Input/output error",
          "File too large",
          "Too many open files");

  /// Shows FAILURE and says what the run ends with.
  ExitCode show(Throwable failure) {
    if (interrupted.getAsBoolean()) {
      return ExitCode.INTERRUPTED;
    }
    Throwable reason = unwrap(failure);
    OverpakException forPeople =
        reason instanceof OverpakException known ? known : ofFileSystem(reason);
    if (forPeople == null) {
      showBug(reason);
      return ExitCode.BUG;
    }
    showParagraph(forPeople.getMessage(), forPeople.advice());
    return forPeople.exitCode();
  }

  /// Shows that a command line is wrong, and what may have been meant.
  ExitCode show(ParameterException failure) {
    CommandSpec command = failure.getCommandLine().getCommandSpec();
    String message = failure.getMessage();
    String help = "'%s --help' shows what there is.".formatted(command.qualifiedName());
    if (failure instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().getFirst();
      boolean isOption = first.startsWith("-");
      if (!isOption && !command.subcommands().isEmpty()) {
        message = "there is no command '" + first + "'";
      }
      Set<String> names = isOption ? command.optionsMap().keySet() : command.subcommands().keySet();
      Optional<String> nearest = NearestName.to(first, names);
      if (nearest.isPresent()) {
        help = "did you mean '" + nearest.get() + "'? " + help;
      }
    }
    showParagraph(message, help);
    return ExitCode.USAGE;
  }

  private void showParagraph(@Nullable String message, String advice) {
    PrintWriter err = console.err();
    int width = console.width();
    String prefix = console.isColoured() ? "\033[1;31moverpak:\033[0m" : "overpak:";
    // wrapped with the plain prefix, since colours take no columns
    err.print(Paragraph.wrap("overpak: " + message, width).replaceFirst("^overpak:", prefix));
    if (!advice.isEmpty()) {
      err.print(Paragraph.wrap("What to do: " + advice, width));
    }
    err.flush();
  }

  private void showBug(Throwable reason) {
    var trace = new StringWriter();
    reason.printStackTrace(new PrintWriter(trace));
    console
        .err()
        .printf(
            "overpak: this is a bug in Overpak %s (Java %s, %s)%n%s",
            Version.text(),
            System.getProperty("java.vm.version"),
            System.getProperty("os.arch"),
            trace);
    String advice =
        reason instanceof OutOfMemoryError
            ? "set OVERPAK_JAVA_OPTIONS=-Xmx… to give it more memory; and please report it"
            : "please report it, with these lines and the command that shows it";
    console.err().print(Paragraph.wrap("What to do: " + advice, console.width()));
    console.err().flush();
  }

  /// Other threads and streams wrap what they throw.
  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    boolean wrapper =
        failure instanceof ExecutionException
            || failure instanceof CompletionException
            || failure instanceof UncheckedIOException
            || failure instanceof CommandLine.ExecutionException;
    return wrapper && cause != null ? unwrap(cause) : failure;
  }

  private static @Nullable OverpakException ofFileSystem(Throwable reason) {
    return switch (reason) {
      case NoSuchFileException e ->
          failure(e.getFile() + " does not exist", "check the path, or make the file.", e);
      case AccessDeniedException e ->
          failure(e.getFile() + ": no permission", "check who owns it and its mode.", e);
      case NotDirectoryException e ->
          failure(e.getFile() + " is not a directory", "name a directory.", e);
      case FileAlreadyExistsException e ->
          failure(e.getFile() + " exists already", "remove it, or name another.", e);
      case DirectoryNotEmptyException e ->
          failure(e.getFile() + " is not empty", "empty it, or name another.", e);
      case FileSystemException e -> failure(e.getMessage(), adviceFor(e.getReason()), e);
      case IOException e when FILE_SYSTEM_REASONS.contains(e.getMessage()) ->
          failure(e.getMessage(), adviceFor(e.getMessage()), e);
      default -> null;
    };
  }

  private static OverpakException failure(
      @Nullable String message, String advice, Exception cause) {
    return new OverpakException(
        ExitCode.FILESYSTEM, message == null ? cause.toString() : message, advice, cause);
  }

  private static String adviceFor(@Nullable String reason) {
    return switch (reason) {
      case "No space left on device", "Disk quota exceeded" ->
          "free some space, or use --cache and --output on another file system.";
      case "Read-only file system" -> "name a place that can be written to.";
      case "Too many open files" -> "raise the limit: ulimit -n 4096";
      case null, default -> "check the file system: the operation is one that it refused.";
    };
  }
}
