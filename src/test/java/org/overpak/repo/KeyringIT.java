package org.overpak.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bouncycastle.bcpg.BCPGInputStream;
import org.bouncycastle.bcpg.BCPGOutputStream;
import org.bouncycastle.bcpg.ContainedPacket;
import org.bouncycastle.bcpg.Packet;
import org.bouncycastle.bcpg.PublicSubkeyPacket;
import org.bouncycastle.bcpg.SignaturePacket;
import org.bouncycastle.bcpg.SignatureSubpacket;
import org.bouncycastle.openpgp.PGPSignature;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.overpak.OverpakException;
import org.overpak.repo.Verdict.Reason;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;

/// Verdicts on signatures that gpg made, compared with gpgv's.
class KeyringIT {
  private static final Judge GPGV = Judge.of("gpgv");

  @TempDir Path directory;
  private final GnuPg gpg = GnuPg.create();
  private Path document = Path.of("");

  @BeforeEach
  void writeDocument() throws IOException {
    document = Files.writeString(directory.resolve("document"), "Signed.\nNot sealed.\n");
  }

  @AfterEach
  void closeGnuPg() {
    gpg.close();
  }

  /// Our verdict; where it is good or not must be what gpgv says.
  private Verdict verdict(byte[] certificates, byte[] signature, byte[] content)
      throws IOException {
    Verdict ours = Keyring.parse(certificates, "test").verify(signature, content);
    boolean theirs = isGoodForGpgv(certificates, signature, content);
    assertThat(ours instanceof Verdict.Good).as("gpgv on %s", ours).isEqualTo(theirs);
    if (theirs) {
      GPGV.compared(1);
    } else {
      GPGV.rejected(((Verdict.Refused) ours).explanation());
    }
    return ours;
  }

  private boolean isGoodForGpgv(byte[] certificates, byte[] signature, byte[] content)
      throws IOException {
    Path keyring = Files.write(directory.resolve("keyring.gpg"), certificates);
    Path detached = Files.write(directory.resolve("signature"), signature);
    Path signed = Files.write(directory.resolve("signed"), content);
    // Its exit code is no verdict: it is 0 for keys that are expired or revoked, too.
    return GPGV.run(
            Command.of(
                "sh",
                "-c",
                "gpgv --status-fd 1 --keyring \"$1\" \"$2\" \"$3\"; true",
                "sh",
                keyring.toString(),
                detached.toString(),
                signed.toString()))
        .text()
        .contains("[GNUPG:] GOODSIG ");
  }

  private byte[] content() throws IOException {
    return Files.readAllBytes(document);
  }

