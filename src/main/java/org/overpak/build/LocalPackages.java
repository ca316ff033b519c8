package org.overpak.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.repo.PackageSource;
import org.overpak.repo.RepositoryConfig;
import org.overpak.repo.RepositoryPackage;
import org.overpak.rpm.PackageFile;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.PackageIndex;
import org.overpak.solve.Resolution;

/// Package files that the spec names: to the solver they are a repository of their own, as in dnf.
/// Nobody vouches for them but who wrote the spec, so their signatures are not asked for (dnf's
/// `localpkg_gpgcheck=0`), and a note says so.
final class LocalPackages {
  /// What the repository of local files is called.
  static final String REPOSITORY = "commandline";

  private final RepositoryConfig config;
  private final int priority;
  private final List<RepositoryPackage> packages = new ArrayList<>();

  private LocalPackages(String id, int priority) {
    this.config = RepositoryConfig.parseOption(id + "=/", List.of()).withoutGpgcheck();
    this.priority = priority;
  }

  /// None yet, of those that a spec names.
  static LocalPackages ofSpec() {
    return new LocalPackages(REPOSITORY, RepositoryConfig.Selection.DEFAULT.priority());
  }

  /// None yet, which are preferred to all that repositories offer.
  ///
  /// @param id what their repository is called
  static LocalPackages preferred(String id) {
    return new LocalPackages(id, 1);
  }

  String id() {
    return config.id();
  }

  /// As a repository has one.
  int priority() {
    return priority;
  }

  /// Whether SPEC names a file, as dnf decides it.
  static boolean isFile(String spec) {
    return spec.endsWith(".rpm");
  }

  /// Adds the file that SPEC names.
  ///
  /// @param directory what relative names are relative to
  /// @return its position
  int add(String spec, Path directory, Consumer<String> notes) {
    if (spec.contains("://")) {
      throw new OverpakException(
          ExitCode.SPEC,
          "'" + spec + "' in 'packages' is a URL",
          "Download the package and name its file, or give the repository that has it (--repo).");
    }
    Path file = directory.resolve(spec).toAbsolutePath().normalize();
    if (!Files.isRegularFile(file)) {
      throw new OverpakException(
          ExitCode.SPEC,
          "'" + spec + "' in 'packages' names a package file, but there is none: " + file,
          "Correct the name, which is relative to the spec.");
    }
    PackageHeader header = PackageFile.open(file).header();
    try {
      packages.add(
          new RepositoryPackage(
              header.metadata(),
              id(),
              file.toString(),
              digest(file),
              Files.size(file),
              header.buildTime()));
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM, "cannot read " + file + ": " + e.getMessage(), "", e);
    }
    notes.accept("the signature of " + file.getFileName() + ", a local file, is not checked");
    return packages.size() - 1;
  }

  static Digest digest(Path file) throws IOException {
    var digest = Digest.Algorithm.SHA256.start();
    byte[] buffer = new byte[1 << 16];
    try (var in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return Digest.finish(Digest.Algorithm.SHA256, digest);
  }

  PackageIndex index() {
    return PackageIndex.of(packages.stream().map(RepositoryPackage::metadata).toList());
  }

  Selection.Added added(int position, Resolution.Reason reason) {
    RepositoryPackage metadata = packages.get(position);
    return new Selection.Added(metadata, source(metadata), reason);
  }

  /// Where all of them are.
  List<PackageSource> sources() {
    return packages.stream().map(this::source).toList();
  }

  private PackageSource source(RepositoryPackage metadata) {
    return new PackageSource(
        config,
        metadata.nevra(),
        List.of(RepositoryConfig.parseLocation(metadata.href())),
        metadata.digest(),
        metadata.size());
  }
}
