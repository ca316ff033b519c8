package org.overpak.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.PackageFile;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;

/// The test distribution's repositories, as dnf and rpm see them and as Overpak does.
class RepositoryMetadataIT {
  private static final Judge DNF = Judge.of("dnf");
  private static final Judge RPM = Judge.of("rpm");
  private static final Judge CREATEREPO = Judge.of("createrepo_c");

  /// One package: a line of what is single, then one of each list.
  private static final String FORMAT =
      """
      @@%{name}-%{epoch}:%{version}-%{release}.%{arch} %{sourcerpm} %{reponame} %{location} \
      %{size} %{installsize} %{buildtime}
      @%{provides}
      @%{requires}
      @%{conflicts}
      @%{obsoletes}
      @%{recommends}
      @%{suggests}
      @%{supplements}
      @%{enhances}""";

  @TempDir Path directory;

  private static RepositoryConfig config(String id) {
    return RepoFile.read(Project.distro().resolve("all.repo"), Variables.of("x86_64", "12"))
        .repositories()
        .stream()
        .filter(repository -> repository.id().equals(id))
        .findFirst()
        .orElseThrow()
        .withEnabled(true);
  }

  private Downloads downloads() {
    return new Downloads(directory.resolve("cache"), DownloadOptions.DEFAULT, Progress.SILENT);
  }

  private RepositoryMetadata open(RepositoryConfig config) {
    try (var downloads = downloads()) {
      return downloads.open(List.of(config), _ -> {}).getFirst();
    }
  }