  private static void assertRefused(Verdict verdict, Reason reason) {
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(((Verdict.Refused) verdict).reason()).as(verdict.toString()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({"rsa2048", "rsa4096", "dsa2048", "nistp256", "nistp521", "ed25519"})
  void acceptsWhatATrustedKeySigned(String algorithm) throws IOException {
    String fingerprint = gpg.key("signer", algorithm, "sign");
    byte[] signature = gpg.sign(document, "signer");
    assertThat(verdict(gpg.certificate("signer"), signature, content()))
        .isInstanceOfSatisfying(
            Verdict.Good.class,
            good -> {
              assertThat(good.fingerprint()).isEqualTo(fingerprint);
              assertThat(good.userId()).isEqualTo("signer");
              assertThat(good.signedAt()).asString().startsWith("2024-01-01T00:00:0");
            });
    byte[] tampered = content();
    tampered[3] ^= 1;
    assertRefused(verdict(gpg.certificate("signer"), signature, tampered), Reason.BAD_SIGNATURE);
    byte[] badSignature = signature.clone();
    badSignature[badSignature.length - 5] ^= 1;
    assertRefused(
        verdict(gpg.certificate("signer"), badSignature, content()), Reason.BAD_SIGNATURE);
  }

  /// Packages are verified side by side, and the first ones find certificates that were not asked
  /// yet.
  @Test
  void manyThreadsGetTheSameVerdict() throws Exception {
    gpg.key("signer", "rsa2048", "sign");
    byte[] signature = gpg.sign(document, "signer");
    byte[] content = content();
    for (int round = 0; round < 20; round++) {
      Keyring keyring = Keyring.parse(gpg.certificate("signer"), "test");
      try (var threads = Executors.newFixedThreadPool(8)) {
        List<Callable<Verdict>> checks =
            Collections.nCopies(16, () -> keyring.verify(signature, content));
        for (Future<Verdict> verdict : threads.invokeAll(checks)) {
          assertThat(verdict.get()).isInstanceOf(Verdict.Good.class);
        }
      }
    }
  }

  @Test
  void refusesWhatAStrangerSigned() throws IOException {
    gpg.key("signer", "ed25519", "sign");
    String stranger = gpg.key("stranger", "ed25519", "sign");
    Verdict verdict = verdict(gpg.certificate("signer"), gpg.sign(document, "stranger"), content());
    assertRefused(verdict, Reason.UNKNOWN_KEY);
    assertThat(((Verdict.Refused) verdict).explanation()).contains(stranger);
  }

  @Test
  void acceptsASigningSubkeyThatIsBoundBothWays() throws IOException {
    String primary = gpg.key("signer", "ed25519", "cert");
    gpg.gpg("--quick-add-key", primary, "rsa2048", "sign", "never");
    byte[] signature = gpg.sign(document, "signer");
    byte[] certificate = gpg.certificate("signer");
    assertThat(verdict(certificate, signature, content()))
        .isInstanceOfSatisfying(
            Verdict.Good.class, good -> assertThat(good.fingerprint()).isEqualTo(primary));
    assertRefused(
        verdict(withoutBackSignature(certificate), signature, content()), Reason.UNUSABLE_KEY);
    assertRefused(verdict(withoutBinding(certificate), signature, content()), Reason.UNUSABLE_KEY);
  }

  /// The subkey does not say any more that it belongs to the primary key: anybody could have bound
  /// it.
  private static byte[] withoutBackSignature(byte[] certificate) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var in = new BCPGInputStream(new ByteArrayInputStream(certificate));
    var out = new BCPGOutputStream(bytes);
    for (Packet packet = in.readPacket(); packet != null; packet = in.readPacket()) {
      switch (packet) {
        case SignaturePacket signature
            when signature.getSignatureType() == PGPSignature.SUBKEY_BINDING ->
            out.writePacket(withUnhashed(signature, new SignatureSubpacket[0]));
        case ContainedPacket contained -> out.writePacket(contained);
        default -> throw new IllegalArgumentException(packet.toString());
      }
    }
    out.close();
    return bytes.toByteArray();
  }

  private static SignaturePacket withUnhashed(
      SignaturePacket packet, SignatureSubpacket[] unhashed) {
    return new SignaturePacket(
        packet.getVersion(),
        packet.getSignatureType(),
        packet.getKeyID(),
        packet.getKeyAlgorithm(),
        packet.getHashAlgorithm(),
        packet.getHashedSubPackets(),
        unhashed,
        packet.getFingerPrint(),
        packet.getSignature());
  }

  /// The primary key does not say any more that the subkey belongs to it (CVE-2021-3521).
  private static byte[] withoutBinding(byte[] certificate) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var in = new BCPGInputStream(new ByteArrayInputStream(certificate));
    var out = new BCPGOutputStream(bytes);
    boolean afterSubkey = false;
    for (Packet packet = in.readPacket(); packet != null; packet = in.readPacket()) {
      afterSubkey |= packet instanceof PublicSubkeyPacket;
      if (!(packet instanceof SignaturePacket && afterSubkey)) {
        out.writePacket((ContainedPacket) packet);
      }
    }
    out.close();
    return bytes.toByteArray();
  }

  @Test
  void acceptsAKeyThatExpiredLater() throws IOException {
    String key = gpg.key("signer", "ed25519", "sign");
    byte[] signature = gpg.at("20240301T000000").sign(document, "signer");
    gpg.gpg("--quick-set-expire", key, "1y");
    // Not compared: gpgv looks at the present, rpm and this at the time of the signature.
    assertThat(Keyring.parse(gpg.certificate("signer"), "test").verify(signature, content()))
        .isInstanceOf(Verdict.Good.class);
  }

  @Test
  void refusesAKeyThatHadExpired() throws IOException {
    String key = gpg.key("signer", "ed25519", "sign");
    byte[] signature = gpg.at("20240901T000000").sign(document, "signer");
    gpg.gpg("--quick-set-expire", key, "3m");
    assertRefused(verdict(gpg.certificate("signer"), signature, content()), Reason.UNUSABLE_KEY);
  }

  @Test
  void refusesARevokedKeyAtAnyTime() throws IOException {
    String key = gpg.key("signer", "ed25519", "sign");
    byte[] signature = gpg.at("20240301T000000").sign(document, "signer");
    gpg.at("20240601T000000").revoke(key);
    assertRefused(verdict(gpg.certificate("signer"), signature, content()), Reason.UNUSABLE_KEY);
  }

