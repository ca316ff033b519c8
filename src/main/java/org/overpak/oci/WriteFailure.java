package org.overpak.oci;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// What went wrong with a file, in words for a person.
final class WriteFailure {
  private WriteFailure() {}

  /// A failure to write something of up to NEED bytes into DIRECTORY.
  static OverpakException of(Path directory, long need, IOException e) {
    if (e instanceof ClosedByInterruptException || e instanceof FileLockInterruptionException) {
      return new OverpakException(
          ExitCode.INTERRUPTED, "writing into " + directory + ": interrupted", "", e);
    }
    String reason = reason(e);
    boolean full = reason.contains("No space left") || reason.contains("Disk quota exceeded");
    return new OverpakException(
        ExitCode.FILESYSTEM,
        full
            ? "no space left in %s, where up to %s are needed".formatted(directory, megabytes(need))
            : "cannot write into %s: %s".formatted(directory, reason),
        full ? "Make room there, or name another directory." : "Check the directory.",
        e);
  }

  /// A failure to read FILE, which was there before.
  static OverpakException unreadable(Path file, IOException e) {
    return new OverpakException(
        ExitCode.FILESYSTEM,
        "%s cannot be read: %s".formatted(file, reason(e)),
        "Check its owner and mode.",
        e);
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MB", bytes / 1_000_000 + 1);
  }

  /// The system's words, without the names that the caller says itself.
  static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case FileSystemException failure when failure.getReason() != null -> failure.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
