package org.overpak.build;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.overpak.Digest;
import org.overpak.repo.Downloads;
import org.overpak.repo.MetadataFile;
import org.overpak.repo.PackageSource;
import org.overpak.repo.RepositoryMetadata;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;
import org.overpak.rpm.ProvideGenerator;
import org.overpak.rpm.Relations;

/// Packages of repositories that a runtime without an RPM database has all files of: as good as
/// installed, so that what is required by their names is met.
///
/// A package counts if each of its files is there that a runtime keeps (documentation and
/// translations it need not keep), and if the files provide what the package says that they do:
/// another version of a library has the same names, but not the same versions of symbols. Of
/// several versions the highest counts. Nothing is asked of such a package but what it provides:
/// the runtime is as it is.
record RecognizedPackages(PackageMetadata runtime, List<RepositoryMetadata> repositories) {
  /// Decide how others' scripts run, so that their headers are needed: the one that watches `/app`,
  /// as flatpak-module-tools has it, and the rpm whose rules are to be followed.
  private static final Set<String> OF_SCRIPTS = Set.of("flatpak-runtime-config", "rpm");

  /// Where files are that runtimes leave out, or have elsewhere, or only find where they run.
  private static final List<String> NOT_KEPT =
      List.of(
          "/usr/share/doc/",
          "/usr/share/man/",
          "/usr/share/info/",
          "/usr/share/licenses/",
          "/usr/share/locale/",
          "/usr/share/help/",
          "/usr/share/gtk-doc/",
          "/usr/lib/debug/",
          "/usr/lib/.build-id/",
          "/usr/src/",
          "/boot/",
          "/run/",
          "/tmp/",
          "/var/");

  RecognizedPackages {
    repositories = List.copyOf(repositories);
  }

  /// The runtime's own package, then those that are recognized: known from the second time on that
  /// the same repositories meet the same runtime.
  ///
  /// @param runtimeKey tells the runtime from others
  PackageIndex find(Digest runtimeKey, Downloads downloads) {
    return downloads.remembered(
        key(runtimeKey),
        () -> Stream.concat(Stream.of(runtime), recognize(downloads).stream()).toList());
  }

  private Digest key(Digest runtimeKey) {
    var text = new StringBuilder("recognized-1\n").append(runtimeKey);
    for (RepositoryMetadata repository : repositories) {
      for (String type : List.of("primary", "filelists")) {
        text.append('\n')
            .append(repository.index().file(type).map(MetadataFile::digest).map(Digest::toString));
      }
    }
    return Digest.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private List<PackageMetadata> recognize(Downloads downloads) {
    Set<String> paths = new HashSet<>(runtime.files());
    Set<String> provided = new HashSet<>();
    runtime.relations().provides().forEach(provide -> provided.add(provide.toString()));
    Map<String, PackageMetadata> highest = new TreeMap<>();
    for (RepositoryMetadata repository : repositories) {
      if (repository.index().file("filelists").isEmpty()) {
        continue;
      }
      for (PackageMetadata one : downloads.having(repository, files -> isThere(files, paths))) {
        if (fits(one.nevra()) && provided.containsAll(byFiles(one))) {
          highest.merge(
              one.nevra().name(),
              facts(one),
              (a, b) -> a.nevra().evr().compareTo(b.nevra().evr()) >= 0 ? a : b);
        }
      }
    }
    return List.copyOf(highest.values());
  }

  private static boolean isThere(List<String> files, Set<String> paths) {
    List<String> kept =
        files.stream().filter(file -> NOT_KEPT.stream().noneMatch(file::startsWith)).toList();
    // One that is nothing but documentation is there if that is; one without files is nowhere.
    return !files.isEmpty() && paths.containsAll(kept.isEmpty() ? files : kept);
  }

  private boolean fits(Nevra nevra) {
    return nevra.arch().equals("noarch") || nevra.arch().equals(runtime.nevra().arch());
  }

  private static List<String> byFiles(PackageMetadata one) {
    return one.relations().provides().stream()
        .map(Dependency::toString)
        .filter(ProvideGenerator::isGenerated)
        .toList();
  }

  private static PackageMetadata facts(PackageMetadata one) {
    return new PackageMetadata(
        one.nevra(),
        one.sourceRpm(),
        Relations.ofProvides(one.relations().provides()),
        List.of(),
        one.installedSize());
  }

  /// Where those of INSTALLED can be had whose headers scripts need.
  List<PackageSource> ofScripts(PackageIndex installed) {
    List<PackageSource> result = new ArrayList<>();
    for (String name : OF_SCRIPTS.stream().sorted().toList()) {
      for (int position : installed.named(name)) {
        source(installed.nevra(position)).ifPresent(result::add);
      }
    }
    return result;
  }

  private Optional<PackageSource> source(Nevra nevra) {
    for (RepositoryMetadata repository : repositories) {
      for (int position : repository.packages().named(nevra.name())) {
        if (repository.packages().nevra(position).equals(nevra)) {
          return Optional.of(repository.source(repository.packages().get(position)));
        }
      }
    }
    return Optional.empty();
  }
}
