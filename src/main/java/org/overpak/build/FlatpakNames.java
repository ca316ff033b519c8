package org.overpak.build;

import java.util.regex.Pattern;

/// What Flatpak takes as ID and branch (flatpak_is_valid_name and flatpak_is_valid_branch in its
/// common/flatpak-utils.c).
final class FlatpakNames {
  private static final int LONGEST_ID = 255;
  private static final Pattern ID =
      Pattern.compile("(?:[A-Za-z_][A-Za-z0-9_]*\\.){2,}[A-Za-z_][A-Za-z0-9_-]*");
  private static final Pattern BRANCH = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

  private FlatpakNames() {}

  /// What is wrong with ID, or empty.
  static String complaintAboutId(String id) {
    if (id.length() > LONGEST_ID) {
      return "is longer than 255 characters";
    }
    return ID.matcher(id).matches() ? "" : "is not a Flatpak ID: '" + id + "'";
  }

  static boolean isBranch(String branch) {
    return BRANCH.matcher(branch).matches();
  }
}
