package org.overpak.rpm;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.tree.TreePath;

/// What a package says of one of its files. Nothing else counts: what a payload archive says of
/// modes, owners and times is ignored, as rpm does.
///
/// @param path below the root; the root itself is possible
/// @param mode st_mode: type and permission bits
/// @param user name of the owner
/// @param group name of the group
/// @param size in bytes; of a symbolic link, the length of its target
/// @param modified seconds since 1970, UTC
/// @param contentDigest of a regular file's content; null where there is none
/// @param linkTarget of a symbolic link, else empty
/// @param flags bits of rpmfileAttrs (rpmfiles.h), shown by the `is…` methods
/// @param verifyFlags bits of rpmVerifyAttrs
/// @param inode what hard links to one file have in common: device and inode of the build; 0 where
///   there are none
/// @param device major and minor number of a device node, as `major << 8 | minor`
/// @param capabilities text form, `cap_net_raw=ep`; empty if there are none
/// @param languages for which alone the file is meant, joined by `|`; empty for all
/// @param color 1 for 32-bit, 2 for 64-bit ELF, 0 for anything else
public record FileInfo(
    TreePath path,
    int mode,
    String user,
    String group,
    long size,
    long modified,
    @Nullable Digest contentDigest,
    String linkTarget,
    int flags,
    int verifyFlags,
    long inode,
    int device,
    String capabilities,
    String languages,
    int color) {

  private static final int TYPE = 0170000;

  public Optional<Digest> digest() {
    return Optional.ofNullable(contentDigest);
  }

  public boolean isRegular() {
    return (mode & TYPE) == 0100000;
  }

  public boolean isDirectory() {
    return (mode & TYPE) == 0040000;
  }

  public boolean isSymlink() {
    return (mode & TYPE) == 0120000;
  }

  /// The type bits of {@link #mode}.
  int type() {
    return mode & TYPE;
  }

  /// `%config`.
  public boolean isConfig() {
    return hasFlag(0);
  }

  /// `%doc`.
  public boolean isDoc() {
    return hasFlag(1);
  }

  /// `%config(missingok)`.
  public boolean isMissingOk() {
    return hasFlag(3);
  }

  /// `%config(noreplace)`.
  public boolean isNoReplace() {
    return hasFlag(4);
  }

  /// `%ghost`: owned, but not in the payload.
  public boolean isGhost() {
    return hasFlag(6);
  }

  /// `%license`.
  public boolean isLicense() {
    return hasFlag(7);
  }

  /// `%artifact`: a by-product such as a build-id link.
  public boolean isArtifact() {
    return hasFlag(12);
  }

  private boolean hasFlag(int bit) {
    return (flags & (1 << bit)) != 0;
  }
}
