package org.overpak.repo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.bcpg.ArmoredInputStream;
import org.bouncycastle.bcpg.BCPGInputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.KeyIdentifier;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPMarker;
import org.bouncycastle.openpgp.PGPObjectFactory;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.bouncycastle.openpgp.api.OpenPGPDefaultPolicy;
import org.bouncycastle.openpgp.api.OpenPGPImplementation;
import org.bouncycastle.openpgp.api.OpenPGPPolicy;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPImplementation;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;

/// Bouncy Castle's OpenPGP as this room uses it: which packets are read, and what is accepted.
final class OpenPgp {
  static final OpenPGPImplementation IMPLEMENTATION = new BcOpenPGPImplementation();

  /// Bouncy Castle's own (SHA-1 in self-signatures until February 2023, RSA of 2048 bits) with no
  /// hash below SHA-256 for documents, and DSA, which it leaves out but older repositories have.
  static final OpenPGPPolicy POLICY =
      new OpenPGPDefaultPolicy()
          .rejectHashAlgorithm(HashAlgorithmTags.SHA224)
          .acceptPublicKeyAlgorithmWithMinimalStrength(PublicKeyAlgorithmTags.DSA, 2048);

  /// Debian's keyring of all developers is 30 MiB; one distribution's keys are 10 KiB.
  private static final int LARGEST_KEYS = 64 << 20;

  private static final int LARGEST_SIGNATURES = 1 << 20;

  private static final Pattern ARMOUR =
      Pattern.compile("(?s)-----BEGIN PGP ([A-Z ]+)-----.*?-----END PGP \\1-----");

  private OpenPgp() {}

  static List<OpenPGPCertificate> certificates(byte[] content) throws IOException {
    List<OpenPGPCertificate> certificates = new ArrayList<>();
    for (Object packet : packets(content, LARGEST_KEYS)) {
      if (!(packet instanceof PGPPublicKeyRing ring)) {
        throw new IOException("it has something else than public keys");
      }
      certificates.add(new OpenPGPCertificate(ring, IMPLEMENTATION, POLICY));
    }
    return certificates;
  }

  /// @throws IOException if there is anything else
  static List<PGPSecretKeyRing> secretKeys(byte[] content) throws IOException {
    List<PGPSecretKeyRing> keys = new ArrayList<>();
    for (Object packet : packets(content, LARGEST_KEYS)) {
      if (!(packet instanceof PGPSecretKeyRing ring)) {
        throw new IOException("it has something else than secret keys");
      }
      keys.add(ring);
    }
    return keys;
  }

  static List<PGPSignature> signatures(byte[] content) throws IOException {
    List<PGPSignature> signatures = new ArrayList<>();
    for (Object packet : packets(content, LARGEST_SIGNATURES)) {
      if (!(packet instanceof PGPSignatureList list)) {
        throw new IOException("it has something else than signatures");
      }
      list.forEach(signatures::add);
    }
    return signatures;
  }

  private static List<Object> packets(byte[] content, int most) throws IOException {
    if (content.length > most) {
      throw new IOException("it is larger than " + most + " bytes");
    }
    List<Object> packets = new ArrayList<>();
    // Binary packets begin with the highest bit set, which no text does.
    if (content.length == 0 || content[0] < 0) {
      addPackets(new ByteArrayInputStream(content), packets);
      return packets;
    }
    // A file of keys is often several armoured blocks with comments between them.
    Matcher armour = ARMOUR.matcher(new String(content, StandardCharsets.ISO_8859_1));
    while (armour.find()) {
      byte[] block = armour.group().getBytes(StandardCharsets.ISO_8859_1);
      addPackets(ArmoredInputStream.builder().build(new ByteArrayInputStream(block)), packets);
    }
    if (packets.isEmpty()) {
      throw new IOException("it is neither armoured nor binary OpenPGP");
    }
    return packets;
  }

  private static void addPackets(InputStream in, List<Object> packets) throws IOException {
    try {
      var factory = new PGPObjectFactory(in, new BcKeyFingerprintCalculator());
      for (Object packet = factory.nextObject(); packet != null; packet = factory.nextObject()) {
        if (!(packet instanceof PGPMarker)) {
          packets.add(packet);
        }
      }
    } catch (RuntimeException e) {
      // Bouncy Castle reports some malformed packets as whatever they made it stumble over.
      throw new IOException("it is malformed", e);
    }
  }

  static PGPSignature copy(PGPSignature signature) throws IOException, PGPException {
    return new PGPSignature(new BCPGInputStream(new ByteArrayInputStream(signature.getEncoded())));
  }

  static boolean mayHaveMade(OpenPGPComponentKey key, PGPSignature signature) {
    return KeyIdentifier.matches(signature.getKeyIdentifiers(), key.getKeyIdentifier(), true);
  }

  static String fingerprint(OpenPGPCertificate certificate) {
    return hex(certificate.getFingerprint());
  }

  /// Whom SIGNATURE names as its maker: a fingerprint, or the last 16 digits of one.
  static String maker(PGPSignature signature) {
    byte[] fingerprint =
        signature.hasSubpackets() && signature.getHashedSubPackets().getIssuerFingerprint() != null
            ? signature.getHashedSubPackets().getIssuerFingerprint().getFingerprint()
            : new byte[0];
    return fingerprint.length > 0
        ? hex(fingerprint)
        : String.format(Locale.ROOT, "%016X", signature.getKeyID());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().withUpperCase().formatHex(bytes);
  }
}
