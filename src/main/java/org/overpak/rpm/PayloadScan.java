package org.overpak.rpm;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Content;
import org.overpak.tree.TreePath;

/// Finds in one pass over a payload where the content of each file lies, while it is verified.
///
/// Each record must be a file of the header, each file of the header a record, and sizes must agree
/// (rpmfi.cc, `iterReadArchiveNext`); all else that the archive says is ignored.
final class PayloadScan {
  private static final Content EMPTY = Content.of(new byte[0]);

  private final PackageFile file;
  private final Origin origin;
  private final List<FileInfo> files;
  private final PayloadSource source;
  private final @Nullable Content[] contents;
  private final boolean[] seen;
  private final Map<Integer, List<Integer>> links = new HashMap<>();
  private final Map<TreePath, Integer> numbers = new HashMap<>();
  private final byte[] buffer = new byte[1 << 16];

  PayloadScan(PackageFile file) {
    this.file = file;
    this.origin = file.header().header().origin();
    this.files = file.header().files();
    this.source = PayloadSource.of(file);
    this.contents = new Content[files.size()];
    this.seen = new boolean[files.size()];
    Collection<List<Integer>> sets = HardLinks.of(files);
    sets.forEach(members -> members.forEach(member -> links.put(member, members)));
    for (int number = 0; number < files.size(); number++) {
      if (numbers.put(files.get(number).path(), number) != null) {
        throw origin.unfit("two files have the path %s", files.get(number).path());
      }
    }
  }

  /// The content of a regular file by its number, once the payload was read.
  Content content(int number) {
    Content content = contents[number];
    if (content == null) {
      throw new IllegalStateException("a payload without " + files.get(number).path());
    }
    return content;
  }

  /// Reads the payload of a file that was verified before.
  void read() {
    try (InputStream stream = source.open()) {
      readRecords(stream);
    } catch (IOException e) {
      throw damaged(e);
    } catch (IllegalArgumentException e) {
      throw origin.unfit("malformed payload: %s", e.getMessage());
    }
    finish();
  }

  /// Reads the payload and computes its digests in the same pass. Where both are wrong, the digest
  /// is reported: a damaged archive needs no other explanation.
  Integrity verify() {
    var digests = new PackageDigests(file);
    MessageDigest digest = digests.startPayload();
    @Nullable OverpakException failure = null;
    try (InputStream compressed = compressed(digest)) {
      try (InputStream stream = source.compression().decompress(new Unclosed(compressed))) {
        readRecords(stream);
      } catch (IOException e) {
        failure = damaged(e);
      } catch (IllegalArgumentException e) {
        failure = origin.unfit("malformed payload: %s", e.getMessage());
      } catch (OverpakException e) {
        failure = e;
      }
      while (compressed.read(buffer) >= 0) {
        // What follows the archive's end belongs to the digest.
      }
    } catch (IOException e) {
      throw PackageFile.unreadable(file.path(), e);
    }
    Integrity result = digests.finishPayload(digest);
    if (failure != null) {
      throw failure;
    }
    finish();
    return result;
  }

  private InputStream compressed(@Nullable MessageDigest digest) throws IOException {
    InputStream raw = file.open(Coverage.PAYLOAD);
    return new BufferedInputStream(
        digest == null ? raw : new DigestInputStream(raw, digest), 1 << 16);
  }

  /// Keeps a stream open when a decoder of it is closed.
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream stream) {
      super(stream);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return in.read(bytes, offset, length);
    }

    @Override
    public void close() {}
  }

  private OverpakException damaged(IOException e) {
    String why = e instanceof EOFException ? "it ends too early" : String.valueOf(e.getMessage());
    return origin.unfit("the payload cannot be unpacked: %s", why);
  }

  private void readRecords(InputStream stream) throws IOException {
    var cpio = new CpioReader(stream);
    for (var next = cpio.next(); next != null; next = cpio.next()) {
      switch (next) {
        case CpioRecord.Named(TreePath path, long size) -> readFile(cpio, number(path), size);
        case CpioRecord.Numbered(long number) -> {
          if (number >= files.size()) {
            throw new IllegalArgumentException(
                "it names file " + number + " of " + files.size() + " in the header");
          }
          readFile(cpio, (int) number, strippedSize((int) number));
        }
      }
    }
  }

  private int number(TreePath path) {
    Integer number = numbers.get(path);
    if (number == null) {
      throw new IllegalArgumentException(path + " is not in the header");
    }
    return number;
  }

  /// How much data a record has that does not say it: the last hard link has it for all.
  private long strippedSize(int number) {
    FileInfo info = files.get(number);
    List<Integer> members = links.get(number);
    if (members != null && members.getLast() != number) {
      return 0;
    }
    return info.isRegular() || info.isSymlink() ? info.size() : 0;
  }

  private void readFile(CpioReader cpio, int number, long size) throws IOException {
    FileInfo info = files.get(number);
    if (seen[number]) {
      throw new IllegalArgumentException(info.path() + " is in it twice");
    }
    seen[number] = true;
    boolean withLaterLink = size == 0 && links.containsKey(number) && info.size() > 0;
    if (!withLaterLink) {
      checkSize(info, size);
    }
    long start = cpio.position();
    boolean keep = info.isRegular() && !info.isGhost() && !withLaterLink;
    Digest expected = keep ? info.contentDigest() : null;
    MessageDigest digest = expected == null ? null : expected.algorithm().start();
    for (long left = size; left > 0; ) {
      int count = cpio.read(buffer, left);
      if (digest != null) {
        digest.update(buffer, 0, count);
      }
      left -= count;
    }
    if (expected != null && digest != null) {
      checkDigest(info, Digest.finish(expected.algorithm(), digest), expected);
    }
    if (keep) {
      Content content = size == 0 ? EMPTY : new Content.Slice(source, start, size);
      contents[number] = content;
    }
  }

  /// Of a symbolic link, some builds say the size of the target, others what the filesystem said.
  private static void checkSize(FileInfo info, long size) {
    long expected = info.isRegular() || info.isSymlink() ? info.size() : 0;
    boolean targetFits =
        info.isSymlink() && size == info.linkTarget().getBytes(StandardCharsets.UTF_8).length;
    if (size != expected && !targetFits) {
      throw new IllegalArgumentException(
          info.path() + " has " + size + " bytes, the header says " + expected);
    }
  }

  private void checkDigest(FileInfo info, Digest actual, Digest expected) {
    if (!actual.equals(expected)) {
      throw new OverpakException(
          ExitCode.UNTRUSTED,
          origin.name() + ": " + info.path() + " is " + actual + ", but must be " + expected,
          "The file is damaged or was changed: fetch the package again.");
    }
  }

  /// Gives hard links the content of the one that has it, and sees that nothing is missing.
  private void finish() {
    for (int number = 0; number < files.size(); number++) {
      FileInfo info = files.get(number);
      if (!seen[number] && !info.isGhost()) {
        throw origin.unfit("malformed payload: %s is missing", info.path());
      }
    }
    for (List<Integer> members : links.values()) {
      Content shared = null;
      for (int member : members) {
        shared = contents[member] == null ? shared : contents[member];
      }
      if (shared == null) {
        throw origin.unfit(
            "malformed payload: no hard link to %s has its content",
            files.get(members.getFirst()).path());
      }
      for (int member : members) {
        contents[member] = shared;
      }
    }
  }
}
