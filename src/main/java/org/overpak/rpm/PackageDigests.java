package org.overpak.rpm;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// The digests that a package file carries of itself.
///
/// Of the payload, one digest is computed: the first of SHA-256, SHA-512, SHA3-256 in the header,
/// or, where there is none, the MD5 of header and payload in the signature header. More of them
/// would prove nothing more.
final class PackageDigests {
  private final PackageFile file;
  private final Header signature;
  private final Header header;

  PackageDigests(PackageFile file) {
    this.file = file;
    this.signature = file.signatureHeader();
    this.header = file.header().header();
  }

  /// A digest of the payload that the header promises: of its compressed bytes, and perhaps of what
  /// they decompress to, either of which will do (a payload may be compressed anew).
  ///
  /// @param decompressed null where there is none
  record Promise(Digest compressed, @Nullable Digest decompressed) {}

  /// Checks header and size against the signature header.
  List<Integrity.Verified> verifyHeader() {
    long expected =
        signature.number(SignatureTag.LONGSIZE, signature.number(SignatureTag.SIZE, -1));
    long actual = file.size() - file.headerOffset();
    if (expected >= 0 && expected != actual) {
      throw mismatch("header and payload have %d bytes instead of %d", actual, expected);
    }
    List<Integrity.Verified> result = new ArrayList<>();
    verifyHeader(SignatureTag.SHA256, Digest.Algorithm.SHA256, result);
    verifyHeader(SignatureTag.SHA3_256, Digest.Algorithm.SHA3_256, result);
    verifyHeader(SignatureTag.SHA1, Digest.Algorithm.SHA1, result);
    return result;
  }

  private void verifyHeader(
      SignatureTag tag, Digest.Algorithm algorithm, List<Integrity.Verified> result) {
    if (signature.has(tag)) {
      Digest expected = digest(algorithm, signature.string(tag), signature);
      result.add(verified(Coverage.HEADER, header.digest(algorithm), expected));
    }
  }

  /// What the header says of the payload; null if nothing.
  @Nullable Promise promise() {
    if (header.has(Tag.PAYLOADSHA256)) {
      Digest.Algorithm algorithm =
          DigestNumber.algorithm(header.number(Tag.PAYLOADSHA256ALGO, 8), header);
      return promise(algorithm, Tag.PAYLOADSHA256, Tag.PAYLOADSHA256ALT);
    }
    if (header.has(Tag.PAYLOADSHA512)) {
      return promise(Digest.Algorithm.SHA512, Tag.PAYLOADSHA512, Tag.PAYLOADSHA512ALT);
    }
    if (header.has(Tag.PAYLOADSHA3_256)) {
      return promise(Digest.Algorithm.SHA3_256, Tag.PAYLOADSHA3_256, Tag.PAYLOADSHA3_256ALT);
    }
    return null;
  }

  private Promise promise(Digest.Algorithm algorithm, Tag tag, Tag alternative) {
    return new Promise(
        digest(algorithm, header.string(tag), header),
        header.has(alternative) ? digest(algorithm, header.string(alternative), header) : null);
  }

  private static Digest digest(Digest.Algorithm algorithm, String hex, Header where) {
    try {
      return new Digest(algorithm, hex.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw where.origin().malformed("%s", e.getMessage());
    }
  }

  /// The algorithm to feed the compressed payload to; null if no digest covers it.
  Digest.@Nullable Algorithm payloadAlgorithm() {
    Promise promise = promise();
    if (promise != null) {
      return promise.compressed().algorithm();
    }
    return signature.has(SignatureTag.MD5) ? Digest.Algorithm.MD5 : null;
  }

  /// The digest to feed the compressed payload to; null if none covers it.
  @Nullable MessageDigest startPayload() {
    Digest.Algorithm algorithm = payloadAlgorithm();
    if (algorithm == null) {
      return null;
    }
    MessageDigest result = algorithm.start();
    if (promise() == null) {
      result.update(header.signedBytes());
    }
    return result;
  }

  /// Checks what the compressed payload was fed to.
  Integrity finishPayload(@Nullable MessageDigest digest) {
    List<Integrity.Verified> result = new ArrayList<>(verifyHeader());
    Digest.Algorithm algorithm = payloadAlgorithm();
    if (digest != null && algorithm != null) {
      Digest actual = Digest.finish(algorithm, digest);
      Promise promise = promise();
      if (promise == null) {
        Digest expected =
            digest(
                algorithm, HexFormat.of().formatHex(signature.bytes(SignatureTag.MD5)), signature);
        result.add(verified(Coverage.HEADER_AND_PAYLOAD, actual, expected));
      } else if (!actual.equals(promise.compressed()) && promise.decompressed() != null) {
        result.add(
            verified(Coverage.PAYLOAD, decompressedDigest(algorithm), promise.decompressed()));
      } else {
        result.add(verified(Coverage.PAYLOAD, actual, promise.compressed()));
      }
    }
    return new Integrity(result);
  }

  private Digest decompressedDigest(Digest.Algorithm algorithm) {
    MessageDigest digest = algorithm.start();
    try (InputStream stream = PayloadSource.of(file).open()) {
      new PayloadLimit(file).copy(stream, digest::update);
    } catch (IOException e) {
      throw mismatch("the payload is damaged: %s", e.getMessage());
    }
    return Digest.finish(algorithm, digest);
  }

  /// One pass over the file, without decompressing.
  Integrity verify() {
    MessageDigest digest = startPayload();
    if (digest != null) {
      try (InputStream stream = file.open(Coverage.PAYLOAD)) {
        byte[] buffer = new byte[1 << 16];
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
          digest.update(buffer, 0, count);
        }
      } catch (IOException e) {
        throw PackageFile.unreadable(file.path(), e);
      }
    }
    return finishPayload(digest);
  }

  private Integrity.Verified verified(Coverage coverage, Digest actual, Digest expected) {
    if (!actual.equals(expected)) {
      String what =
          switch (coverage) {
            case HEADER -> "header";
            case PAYLOAD -> "payload";
            case HEADER_AND_PAYLOAD -> "header with its payload";
          };
      throw mismatch("the %s is %s, but must be %s", what, actual, expected);
    }
    return new Integrity.Verified(coverage, actual);
  }

  @SuppressWarnings("AnnotateFormatMethod") // not worth a dependency
  private OverpakException mismatch(String format, @Nullable Object... arguments) {
    return new OverpakException(
        ExitCode.UNTRUSTED,
        file.path() + ": " + String.format(Locale.ROOT, format, arguments),
        "The file is damaged or was changed: fetch the package again.");
  }
}
