package org.overpak.rpm;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.FileTree;

/// A `.rpm` file: lead, signature header, header, payload. Opening it reads the headers; the file
/// must stay as it is as long as this or a tree of its payload is used. Holds no file open.
public final class PackageFile {
  private static final int LEAD = 96;
  private static final int LEAD_MAGIC = 0xedabeedb;
  private static final int PADDING = 8;

  private final Path path;
  private final long size;
  private final Header signature;
  private final PackageHeader header;
  private final long headerOffset;
  private final long payloadOffset;
  private @Nullable Integrity integrity;

  private PackageFile(
      Path path,
      long size,
      Header signature,
      PackageHeader header,
      long headerOffset,
      long payloadOffset) {
    this.path = path;
    this.size = size;
    this.signature = signature;
    this.header = header;
    this.headerOffset = headerOffset;
    this.payloadOffset = payloadOffset;
  }

  /// Reads the headers of FILE and checks their digests against the signature header.
  ///
  /// @throws OverpakException (REPOSITORY) if it is not a package, or is truncated or malformed;
  ///   (UNTRUSTED) if its header is not what its digests say; (PACKAGE) if it is a source package,
  ///   or made for an rpm with features that are not known here
  public static PackageFile open(Path file) {
    return open(file, false);
  }

  /// The same of a source package, which rpmbuild reads.
  ///
  /// @throws OverpakException (PACKAGE) if it is none; else as {@link #open}
  public static PackageFile openSource(Path file) {
    return open(file, true);
  }

  private static PackageFile open(Path file, boolean source) {
    Origin origin = Origin.ofPackageFile(file);
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return read(stream, file, Files.size(file), source, origin);
    } catch (EOFException e) {
      throw origin.malformed("the file ends inside its headers");
    } catch (NoSuchFileException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM, file + ": no such file", "Check the name of the package file.", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static OverpakException unreadable(Path file, IOException e) {
    return new OverpakException(
        ExitCode.FILESYSTEM,
        file + ": cannot be read: " + e.getMessage(),
        "Check that the file is there and may be read.",
        e);
  }

  private static PackageFile read(
      InputStream stream, Path file, long size, boolean source, Origin origin) throws IOException {
    ByteBuffer lead = ByteBuffer.wrap(stream.readNBytes(LEAD));
    if (lead.remaining() < Integer.BYTES || lead.getInt() != LEAD_MAGIC) {
      throw origin.malformed("this is not an RPM package");
    }
    var reader = new HeaderReader(stream, size - LEAD, origin);
    Header signature = reader.read(HeaderKind.SIGNATURE);
    long signatureEnd = size - reader.left();
    int padding = (int) (-signatureEnd & (PADDING - 1));
    reader.skip(padding);
    long headerOffset = size - reader.left();
    Header header = reader.read(HeaderKind.PACKAGE);
    var result =
        new PackageFile(
            file, size, signature, new PackageHeader(header), headerOffset, size - reader.left());
    if (source) {
      result.checkSource(origin);
    } else {
      result.checkInstallable(origin);
    }
    new PackageDigests(result).verifyHeader();
    return result;
  }

  private void checkSource(Origin origin) {
    if (!header.isSource()) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          origin.name() + " is no source package",
          "Name the source package that it is built from.");
    }
  }

  private void checkInstallable(Origin origin) {
    if (header.isSource()) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          origin.name() + " is a source package",
          "Name the binary package that is built from it.");
    }
    List<Dependency> missing = RpmFeatures.missing(header.requirements());
    if (!missing.isEmpty()) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          origin.name() + " needs features of rpm that are not known here: " + missing,
          "Use a newer Overpak, or a package built for an older rpm.");
    }
  }

  public Path path() {
    return path;
  }

  /// Length of the file, in bytes.
  public long size() {
    return size;
  }

  public PackageHeader header() {
    return header;
  }

  /// Digests and signatures, by {@link SignatureTag}.
  public Header signatureHeader() {
    return signature;
  }

  /// Where the header begins and the signature header with its padding ends.
  public long headerOffset() {
    return headerOffset;
  }

  /// Where the compressed payload begins and the header ends.
  public long payloadOffset() {
    return payloadOffset;
  }

  /// The signatures in the file. Those that rpm 6 made stand for all others of the same coverage,
  /// which are for older versions of it.
  public List<PackageSignature> signatures() {
    List<PackageSignature> result = new ArrayList<>();
    for (String text : signature.strings(SignatureTag.OPENPGP)) {
      try {
        result.add(new PackageSignature(Coverage.HEADER, Base64.getMimeDecoder().decode(text)));
      } catch (IllegalArgumentException e) {
        throw signature.origin().malformed("a signature is not base64: %s", e.getMessage());
      }
    }
    if (result.isEmpty()) {
      addSignature(result, SignatureTag.RSA, Coverage.HEADER);
      addSignature(result, SignatureTag.DSA, Coverage.HEADER);
    }
    addSignature(result, SignatureTag.PGP, Coverage.HEADER_AND_PAYLOAD);
    addSignature(result, SignatureTag.GPG, Coverage.HEADER_AND_PAYLOAD);
    return result;
  }

  private void addSignature(List<PackageSignature> result, SignatureTag tag, Coverage coverage) {
    if (signature.has(tag)) {
      result.add(new PackageSignature(coverage, signature.bytes(tag)));
    }
  }

  /// The bytes of the file that COVERAGE names: what a signature of that coverage signs.
  public InputStream open(Coverage coverage) throws IOException {
    return switch (coverage) {
      case HEADER -> new ByteArrayInputStream(header.header().signedBytes());
      case PAYLOAD -> openAt(payloadOffset);
      case HEADER_AND_PAYLOAD -> openAt(headerOffset);
    };
  }

  private InputStream openAt(long offset) throws IOException {
    InputStream stream = Files.newInputStream(path);
    try {
      if (Files.size(path) != size) {
        throw new IOException("the file has changed since it was opened");
      }
      stream.skipNBytes(offset);
      return stream;
    } catch (IOException e) {
      stream.close();
      throw e;
    }
  }

  /// Reads the whole file once, and says what its digests cover.
  ///
  /// @throws OverpakException (UNTRUSTED) if a digest or the size is not what the headers say
  public Integrity verify() {
    Integrity result = integrity;
    if (result == null) {
      result = new PackageDigests(this).verify();
      integrity = result;
    }
    return result;
  }

  /// The files of the package, ghosts left out, with content that is read from the payload when it
  /// is asked for. Reads the payload once, verifying it and each file of it.
  ///
  /// @param accounts of the root that the files are for
  /// @throws OverpakException (UNTRUSTED) if a digest is wrong; (PACKAGE) if the payload is
  ///   malformed or does not hold what the header says
  public FileTree payload(Accounts accounts) {
    var scan = new PayloadScan(this);
    if (integrity == null) {
      integrity = scan.verify();
    } else {
      scan.read();
    }
    return new HeaderTree(header, accounts).with(scan::content);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
