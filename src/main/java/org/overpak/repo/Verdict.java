package org.overpak.repo;

import java.time.Instant;

/// Whether a signature proves that one of a repository's keys vouches for something.
public sealed interface Verdict {

  /// It does.
  ///
  /// @param fingerprint of the certificate's primary key, upper-case hexadecimal
  /// @param userId as the certificate gives it, such as `Fedora (42) <fedora-42@…>`; may be empty
  record Good(String fingerprint, String userId, Instant signedAt) implements Verdict {}

  /// It does not.
  ///
  /// @param explanation a clause for people: "it is not signed"
  record Refused(Reason reason, String explanation) implements Verdict {}

  /// Why something is refused.
  enum Reason {
    /// There is no signature.
    UNSIGNED,
    /// It is signed, but by none of the keys that the repository trusts.
    UNKNOWN_KEY,
    /// It is not what was signed, or the signature is malformed.
    BAD_SIGNATURE,
    /// The key was not able or not allowed to sign then: expired, revoked, not bound, too weak.
    UNUSABLE_KEY,
    /// The signature is of a kind that proves nothing here: weak hash, not of a binary document.
    UNUSABLE_SIGNATURE
  }
}
