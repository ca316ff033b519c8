package org.overpak;

/// What a run of `overpak` ends with, documented in the help and in the README.
///
/// A failure is classed where it is found, since only there is known what was wrong.
public enum ExitCode {
  OK(0, "success"),
  BUG(1, "an error in Overpak itself: please report it"),
  USAGE(2, "wrong options or arguments"),
  SPEC(3, "the spec is wrong: a key, a value, or two that contradict each other"),
  IMAGE(4, "an image is missing, damaged, or not what it must be"),
  REPOSITORY(5, "repository metadata or a package is missing, damaged or truncated"),
  UNSOLVABLE(6, "the packages cannot be resolved: unknown package, unmet dependency or conflict"),
  UNTRUSTED(7, "a checksum or signature is wrong or missing"),
  PACKAGE(8, "a package cannot go into the app: leak, scriptlet, hostile or malformed payload"),
  FILESYSTEM(9, "a file or directory cannot be read or written, or the disk is full"),
  SANDBOX(10, "a script must be run, and this machine does not let it, or it did not end"),
  CLIENT(11, "flatpak is missing, or cannot install or start what it should"),
  INTERRUPTED(130, "interrupted");

  private final int status;
  private final String meaning;

  ExitCode(int status, String meaning) {
    this.status = status;
    this.meaning = meaning;
  }

  public int status() {
    return status;
  }

  /// One clause for the list of exit codes in the help.
  public String meaning() {
    return meaning;
  }
}
