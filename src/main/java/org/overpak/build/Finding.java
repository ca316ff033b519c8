package org.overpak.build;

/// What a check found at one point.
///
/// @param what is there or is wrong, one clause
/// @param advice what to do about it, as a sentence; empty where all is well
public record Finding(Point point, Verdict verdict, String what, String advice) {

  /// What is looked at.
  public enum Point {
    LAYOUT("hybrid layout"),
    MANAGER("package manager"),
    DATABASE("RPM database"),
    PARKED("database mode"),
    MACROS("macros and database path"),
    RELEASE("os-release"),
    RELEASEVER("$releasever"),
    DIRECTORIES("/var and caches"),
    CERTIFICATES("CA certificates"),
    RESOLVER("/etc/resolv.conf"),
    REPOSITORIES("repositories"),
    KEYS("keys");

    private final String title;

    Point(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  /// Whether it will do.
  public enum Verdict {
    GOOD,
    /// Enough for some uses; the advice says for which not.
    DOUBTFUL,
    WRONG
  }

  static Finding good(Point point, String what) {
    return new Finding(point, Verdict.GOOD, what, "");
  }

  static Finding doubtful(Point point, String what, String advice) {
    return new Finding(point, Verdict.DOUBTFUL, what, advice);
  }

  static Finding wrong(Point point, String what, String advice) {
    return new Finding(point, Verdict.WRONG, what, advice);
  }
}
