package org.overpak.rpm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// What is installed in a root, as rpm's database says: an immutable value, which is read, changed
/// into others, and written.
///
/// A database that is read is foreign: it is opened read-only, only its headers are looked at, and
/// each must be what its digest says. Headers are taken into memory, and read when they are asked
/// for. What is written is always a whole SQLite database, the same bytes for the same packages.
public final class RpmDatabase {
  /// What rpm calls the keys that it keeps among the packages.
  private static final String KEY = "gpg-pubkey";

  /// Of a root where nothing is installed.
  public static final RpmDatabase EMPTY = new RpmDatabase(List.of(), 0);

  private final List<InstalledPackage> packages;

  /// The highest number that a package ever had.
  private final int lastNumber;

  private RpmDatabase(List<InstalledPackage> packages, int lastNumber) {
    this.packages = List.copyOf(packages);
    this.lastNumber =
        packages.isEmpty() ? lastNumber : Math.max(lastNumber, packages.getLast().number());
  }

  /// Reads `rpmdb.sqlite`, or `Packages.db` of the ndb format. What was not yet written back from a
  /// `-wal` or `-journal` beside a SQLite database counts.
  ///
  /// @throws OverpakException (IMAGE) if FILE is no such database, is damaged, or has a header that
  ///   is malformed or not what its digest says; (FILESYSTEM) if it cannot be read
  public static RpmDatabase open(Path file) {
    HeaderTable table = format(file).read(file);
    // Digests of all headers are the most of the work.
    return new RpmDatabase(
        table.rows().parallelStream().map(row -> installed(row, file)).toList(),
        table.lastNumber());
  }

  /// Where the database of ROOT is: where its own rpm is configured to have it (`%_dbpath`), else
  /// where distributions have it. Any format counts, also those that cannot be read.
  public static Optional<TreePath> find(FileTree root) {
    return DatabaseDirectory.find(root);
  }

  /// The directory in which ROOT's own rpm looks for its database; empty if no macro says it
  /// (`%_dbpath`).
  public static Optional<TreePath> configuredDirectory(FileTree root) {
    return DatabaseDirectory.configured(root);
  }

  /// Whether the database of ROOT can be opened where nothing can be written, as {@link #parked}
  /// leaves it; ROOT must have one.
  public static boolean isParked(FileTree root) {
    return ParkedDatabase.isParked(root, find(root).orElseThrow(RpmDatabase::missing));
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

  /// ROOT with its database at rest: a SQLite one not in WAL mode, which nobody can open where
  /// nothing can be written, and without lock and companions. The database is rewritten in the
  /// directory SCRATCH, which must stay as long as the tree is used.
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

  private static DatabaseFormat format(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      return DatabaseFormat.of(stream.readNBytes(DatabaseFormat.MAGIC))
          .orElseThrow(
              () -> Origin.ofDatabase(file.toString()).malformed("this is not an RPM database"));
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

  /// This database with INSTALLATIONS behind all others, in their order, which must be that of the
  /// transaction: rpm runs triggers of equal priority in the order of the database.
  ///
  /// @throws OverpakException (PACKAGE) if a package has in one of its headers what belongs into
  ///   the other
  public RpmDatabase install(List<Installation> installations, InstallTransaction transaction) {
    List<InstalledPackage> result = new ArrayList<>(packages);
    for (Installation each : installations) {
      int count = result.size() - packages.size();
      byte[] blob = InstalledHeader.of(each, transaction.after(count));
      result.add(installed(lastNumber + count + 1, blob, each.file().header().header()));
    }
    return new RpmDatabase(result, lastNumber);
  }

  private static InstalledPackage installed(int number, byte[] blob, Header from) {
    return new InstalledPackage(
        number, new PackageHeader(Header.parse(blob, HeaderKind.INSTALLED, from.origin())));
  }

  /// This database without the packages of these numbers, which are not given again.
  public RpmDatabase erase(Set<Integer> numbers) {
    return new RpmDatabase(
        packages.stream().filter(each -> !numbers.contains(each.number())).toList(), lastNumber);
  }

  /// This database with other states of the files of one package, of which another package may have
  /// replaced some.
  public RpmDatabase withStates(int number, List<FileState> states) {
    return new RpmDatabase(
        packages.stream()
            .map(
                each -> {
                  Header header = each.header().header();
                  return each.number() == number
                      ? installed(number, InstalledHeader.withStates(header, states), header)
                      : each;
                })
            .toList(),
        lastNumber);
  }

  /// Writes this database to FILE, an `rpmdb.sqlite`, which appears when it is complete.
  ///
  /// @throws OverpakException (FILESYSTEM) if it cannot be written
  public void write(Path file) {
    DatabaseFile.write(file, packages, lastNumber);
  }

  /// ROOT with a written database in the place of any other: where one is, else where the root's
  /// own rpm is configured to have it, else in `usr/lib/sysimage/rpm`.
  ///
  /// @param file what {@link #write} wrote, which must stay as long as the tree is used
  /// @param modified time of the file, seconds since 1970, UTC
  /// @throws OverpakException (IMAGE) if the database that is there is no SQLite one: the root's
  ///   rpm would go on reading it
  public static FileTree store(Path file, FileTree root, long modified) {
    try {
      return ParkedDatabase.replace(
          root,
          DatabaseDirectory.place(root),
          new Entry.RegularFile(
              Attributes.of(0644, modified), Content.ofFile(file, Files.size(file))));
    } catch (IOException e) {
      throw PackageFile.unreadable(file, e);
    }
  }
}