  private Command.Result dnf(String... arguments) {
    List<String> line =
        Stream.concat(
                Stream.of(
                    Project.directory().resolve("testing/distro/dnf").toString(),
                    directory.resolve("root").toString()),
                Arrays.stream(arguments))
            .toList();
    return DNF.run(Command.of(line).with("OVERPAK_TEST_DISTRO", Project.distro().toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "apps", "extras", "base-zstd", "apps-zstd", "apps-xz"})
  void packagesAreThoseOfDnf(String id) {
    Map<String, String> theirs =
        packages(dnf("repoquery", "--repo", id, "--showduplicates", "--qf", FORMAT).text());
    Map<String, String> ours = new TreeMap<>();
    for (RepositoryPackage pkg : open(config(id)).packages()) {
      String own = describe(pkg);
      ours.put(own.substring(0, own.indexOf(' ')), sortedLists(own));
    }
    DNF.compare("repository " + id, theirs, ours);
    Map<String, String> wrong = new TreeMap<>(ours);
    wrong.replaceAll((_, description) -> description.replaceFirst(" = ", " >= "));
    DNF.distinguishes("operators of provides", "repository " + id, theirs, wrong);
  }

  /// What dnf reads in metadata that we wrote of packages is what it reads in createrepo_c's.
  @Test
  void whatIsWrittenIsWhatCreaterepoWrote() throws IOException {
    RepositoryMetadata metadata = open(config("apps"));
    Path repodata = Files.createDirectories(directory.resolve("written/repodata"));
    List<PackageSource> sources = new ArrayList<>();
    metadata.packages().forEach(pkg -> sources.add(metadata.source(pkg)));
    try (var downloads = downloads()) {
      RepositoryWriter.write(downloads.fetch(sources), repodata);
    }
    String theirs =
        dnf("repoquery", "--repo=apps", "--showduplicates", "--qf", FORMAT)
            .text()
            .replace(" apps Packages/", " written ");
    Map<String, String> ours =
        packages(
            dnf(
                    "repoquery",
                    "--repofrompath=written," + repodata.getParent(),
                    "--repo=written",
                    "--setopt=written.repo_gpgcheck=0",
                    "--showduplicates",
                    "--qf",
                    FORMAT)
                .text());
    Map<String, String> expected = withoutRepetitions(packages(theirs));
    CREATEREPO.compare("written metadata", expected, withoutRepetitions(ours));
    Map<String, String> wrong = withoutRepetitions(ours);
    wrong.replaceAll((_, description) -> description.replaceFirst(" = ", " >= "));
    CREATEREPO.distinguishes("operators of provides", "written metadata", expected, wrong);
  }

  /// createrepo_c writes what is required twice once, nothing that the package itself provides, and
  /// of the versions of libc's symbols the highest alone (`parsehdr.c`).
  private static Map<String, String> withoutRepetitions(Map<String, String> packages) {
    Map<String, String> result = new TreeMap<>(packages);
    result.replaceAll(
        (_, description) -> {
          String[] lists = description.split("\n@", -1);
          Set<String> provides = new TreeSet<>(lists[1].lines().toList());
          lists[2] =
              lists[2]
                  .lines()
                  .distinct()
                  .filter(one -> !provides.contains(one) && !one.startsWith("libc.so.6("))
                  .collect(Collectors.joining("\n"));
          return String.join("\n@", lists);
        });
    return result;
  }

  /// What dnf printed in FORMAT.
  private static Map<String, String> packages(String text) {
    Map<String, String> result = new TreeMap<>();
    for (String pkg : text.split("@@")) {
      if (!pkg.isBlank()) {
        result.put(pkg.substring(0, pkg.indexOf(' ')), sortedLists(pkg));
      }
    }
    return result;
  }

  /// dnf prints lists in an order of its own.
  private static String sortedLists(String pkg) {
    return Arrays.stream(pkg.strip().split("\n@", -1))
        .map(list -> list.lines().sorted().collect(Collectors.joining("\n")))
        .collect(Collectors.joining("\n@"));
  }

  private static String describe(RepositoryPackage pkg) {
    var nevra = pkg.nevra();
    var relations = pkg.metadata().relations();
    String head =
        String.format(
            Locale.ROOT,
            "%s-%d:%s-%s.%s %s %s %s %d %d %s",
            nevra.name(),
            nevra.evr().epoch(),
            nevra.evr().version(),
            nevra.evr().release(),
            nevra.arch(),
            pkg.metadata().sourceRpm(),
            pkg.repository(),
            pkg.href(),
            pkg.size(),
            pkg.metadata().installedSize(),
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT)
                .format(Instant.ofEpochSecond(pkg.buildTime()).atZone(ZoneOffset.UTC)));
    return Stream.of(
            relations.provides(),
            relations.requires(),
            relations.conflicts(),
            relations.obsoletes(),
            relations.recommends(),
            relations.suggests(),
            relations.supplements(),
            relations.enhances())
        .map(RepositoryMetadataIT::lines)
        .collect(Collectors.joining("\n@", head + "\n@", ""));
  }

  private static String lines(List<Dependency> dependencies) {
    return dependencies.stream().map(Dependency::toString).collect(Collectors.joining("\n"));
  }

  /// The metadata of a package file, of `primary.xml` and of rpm are one.
  @Test
  void filesAreThoseOfRpm() {
    RepositoryMetadata metadata = open(config("apps"));
    Map<String, String> theirs = new TreeMap<>();
    Set<String> paths = new TreeSet<>();
    for (RepositoryPackage pkg : metadata.packages()) {
      Path file = Urls.path(metadata.source(pkg).urls().getFirst());
      Set<String> files = new TreeSet<>(RPM.run("-qpl", file.toString()).lines());
      theirs.put(pkg.nevra().toString(), String.join("\n", files));
      paths.addAll(files);
    }
    try (var downloads = downloads()) {
      Map<String, String> ours = new TreeMap<>();
      Map<String, List<Integer>> owners = downloads.owners(metadata, paths);
      for (int position = 0; position < metadata.packages().size(); position++) {
        RepositoryPackage pkg = metadata.packages().get(position);
        var files = new TreeSet<>(pkg.metadata().files());
        for (Map.Entry<String, List<Integer>> entry : owners.entrySet()) {
          if (entry.getValue().contains(position)) {
            files.add(entry.getKey());
          }
        }
        ours.put(pkg.nevra().toString(), String.join("\n", files));
      }
      RPM.compare("files of apps", theirs, ours);
      ours.replaceAll((_, files) -> files.replaceFirst("\n.*", ""));
      RPM.distinguishes("a missing file", "files of apps", theirs, ours);
    }
  }

