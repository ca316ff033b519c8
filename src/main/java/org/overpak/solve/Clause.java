package org.overpak.solve;

import org.jspecify.annotations.Nullable;

/// At least one of LITERALS must be true: package N is there (`N`), or is not (`-N`).
///
/// The literals are ascending, so the packages that are spoken against come first. The rest is the
/// bookkeeping of {@link Sat}: two of the literals are watched, and all clauses that watch a
/// literal are a linked list, of which each clause holds its two next ones.
final class Clause {
  final int[] literals;
  final Cause cause;

  /// All literals, those of installed packages included, which are true or false and so left out of
  /// {@link #literals}; by them libsolv orders its rules.
  final int[] order;

  private int firstWatch;
  private int secondWatch;
  private @Nullable Clause nextOfFirst;
  private @Nullable Clause nextOfSecond;

  Clause(int[] literals, Cause cause) {
    this(literals, cause, literals);
  }

  Clause(int[] literals, Cause cause, int[] order) {
    this.literals = literals;
    this.cause = cause;
    this.order = order;
  }

  boolean isUnit() {
    return literals.length == 1;
  }

  void watch(int first, @Nullable Clause nextFirst, int second, @Nullable Clause nextSecond) {
    firstWatch = first;
    nextOfFirst = nextFirst;
    secondWatch = second;
    nextOfSecond = nextSecond;
  }

  /// Watches another literal instead of a watched one.
  void rewatch(int literal, int instead, @Nullable Clause next) {
    if (firstWatch == literal) {
      firstWatch = instead;
      nextOfFirst = next;
    } else {
      secondWatch = instead;
      nextOfSecond = next;
    }
  }

  /// The watched literal that is not this one.
  int otherWatch(int literal) {
    return firstWatch == literal ? secondWatch : firstWatch;
  }

  @Nullable Clause nextOf(int literal) {
    return firstWatch == literal ? nextOfFirst : nextOfSecond;
  }

  void setNextOf(int literal, @Nullable Clause next) {
    if (firstWatch == literal) {
      nextOfFirst = next;
    } else {
      nextOfSecond = next;
    }
  }
}
