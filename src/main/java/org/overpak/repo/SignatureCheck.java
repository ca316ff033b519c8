package org.overpak.repo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureException;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPUserId;
import org.bouncycastle.openpgp.api.OpenPGPSignature.OpenPGPDocumentSignature;
import org.jspecify.annotations.Nullable;
import org.overpak.repo.Verdict.Reason;

/// One signature while the bytes that it is of pass by.
final class SignatureCheck {
  /// @param signature made by the key, if it is right
  private record Candidate(
      OpenPGPComponentKey key, PGPSignature packet, OpenPGPDocumentSignature signature) {}

  private final PGPSignature signature;
  private final List<Candidate> candidates;
  private final Verdict.@Nullable Refused refused;

  private SignatureCheck(
      PGPSignature signature, List<Candidate> candidates, Verdict.@Nullable Refused refused) {
    this.signature = signature;
    this.candidates = candidates;
    this.refused = refused;
  }

  /// @param keys that the signature names as its maker
  static SignatureCheck begin(PGPSignature signature, List<OpenPGPComponentKey> keys) {
    if (keys.isEmpty()) {
      return refused(
          signature,
          Reason.UNKNOWN_KEY,
          "it is signed by the key "
              + OpenPgp.maker(signature)
              + ", which the repository's configuration does not trust");
    }
    if (signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT) {
      return refused(
          signature, Reason.UNUSABLE_SIGNATURE, "its signature is not of a binary document");
    }
    if (!OpenPgp.POLICY.hasAcceptableDocumentSignatureHashAlgorithm(signature)) {
      return refused(
          signature,
          Reason.UNUSABLE_SIGNATURE,
          "its signature uses a hash that can be forged (OpenPGP hash algorithm "
              + signature.getHashAlgorithm()
              + ")");
    }
    try {
      List<Candidate> candidates = new ArrayList<>();
      for (OpenPGPComponentKey key : keys) {
        // A PGPSignature holds the state of one verification: each key needs its own.
        PGPSignature own = OpenPgp.copy(signature);
        own.init(OpenPgp.IMPLEMENTATION.pgpContentVerifierBuilderProvider(), key.getPGPPublicKey());
        candidates.add(new Candidate(key, own, new OpenPGPDocumentSignature(own, key)));
      }
      return new SignatureCheck(signature, candidates, null);
    } catch (PGPException | IOException | RuntimeException e) {
      return refused(
          signature, Reason.BAD_SIGNATURE, "its signature is malformed: " + e.getMessage());
    }
  }

  private static SignatureCheck refused(PGPSignature signature, Reason reason, String explanation) {
    return new SignatureCheck(signature, List.of(), new Verdict.Refused(reason, explanation));
  }

  void update(byte[] bytes, int length) {
    candidates.forEach(candidate -> candidate.packet.update(bytes, 0, length));
  }

  Verdict finish() {
    if (refused != null) {
      return refused;
    }
    for (Candidate candidate : candidates) {
      if (isCorrect(candidate)) {
        // A certificate verifies its own signatures when asked, each with state of its own, and all
        // packages that are verified at once share it.
        synchronized (candidate.key.getCertificate()) {
          return judgeKey(candidate);
        }
      }
    }
    return new Verdict.Refused(
        Reason.BAD_SIGNATURE,
        "its content is not what the key " + OpenPgp.maker(signature) + " signed");
  }

  private static boolean isCorrect(Candidate candidate) {
    try {
      return candidate.signature.verify();
    } catch (PGPException | RuntimeException e) {
      // Numbers that are out of range for the key: not made by it.
      return false;
    }
  }

  /// The signature is right; was the key?
  private static Verdict judgeKey(Candidate candidate) {
    OpenPGPComponentKey key = candidate.key;
    Date signedAt = candidate.signature.getCreationTime();
    try {
      if (!OpenPgp.POLICY.isAcceptableVerificationKey(key.getPGPPublicKey())) {
        return unusable(key, "is too weak");
      }
      if (!key.isBoundAt(signedAt)) {
        return unusable(key, "was expired, revoked or not yet valid at " + signedAt.toInstant());
      }
      if (!key.isSigningKey(signedAt)) {
        return unusable(key, "is not made for signing");
      }
      if (!candidate.signature.isValid(OpenPgp.POLICY)) {
        return unusable(key, "was not valid at " + signedAt.toInstant());
      }
    } catch (PGPSignatureException | RuntimeException e) {
      return unusable(key, "cannot be used: " + e.getMessage());
    }
    @Nullable OpenPGPUserId userId = key.getCertificate().getPrimaryUserId(signedAt);
    return new Verdict.Good(
        OpenPgp.fingerprint(key.getCertificate()),
        userId == null ? "" : userId.getUserId(),
        signedAt.toInstant());
  }

  private static Verdict unusable(OpenPGPComponentKey key, String what) {
    return new Verdict.Refused(
        Reason.UNUSABLE_KEY,
        "the key " + OpenPgp.fingerprint(key.getCertificate()) + " that signed it " + what);
  }
}
