package org.overpak.solve;

import org.jspecify.annotations.Nullable;

/// At least one of LITERALS must be true: package N is there (`N`), or is not (`-N`).
///
/// The literals are ascending, so the packages that are spoken against come first. The rest is the
/// bookkeeping of {@link Sat}: two watched literals, and the next clause that watches each.
final class Clause {
  final int[] literals;
  final Cause cause;
  int firstWatch;
  int secondWatch;
  @Nullable Clause nextOfFirst;
  @Nullable Clause nextOfSecond;

  Clause(int[] literals, Cause cause) {
    this.literals = literals;
    this.cause = cause;
  }

  boolean isUnit() {
    return literals.length == 1;
  }
}
