package org.overpak.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SortedMap;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.Ref;
import org.overpak.gvariant.Variant;
import org.overpak.ostree.ArchiveRepository;
import org.overpak.ostree.Commit;
import org.overpak.ostree.Detached;
import org.overpak.ostree.Revision;
import org.overpak.ostree.StaticDelta;

/// Puts the commit of a Flatpak where Flatpak had it before images: into a repository or a bundle.
public final class CommitExport {
  private CommitExport() {}

  /// A commit that was written.
  ///
  /// @param installedSize as Flatpak counts it, in bytes
  public record Written(FlatpakName name, Ref ref, Digest commit, long installedSize) {}

  /// Adds what is called NAME to the repository in DIRECTORY, see {@link ArchiveRepository#write}.
  ///
  /// @throws org.overpak.OverpakException (IMAGE) if NAME is missing, damaged or no Flatpak; and as
  ///   the writer does
  public static Written toRepository(
      FlatpakName name, Path directory, OstreeOptions options, Path cache, Progress progress) {
    try (var work = WorkDirectory.in(cache)) {
      FlatpakSource source = FlatpakSource.open(name, work, progress);
      Revision revision = options.sign(source.revision(progress));
      ArchiveRepository.write(directory, List.of(revision), new Indexer(options), progress);
      return written(new FlatpakName.InRepository(directory, revision.ref()), source, revision);
    }
  }

  /// Writes what is called NAME as FILE, as `flatpak build-bundle` does.
  ///
  /// @throws org.overpak.OverpakException (IMAGE) if NAME is missing, damaged or no Flatpak;
  ///   (FILESYSTEM) if FILE cannot be written
  public static Written toBundle(
      FlatpakName name, Path file, OstreeOptions options, Path cache, Progress progress) {
    try (var work = WorkDirectory.in(cache)) {
      FlatpakSource source = FlatpakSource.open(name, work, progress);
      Revision revision = options.sign(source.revision(progress));
      byte[] bytes = StaticDelta.write(revision, BundleHeader.of(revision));
      Path target = file.toAbsolutePath();
      Path partial = target.resolveSibling(target.getFileName() + ".partial");
      try {
        Files.write(partial, bytes);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
      return written(new FlatpakName.Bundle(file), source, revision);
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          file + " cannot be written: " + e.getMessage(),
          "Check permissions and space there.",
          e);
    }
  }

  private static Written written(FlatpakName name, FlatpakSource source, Revision revision) {
    return new Written(
        name, source.ref(), revision.commit().id(), CommitTree.installedSize(source.tree()));
  }

  record Indexer(OstreeOptions options) implements ArchiveRepository.Indexer {
    @Override
    public byte[] summary(SortedMap<String, Commit> commits, String mode) {
      return RepositorySummary.of(commits, mode);
    }

    @Override
    public Variant.Array signatures(byte[] summary) {
      return options.sign(Detached.NONE, summary);
    }
  }
}
