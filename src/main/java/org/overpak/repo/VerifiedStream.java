package org.overpak.repo;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.overpak.BlockInputStream;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// A stream that must have a certain digest and size. A byte too many fails at once; the rest is
/// known at the end of the stream, so nothing that was read may be used before it was reached.
final class VerifiedStream extends BlockInputStream {
  /// Where no size is known. Fedora's largest filelists are 1 GiB; more than this is a bomb.
  static final long LARGEST = 8L << 30;

  private static final String ADVICE =
      "Try again; if it stays so, the repository or a mirror of it is damaged.";

  private final Digest expected;
  private final MessageDigest digest;
  private final long size;
  private final String what;
  private long count;
  private boolean verified;

  /// @param size in bytes, or {@link MetadataFile#UNKNOWN}
  /// @param what for messages: where the bytes come from
  VerifiedStream(InputStream in, Digest expected, long size, String what) {
    super(in);
    this.expected = expected;
    this.digest = expected.algorithm().start();
    this.size = size;
    this.what = what;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    if (read > 0) {
      digest.update(buffer, offset, read);
      count += read;
      refuseTooMany();
    } else if (read < 0 && !verified) {
      verify();
    }
    return read;
  }

  private void refuseTooMany() {
    long most = size == MetadataFile.UNKNOWN ? LARGEST : size;
    if (count > most) {
      throw new OverpakException(
          ExitCode.REPOSITORY, what + " is larger than the " + most + " bytes it may have", ADVICE);
    }
  }

  private void verify() {
    refuseTooMany(); // whoever goes on after that was said hears it again
    if (size != MetadataFile.UNKNOWN && count < size) {
      throw new OverpakException(
          ExitCode.REPOSITORY, what + " ends after " + count + " of " + size + " bytes", ADVICE);
    }
    Digest actual = Digest.finish(expected.algorithm(), digest);
    if (!actual.equals(expected)) {
      throw new OverpakException(
          ExitCode.UNTRUSTED,
          what + " has the checksum " + actual + ", but must have " + expected,
          ADVICE);
    }
    verified = true;
  }

  /// Reads what is left, and so verifies all.
  void finish() throws IOException {
    byte[] buffer = new byte[1 << 16];
    while (read(buffer, 0, buffer.length) >= 0) {
      // only to be counted
    }
  }
}
