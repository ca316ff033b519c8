package org.overpak.build;

import java.util.Locale;

/// Who installs an app's packages, and where. All end in the same `/app`, as far as the packages
/// let them.
public enum Engine {
  /// Overpak itself, on top of the runtime.
  NATIVE,
  /// Overpak itself, into nothing, with all that the packages require: the classic way.
  CLEAN;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
