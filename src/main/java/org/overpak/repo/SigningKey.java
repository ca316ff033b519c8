package org.overpak.repo;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// An OpenPGP key with its secret part, unlocked, that signs documents.
public final class SigningKey {
  private final PGPKeyPair pair;
  private final String fingerprint;

  private SigningKey(PGPKeyPair pair, String fingerprint) {
    this.pair = pair;
    this.fingerprint = fingerprint;
  }

  /// Reads what `gpg --export-secret-keys` writes, armoured or binary. Of a key with several parts
  /// that may sign it takes the newest.
  ///
  /// @param passphrase of the key; empty if it has none
  /// @param origin file, for messages
  /// @throws OverpakException (UNTRUSTED) if it is no secret key, may not sign, or is locked with
  ///   another passphrase
  public static SigningKey parse(byte[] content, char[] passphrase, String origin) {
    try {
      OpenPGPKey key = key(content);
      OpenPGPKey.OpenPGPSecretKey secret =
          key.getSigningKeys().stream()
              .map(key::getSecretKey)
              .filter(one -> one != null)
              .max(Comparator.comparing(one -> one.getCreationTime().toInstant()))
              .orElseThrow(() -> new IOException("it has no part that may sign"));
      if (secret.isLocked() && passphrase.length == 0) {
        throw unusable(origin, "it is locked with a passphrase", null);
      }
      return new SigningKey(secret.unlock(passphrase).getKeyPair(), OpenPgp.fingerprint(key));
    } catch (PGPException e) {
      throw unusable(origin, "it cannot be unlocked with this passphrase", e);
    } catch (IOException e) {
      throw unusable(origin, String.valueOf(e.getMessage()), e);
    }
  }

  private static OpenPGPKey key(byte[] content) throws IOException {
    List<PGPSecretKeyRing> rings = OpenPgp.secretKeys(content);
    if (rings.size() != 1) {
      throw new IOException(
          rings.isEmpty() ? "it has no secret key" : "it has " + rings.size() + " secret keys");
    }
    return new OpenPGPKey(rings.getFirst(), OpenPgp.IMPLEMENTATION, OpenPgp.POLICY);
  }

  private static OverpakException unusable(String origin, String why, @Nullable Exception cause) {
    String message = "cannot sign with the key in " + origin + ": " + why;
    String advice =
        "Export one secret key: gpg --export-secret-keys NAME; if it has a passphrase, give the"
            + " file with it.";
    return cause == null
        ? new OverpakException(ExitCode.UNTRUSTED, message, advice)
        : new OverpakException(ExitCode.UNTRUSTED, message, advice, cause);
  }

  /// Of the certificate, upper-case hexadecimal.
  public String fingerprint() {
    return fingerprint;
  }

  /// A detached signature of DATA, a binary packet.
  ///
  /// @param time that it says it was made; readers refuse one before the key was made
  public byte[] sign(byte[] data, Instant time) {
    try {
      var generator =
          new PGPSignatureGenerator(
              new BcPGPContentSignerBuilder(
                  pair.getPublicKey().getAlgorithm(), HashAlgorithmTags.SHA512),
              pair.getPublicKey());
      generator.init(PGPSignature.BINARY_DOCUMENT, pair.getPrivateKey());
      var hashed = new PGPSignatureSubpacketGenerator();
      hashed.setIssuerFingerprint(false, pair.getPublicKey());
      hashed.setSignatureCreationTime(false, Date.from(time));
      generator.setHashedSubpackets(hashed.generate());
      var unhashed = new PGPSignatureSubpacketGenerator();
      unhashed.setIssuerKeyID(false, pair.getPublicKey().getKeyID());
      generator.setUnhashedSubpackets(unhashed.generate());
      generator.update(data);
      return generator.generate().getEncoded();
    } catch (PGPException | IOException e) {
      throw new IllegalStateException("signing bytes in memory failed", e);
    }
  }
}
