package org.overpak.rpm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What is installed in a root, as rpm's database says.
///
/// The database is foreign: it is opened read-only, only its table of headers is looked at, and
/// each header must be what its digest says. Headers are taken into memory, and read when they are
/// asked for.
public final class RpmDatabase {
  /// What rpm calls the keys that it keeps among the packages.
  private static final String KEY = "gpg-pubkey";

  private final List<InstalledPackage> packages;

  private RpmDatabase(List<InstalledPackage> packages) {
    this.packages = packages;
  }

  /// Reads `rpmdb.sqlite`; what was not yet written back from a `-wal` or `-journal` beside it
  /// counts.
  ///
  /// @throws OverpakException (IMAGE) if FILE is no SQLite database, is damaged, or has a header
  ///   that is malformed or not what its digest says; (FILESYSTEM) if it cannot be read
  public static RpmDatabase open(Path file) {
    requireFormat(file);
    List<HeaderRow> rows = HeaderTable.read(file);
    // Digests of all headers are the most of the work.
    return new RpmDatabase(rows.parallelStream().map(row -> installed(row, file)).toList());
  }

  /// Where the database of ROOT is: where its own rpm is configured to have it (`%_dbpath`), else
  /// where distributions have it. Any format counts, also those that cannot be read.
  public static Optional<TreePath> find(FileTree root) {
    return DatabaseDirectory.find(root);
  }

  /// Reads the database of ROOT, copied into the directory SCRATCH first.
  ///
  /// @throws OverpakException as {@link #open(Path)}, and (IMAGE) if there is none
  public static RpmDatabase open(FileTree root, Path scratch) {
    TreePath file = find(root).orElseThrow(RpmDatabase::missing);
    Path copy = copyOut(root, file, scratch);
    try {
      return open(copy);
    } catch (OverpakException e) {
      throw e.in("reading " + file + " of the image");
    }
  }

  /// Copies the database FILE of ROOT, with the changes that only its companions have, into the
  /// directory SCRATCH, which is made if it is not there.
  static Path copyOut(FileTree root, TreePath file, Path scratch) {
    try {
      Files.createDirectories(scratch);
      for (String suffix : List.of("", "-wal", "-journal")) {
        TreePath part = file.parent().resolve(file.name() + suffix);
        Path target = scratch.resolve(part.name());
        Files.deleteIfExists(target);
        if (root.get(part).orElse(null) instanceof Entry.RegularFile found) {
          try (InputStream content = found.content().open()) {
            Files.copy(content, target);
          }
        }
      }
      return scratch.resolve(file.name());
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "the RPM database " + file + " cannot be copied out of the image: " + e.getMessage(),
          "Check that " + scratch + " is writable and has room.",
          e);
    }
  }

  /// ROOT with its database at rest: not in WAL mode, which nobody can open where nothing can be
  /// written, and without lock and companions. The database is rewritten in the directory SCRATCH,
  /// which must stay as long as the tree is used.
  ///
  /// @throws OverpakException (IMAGE) if there is no database, or one that cannot be opened
  public static FileTree parked(FileTree root, Path scratch) {
    return ParkedDatabase.in(root, find(root).orElseThrow(RpmDatabase::missing), scratch);
  }

  private static OverpakException missing() {
    return new OverpakException(
        ExitCode.IMAGE,
        "the image has no RPM database",
        "Use a runtime that was built from packages and keeps its database, in"
            + " usr/lib/sysimage/rpm, var/lib/rpm or usr/share/rpm.");
  }

  private static void requireFormat(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      DatabaseFormat format =
          DatabaseFormat.of(stream.readNBytes(DatabaseFormat.MAGIC))
              .orElseThrow(
                  () ->
                      Origin.ofDatabase(file.toString()).malformed("this is not an RPM database"));
      format.requireReadable(file.toString());
    } catch (NoSuchFileException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM, file + ": no such file", "Check the name of the database.", e);
    } catch (IOException e) {
      throw PackageFile.unreadable(file, e);
    }
  }

  private static InstalledPackage installed(HeaderRow row, Path file) {
    Origin origin = Origin.ofDatabase(file + ", package " + row.number());
    Header header = Header.parse(row.blob(), HeaderKind.INSTALLED, origin);
    verify(header, Tag.SHA256HEADER, Digest.Algorithm.SHA256);
    verify(header, Tag.SHA3_256HEADER, Digest.Algorithm.SHA3_256);
    if (!header.has(Tag.SHA256HEADER)) {
      verify(header, Tag.SHA1HEADER, Digest.Algorithm.SHA1);
    }
    return new InstalledPackage(row.number(), new PackageHeader(header));
  }

  private static void verify(Header header, Tag tag, Digest.Algorithm algorithm) {
    if (header.has(tag)) {
      Digest actual = header.digest(algorithm);
      if (!actual.hex().equals(header.string(tag))) {
        throw header
            .origin()
            .malformed("the header is %s, but must be %s", actual, header.string(tag));
      }
    }
  }

  /// All installed packages in the order of their rows, without keys.
  public List<InstalledPackage> packages() {
    return packages.stream().filter(p -> !p.nevra().name().equals(KEY)).toList();
  }

  /// The OpenPGP keys that rpm keeps among the packages.
  public List<InstalledPackage> keys() {
    return packages.stream().filter(p -> p.nevra().name().equals(KEY)).toList();
  }
}