  @ParameterizedTest
  @CsvSource({"gz, sha256", "xz, sha512", "bz2, sha384", "gz, sha224"})
  void readsWhatCreaterepoWrites(String compression, String checksum) throws IOException {
    Path repository = Files.createDirectories(directory.resolve("made"));
    RepositoryMetadata original = open(config("apps"));
    for (RepositoryPackage pkg : original.packages()) {
      Path file = Urls.path(original.source(pkg).urls().getFirst());
      Files.copy(file, repository.resolve(file.getFileName()));
    }
    CREATEREPO.run(
        "--quiet",
        "--general-compress-type=" + compression,
        "--checksum=" + checksum,
        repository.toString());
    var ours = open(RepositoryConfig.parseOption("made=" + repository, List.of()));
    assertThat(ours.index().file("primary").orElseThrow().href()).endsWith("." + compression);
    assertThat(ours.packages()).allMatch(pkg -> pkg.digest().toString().startsWith(checksum + ":"));
    CREATEREPO.compare("repository by " + compression, metadataOf(original), metadataOf(ours));
  }

  @Test
  void refusesWeakChecksums() throws IOException {
    Path repository = Files.createDirectories(directory.resolve("made"));
    CREATEREPO.run("--quiet", "--checksum=sha1", repository.toString());
    assertThatThrownBy(() -> open(RepositoryConfig.parseOption("made=" + repository, List.of())))
        .hasMessageContaining("a sha1 checksum does not protect against forgery");
    CREATEREPO.rejected("sha1 checksums");
  }

  private static Map<String, String> metadataOf(RepositoryMetadata metadata) {
    return metadata.packages().stream()
        .collect(
            Collectors.toMap(
                pkg -> pkg.nevra().toString(),
                pkg -> pkg.metadata().toString(),
                (first, _) -> first,
                TreeMap::new));
  }

  /// Signatures: what `rpm --checksig` says with nothing but the distribution's key.
  @Test
  void trustsWhatRpmTrusts() throws IOException {
    String database = directory.resolve("rpmdb").toString();
    Path key = Project.distro().resolve("keys/overpak-test.asc");
    RPM.run("--dbpath", database, "--import", key.toString());
    var keyring = Keyring.parse(Files.readAllBytes(key), key.toString());
    for (String id : List.of("apps", "extras", "unsigned", "foreign")) {
      RepositoryMetadata metadata = open(config(id));
      for (RepositoryPackage pkg : metadata.packages()) {
        Path file = Urls.path(metadata.source(pkg).urls().getFirst());
        boolean ours =
            PackageVerifier.signature(PackageFile.open(file), keyring) instanceof Verdict.Good;
        assertThat(ours).as(file.toString()).isEqualTo(!id.matches("unsigned|foreign"));
        checkWithRpm(database, file, ours, id);
      }
    }
    Path hello = Project.distro().resolve("repos/apps/Packages/hello-2.10-3.x86_64.rpm");
    byte[] content = Files.readAllBytes(hello);
    var opened = PackageFile.open(hello);
    for (long at :
        List.of(
            opened.headerOffset() + 100,
            opened.payloadOffset() - 10,
            opened.payloadOffset() + 99)) {
      byte[] tampered = content.clone();
      tampered[(int) at] ^= 1;
      Path file = Files.write(directory.resolve("tampered.rpm"), tampered);
      assertThatThrownBy(() -> PackageVerifier.signature(PackageFile.open(file), keyring))
          .isInstanceOf(OverpakException.class);
      checkWithRpm(database, file, false, "byte " + at + " flipped");
    }
  }

