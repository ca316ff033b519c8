package org.overpak.rpm;

/// Epoch, version and release, ordered as rpm orders packages (rpmver.cc, `rpmverCmp`).
///
/// @param epoch 0 where a package or dependency has none
/// @param release empty where a dependency gives none; such sorts before any release
public record Evr(int epoch, String version, String release) implements Comparable<Evr> {

  /// Parses `[EPOCH:]VERSION[-RELEASE]` (rpmver.cc, `parseEVR`).
  public static Evr parse(String text) {
    int colon = text.indexOf(':');
    int epoch = 0;
    String rest = text;
    if (colon >= 0 && isNumber(text, colon)) {
      epoch = colon == 0 ? 0 : Integer.parseUnsignedInt(text.substring(0, colon));
      rest = text.substring(colon + 1);
    }
    int dash = rest.lastIndexOf('-');
    return dash < 0
        ? new Evr(epoch, rest, "")
        : new Evr(epoch, rest.substring(0, dash), rest.substring(dash + 1));
  }

  private static boolean isNumber(String text, int end) {
    for (int i = 0; i < end; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  @Override
  public int compareTo(Evr other) {
    int result = Integer.compareUnsigned(epoch, other.epoch);
    if (result == 0) {
      result = VersionOrder.compare(version, other.version);
    }
    return result == 0 ? VersionOrder.compare(release, other.release) : result;
  }

  /// As rpm and dnf print it: the epoch only if it is not 0.
  @Override
  public String toString() {
    return (epoch == 0 ? "" : Integer.toUnsignedString(epoch) + ":")
        + version
        + (release.isEmpty() ? "" : "-" + release);
  }
}
