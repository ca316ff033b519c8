package org.overpak.rpm;

/// What the database says became of a file of an installed package (rpmfiles.h, `rpmfileState_e`).
public enum FileState {
  NORMAL,
  /// Another package's file of that path is there instead.
  REPLACED,
  /// Left out on purpose: documentation, a language.
  NOT_INSTALLED,
  NET_SHARED,
  WRONG_COLOR,
  /// The database does not say.
  UNKNOWN;

  /// As it is kept; what the database does not say cannot be written.
  int number() {
    return switch (this) {
      case NORMAL -> 0;
      case REPLACED -> 1;
      case NOT_INSTALLED -> 2;
      case NET_SHARED -> 3;
      case WRONG_COLOR -> 4;
      case UNKNOWN -> throw new IllegalStateException("an unknown state is not written");
    };
  }

  static FileState numbered(long number) {
    return switch ((int) number) {
      case 0 -> NORMAL;
      case 1 -> REPLACED;
      case 2 -> NOT_INSTALLED;
      case 3 -> NET_SHARED;
      case 4 -> WRONG_COLOR;
      default -> UNKNOWN;
    };
  }

  public boolean isInstalled() {
    return this == NORMAL || this == NET_SHARED;
  }
}
