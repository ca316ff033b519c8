package org.overpak.build;

import java.util.List;
import org.overpak.Digest;
import org.overpak.oci.ImageName;

/// What is there for a package manager in an image.
///
/// @param digest of the image's manifest
/// @param findings one for each point that could be looked at, in their order
public record CheckedRuntime(ImageName image, Digest digest, List<Finding> findings) {
  public CheckedRuntime {
    findings = List.copyOf(findings);
  }

  /// Whether nothing is wrong.
  public boolean isUsable() {
    return findings.stream().noneMatch(one -> one.verdict() == Finding.Verdict.WRONG);
  }
}
