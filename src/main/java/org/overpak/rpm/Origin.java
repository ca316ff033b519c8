package org.overpak.rpm;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Where a header came from, for the errors that are found in it: at once or when a part of it is
/// first asked for.
///
/// @param name of the file, or of the database and the entry in it
/// @param exitCode what a person's mistake or bad luck this is when the bytes are wrong
/// @param advice what to do then
record Origin(String name, ExitCode exitCode, String advice) {

  static Origin ofPackageFile(Object file) {
    return new Origin(
        file.toString(),
        ExitCode.REPOSITORY,
        "Fetch the package again; if it stays so, its maker must rebuild it.");
  }

  static Origin ofDatabase(String name) {
    return new Origin(
        name, ExitCode.IMAGE, "Take an image whose RPM database passes 'rpmdb --verifydb'.");
  }

  /// What is wrong, put together as {@link String#format} does.
  @SuppressWarnings("AnnotateFormatMethod") // not worth a dependency
  OverpakException malformed(String format, @Nullable Object... arguments) {
    return new OverpakException(
        exitCode, name + ": " + String.format(Locale.ROOT, format, arguments), advice);
  }

  /// What makes a package unfit to be unpacked at all.
  @SuppressWarnings("AnnotateFormatMethod") // not worth a dependency
  OverpakException unfit(String format, @Nullable Object... arguments) {
    return new OverpakException(
        exitCode == ExitCode.REPOSITORY ? ExitCode.PACKAGE : exitCode,
        name + ": " + String.format(Locale.ROOT, format, arguments),
        "Do not install this package; if you trust its maker, report it to them.");
  }
}
