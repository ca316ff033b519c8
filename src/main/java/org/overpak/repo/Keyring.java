package org.overpak.repo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.repo.Verdict.Reason;

/// The OpenPGP certificates that one repository trusts, and nothing else: no web of trust, no key
/// servers, no keys of other repositories.
///
/// The rules are those of rpm with Sequoia: the signature is of a binary document with SHA-256 or
/// better; the key was valid when it signed, is not revoked, may sign, and if a subkey is bound
/// both ways ([RFC 9580](https://www.rfc-editor.org/rfc/rfc9580), 10.1.5). A key that expired after
/// it signed is good for what it signed.
public final class Keyring {
  /// Trusts nobody.
  public static final Keyring EMPTY = new Keyring(List.of());

  private final List<OpenPGPCertificate> certificates;

  private Keyring(List<OpenPGPCertificate> certificates) {
    this.certificates = List.copyOf(certificates);
  }

  /// Reads certificates, armoured or binary, any number.
  ///
  /// @param origin file or URL, for messages
  /// @throws OverpakException if there is none, or one is malformed
  public static Keyring parse(byte[] content, String origin) {
    try {
      List<OpenPGPCertificate> certificates = OpenPgp.certificates(content);
      if (certificates.isEmpty()) {
        throw notKeys(origin, "it has no OpenPGP public key", null);
      }
      return new Keyring(certificates);
    } catch (IOException e) {
      throw notKeys(origin, String.valueOf(e.getMessage()), e);
    }
  }

  private static OverpakException notKeys(String origin, String what, @Nullable Exception cause) {
    String message = "cannot read keys from " + origin + ": " + what;
    String advice = "Export the repository's public key: gpg --armor --export.";
    return cause == null
        ? new OverpakException(ExitCode.UNTRUSTED, message, advice)
        : new OverpakException(ExitCode.UNTRUSTED, message, advice, cause);
  }

  /// The keys of both.
  public Keyring with(Keyring other) {
    List<OpenPGPCertificate> all = new ArrayList<>(certificates);
    all.addAll(other.certificates);
    return new Keyring(all);
  }

  public boolean isEmpty() {
    return certificates.isEmpty();
  }

  /// Of each certificate, upper-case hexadecimal.
  public List<String> fingerprints() {
    return certificates.stream().map(OpenPgp::fingerprint).toList();
  }

  /// What SIGNATURES prove of the bytes of DATA. One good signature is enough, unless another one,
  /// of a trusted key too, is of different bytes.
  ///
  /// @param signatures detached: binary packets, or armoured; several may follow each other
  /// @param data read to its end, not closed
  public Verdict verify(byte[] signatures, InputStream data) throws IOException {
    List<PGPSignature> parsed;
    try {
      parsed = OpenPgp.signatures(signatures);
    } catch (IOException e) {
      return new Verdict.Refused(
          Reason.BAD_SIGNATURE, "its signature is malformed: " + e.getMessage());
    }
    if (parsed.isEmpty()) {
      return new Verdict.Refused(Reason.UNSIGNED, "it is not signed");
    }
    List<SignatureCheck> checks = new ArrayList<>();
    for (PGPSignature signature : parsed) {
      checks.add(SignatureCheck.begin(signature, keysFor(signature)));
    }
    byte[] buffer = new byte[1 << 16];
    for (int read = data.read(buffer); read >= 0; read = data.read(buffer)) {
      for (SignatureCheck check : checks) {
        check.update(buffer, read);
      }
    }
    return combined(checks.stream().map(SignatureCheck::finish).toList());
  }

  /// The same for bytes in memory.
  public Verdict verify(byte[] signatures, byte[] data) {
    try {
      return verify(signatures, new ByteArrayInputStream(data));
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot fail", e);
    }
  }

  /// Bad bytes outweigh a good signature, which outweighs all other refusals.
  private static Verdict combined(List<Verdict> verdicts) {
    @Nullable Verdict good = null;
    for (Verdict verdict : verdicts) {
      switch (verdict) {
        case Verdict.Good _ -> good = verdict;
        case Verdict.Refused(var reason, _) when reason == Reason.BAD_SIGNATURE -> {
          return verdict;
        }
        case Verdict.Refused _ -> {
          // Somebody else may sign too.
        }
      }
    }
    return good == null ? verdicts.getFirst() : good;
  }

  /// The keys that may have made SIGNATURE: by fingerprint, or by the 64-bit id of older
  /// signatures, which several keys may share.
  private List<OpenPGPComponentKey> keysFor(PGPSignature signature) {
    return certificates.stream()
        .flatMap(certificate -> certificate.getKeys().stream())
        .filter(key -> OpenPgp.mayHaveMade(key, signature))
        .toList();
  }
}