  @Test
  void refusesMoreThanGpgv() throws IOException {
    gpg.key("signer", "rsa2048", "sign");
    gpg.key("weak", "rsa1024", "sign");
    var keyring =
        Keyring.parse(gpg.certificate("signer"), "test")
            .with(Keyring.parse(gpg.certificate("weak"), "test"));
    assertRefused(
        keyring.verify(gpg.sign(document, "signer", "--textmode"), content()),
        Reason.UNUSABLE_SIGNATURE);
    assertRefused(
        keyring.verify(gpg.sign(document, "signer", "--digest-algo", "SHA1"), content()),
        Reason.UNUSABLE_SIGNATURE);
    assertRefused(
        keyring.verify(gpg.sign(document, "signer", "--digest-algo", "SHA224"), content()),
        Reason.UNUSABLE_SIGNATURE);
    assertRefused(keyring.verify(gpg.sign(document, "weak"), content()), Reason.UNUSABLE_KEY);
  }

  @Test
  void readsArmouredSignaturesAndKeysOneAfterAnother() throws IOException {
    gpg.key("first", "ed25519", "sign");
    gpg.key("second", "rsa2048", "sign");
    String both =
        "Some words before\n"
            + new String(gpg.armoured("first"), StandardCharsets.US_ASCII)
            + "and between\n"
            + new String(gpg.armoured("second"), StandardCharsets.US_ASCII);
    var keyring = Keyring.parse(both.getBytes(StandardCharsets.US_ASCII), "test");
    assertThat(keyring.fingerprints())
        .containsExactly(gpg.fingerprint("first"), gpg.fingerprint("second"));
    assertThat(keyring.verify(gpg.sign(document, "second", "--armor"), content()))
        .isInstanceOf(Verdict.Good.class);
  }

  @Test
  void oneTrustedSignatureIsEnoughUnlessAnotherIsOfOtherBytes() throws IOException {
    gpg.key("first", "ed25519", "sign");
    gpg.key("stranger", "ed25519", "sign");
    var keyring = Keyring.parse(gpg.certificate("first"), "test");
    byte[] good = gpg.sign(document, "first");
    byte[] strange = gpg.sign(document, "stranger");
    byte[] ofOther = gpg.sign(Files.writeString(directory.resolve("other"), "x"), "first");
    assertThat(keyring.verify(joined(strange, good), content())).isInstanceOf(Verdict.Good.class);
    assertRefused(keyring.verify(joined(good, ofOther), content()), Reason.BAD_SIGNATURE);
    assertRefused(keyring.verify(new byte[0], content()), Reason.UNSIGNED);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /// Whatever the damage: no exception, and never good.
  @Test
  void survivesDamagedSignatures() throws IOException {
    gpg.key("signer", "rsa2048", "sign");
    var keyring = Keyring.parse(gpg.certificate("signer"), "test");
    byte[] signature = gpg.sign(document, "signer");
    var unprotected = unprotected(signature);
    for (int at = 0; at < signature.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = signature.clone();
        damaged[at] ^= (byte) (1 << bit);
        Verdict verdict = keyring.verify(damaged, content());
        if (verdict instanceof Verdict.Good) {
          assertThat(unprotected).as("byte %d", at).contains(at);
        }
      }
    }
    for (int length = 0; length < signature.length; length++) {
      assertThat(keyring.verify(Arrays.copyOf(signature, length), content()))
          .isInstanceOf(Verdict.Refused.class);
    }
  }

  /// Bytes that a signature does not sign: the packet's head, and its unhashed part with the key
  /// id.
  private static List<Integer> unprotected(byte[] signature) {
    int head = 3;
    int hashed = ((signature[head + 4] & 0xff) << 8) | (signature[head + 5] & 0xff);
    int unhashed = head + 6 + hashed;
    int length = ((signature[unhashed] & 0xff) << 8) | (signature[unhashed + 1] & 0xff);
    return IntStream.range(0, signature.length)
        .filter(
            at ->
                at < head
                    || at == unhashed - 6
                    || (at >= unhashed && at < unhashed + 2 + length + 4))
        .boxed()
        .toList();
  }

  @Test
  void refusesWhatAreNoKeys() {
    gpg.key("signer", "ed25519", "sign");
    byte[] secret = gpg.gpg("--export-secret-keys", "=signer").output();
    byte[] certificate = gpg.certificate("signer");
    for (byte[] content :
        List.of(
            new byte[0],
            "hello".getBytes(StandardCharsets.US_ASCII),
            secret,
            gpg.sign(document, "signer"),
            Arrays.copyOf(certificate, certificate.length - 10))) {
      assertThatThrownBy(() -> Keyring.parse(content, "some.asc"))
          .isInstanceOf(OverpakException.class)
          .hasMessageStartingWith("cannot read keys from some.asc: ");
    }
  }
}
