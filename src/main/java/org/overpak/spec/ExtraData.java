package org.overpak.spec;

import java.util.List;

/// A file that Flatpak downloads when the app is installed.
///
/// @param size in bytes
/// @param installedSize in bytes, once unpacked; negative if not given
/// @param onlyArches Flatpak's names of the architectures it is for; all if empty
public record ExtraData(
    String filename,
    String url,
    String sha256,
    long size,
    long installedSize,
    List<String> onlyArches) {
  public ExtraData {
    onlyArches = List.copyOf(onlyArches);
  }

  /// The option of `flatpak build-finish` that says the same.
  public String finishArg() {
    String installed = installedSize < 0 ? "" : Long.toString(installedSize);
    return "--extra-data=%s:%s:%d:%s:%s".formatted(filename, sha256, size, installed, url);
  }

  public boolean isFor(String arch) {
    return onlyArches.isEmpty() || onlyArches.contains(arch);
  }
}
