package org.overpak.rpm;

/// The order of version and release strings (rpmvercmp.cc, `rpmvercmp`): runs of digits and letters
/// are compared one by one, `~` sorts before and `^` after the end of a string, all else separates.
public final class VersionOrder {
  private VersionOrder() {}

  /// Negative, zero or positive, as A is older than, the same as, or newer than B.
  public static int compare(String a, String b) {
    if (a.equals(b)) {
      return 0;
    }
    int i = 0;
    int j = 0;
    while (i < a.length() || j < b.length()) {
      i = skipSeparators(a, i);
      j = skipSeparators(b, j);
      char x = i < a.length() ? a.charAt(i) : 0;
      char y = j < b.length() ? b.charAt(j) : 0;
      if (x == '~' || y == '~') {
        if (x != y) {
          return x == '~' ? -1 : 1;
        }
        i++;
        j++;
        continue;
      }
      if (x == '^' || y == '^') {
        if (x == y) {
          i++;
          j++;
          continue;
        }
        if (x == 0) {
          return -1;
        }
        if (y == 0) {
          return 1;
        }
        return x == '^' ? -1 : 1;
      }
      if (x == 0 || y == 0) {
        break;
      }
      boolean digits = isDigit(x);
      int iEnd = runEnd(a, i, digits);
      int jEnd = runEnd(b, j, digits);
      if (jEnd == j) {
        return digits ? 1 : -1;
      }
      int result = compareRuns(a.substring(i, iEnd), b.substring(j, jEnd), digits);
      if (result != 0) {
        return result;
      }
      i = iEnd;
      j = jEnd;
    }
    return Boolean.compare(i < a.length(), j < b.length());
  }

  private static int compareRuns(String a, String b, boolean digits) {
    if (digits) {
      String x = withoutLeadingZeros(a);
      String y = withoutLeadingZeros(b);
      return x.length() == y.length() ? x.compareTo(y) : Integer.compare(x.length(), y.length());
    }
    return a.compareTo(b);
  }

  private static String withoutLeadingZeros(String digits) {
    int i = 0;
    while (i < digits.length() && digits.charAt(i) == '0') {
      i++;
    }
    return digits.substring(i);
  }

  private static int skipSeparators(String text, int from) {
    int i = from;
    while (i < text.length()
        && !isDigit(text.charAt(i))
        && !isLetter(text.charAt(i))
        && text.charAt(i) != '~'
        && text.charAt(i) != '^') {
      i++;
    }
    return i;
  }

  private static int runEnd(String text, int from, boolean digits) {
    int i = from;
    while (i < text.length() && (digits ? isDigit(text.charAt(i)) : isLetter(text.charAt(i)))) {
      i++;
    }
    return i;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
