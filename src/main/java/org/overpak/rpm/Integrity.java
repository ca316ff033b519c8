package org.overpak.rpm;

import java.util.List;
import org.overpak.Digest;

/// The digests of a package file that were computed and found right. A wrong one is never in here:
/// it is an error. Without a signature this proves that nothing was damaged, not who made it.
public record Integrity(List<Verified> verified) {
  public Integrity {
    verified = List.copyOf(verified);
  }

  /// A digest that was found right.
  public record Verified(Coverage coverage, Digest digest) {}

  /// Whether the header is as it was when the package was made.
  public boolean coversHeader() {
    return covers(Coverage.HEADER) || covers(Coverage.HEADER_AND_PAYLOAD);
  }

  /// Whether a strong digest of the payload is in the header, so that whoever signed the header
  /// signed the payload.
  public boolean isPayloadBoundToHeader() {
    return covers(Coverage.PAYLOAD);
  }

  private boolean covers(Coverage coverage) {
    return verified.stream()
        .anyMatch(v -> v.coverage() == coverage && v.digest().algorithm().isStrong());
  }
}