  private static void checkWithRpm(String database, Path file, boolean good, String what) {
    String[] line = {
      "--dbpath", database, "--define", "_pkgverify_level signature", "-K", file.toString()
    };
    if (good) {
      RPM.run(line);
      RPM.compared(1);
    } else {
      RPM.rejects(what, line);
    }
  }

  @Test
  void fetchesOnlyWhatIsSigned() {
    try (var downloads = downloads()) {
      RepositoryMetadata apps = open(config("apps"));
      List<PackageSource> sources = apps.packages().stream().map(apps::source).toList();
      assertThat(downloads.fetch(sources))
          .hasSize(sources.size())
          .allSatisfy(
              fetched -> {
                assertThat(fetched.file().header().nevra()).isEqualTo(fetched.source().nevra());
                assertThat(fetched.signature().orElseThrow().userId())
                    .isEqualTo("overpak-test <overpak-test@example.org>");
              });
      assertUntrusted(downloads, config("unsigned"), "is not trusted: it is not signed");
      assertUntrusted(downloads, config("foreign"), "is not trusted: it is signed by the key");
      RepositoryMetadata unsigned = open(config("unsigned").withoutGpgcheck());
      assertThat(
              downloads
                  .fetch(List.of(unsigned.source(unsigned.packages().getFirst())))
                  .getFirst()
                  .signature())
          .isEmpty();
    }
  }

  /// The stranger's package is fine where the stranger's key is trusted, and only there.
  @Test
  void keysArePinnedToTheirRepository() {
    RepositoryConfig foreign = config("foreign");
    var trusting =
        RepositoryConfig.parseOption(
            "foreign=" + Urls.path(foreign.location().baseUrls().getFirst()),
            List.of(Project.distro().resolve("keys/other.asc").toUri()));
    RepositoryMetadata metadata = open(trusting);
    try (var downloads = downloads()) {
      assertThat(downloads.fetch(List.of(metadata.source(metadata.packages().getFirst()))))
          .hasSize(1);
      var apps =
          RepositoryConfig.parseOption(
              "apps=" + Urls.path(config("apps").location().baseUrls().getFirst()),
              trusting.trust().keys());
      assertUntrusted(downloads, apps, "which the repository's configuration does not trust");
    }
  }

  private void assertUntrusted(Downloads downloads, RepositoryConfig config, String message) {
    RepositoryMetadata metadata = open(config);
    assertThatThrownBy(
            () -> downloads.fetch(List.of(metadata.source(metadata.packages().getFirst()))))
        .isInstanceOfSatisfying(
            OverpakException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.UNTRUSTED);
              assertThat(e).hasMessageContaining(message);
            });
  }

  @Test
  void refusesMetadataThatItsKeyDidNotSign() throws IOException {
    Path original = Urls.path(config("apps").location().baseUrls().getFirst());
    Path copy = directory.resolve("copy");
    Files.createDirectories(copy.resolve("repodata"));
    try (Stream<Path> files = Files.list(original.resolve("repodata"))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve("repodata").resolve(file.getFileName()));
      }
    }
    RepoFile changed =
        RepoFile.parse(
            "[copy]\nbaseurl=%s\nrepo_gpgcheck=1\ngpgkey=%s\n"
                .formatted(copy, Project.distro().resolve("keys/overpak-test.asc")),
            "copy.repo",
            Variables.of("x86_64", ""));
    RepositoryConfig config = changed.repositories().getFirst();
    assertThat(open(config).packages()).isNotEmpty();
    Path index = copy.resolve("repodata/repomd.xml");
    Files.writeString(index, Files.readString(index) + "\n");
    assertThatThrownBy(() -> open(config))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("is not trusted: its content is not what the key");
    Files.delete(copy.resolve("repodata/repomd.xml.asc"));
    assertThatThrownBy(() -> open(config)).isInstanceOf(OverpakException.class);
  }
}
