package org.overpak.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.build.Finding.Point;
import org.overpak.flatpak.HybridLayout;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.rpm.InstalledPackage;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.RpmDatabase;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// Says what a package manager needs in a hybrid image, and whether it is there. All that is wrong
/// is found, not the first thing.
public final class RuntimeCheck {
  /// Where distributions have the certificates of all authorities in one file: what OpenSSL, curl
  /// and librepo are built to read.
  private static final List<String> CERTIFICATES =
      List.of(
          "etc/pki/tls/certs/ca-bundle.crt",
          "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
          "etc/ssl/certs/ca-certificates.crt",
          "etc/ssl/ca-bundle.pem",
          "etc/ssl/cert.pem");

  /// Where distributions have the keys that sign their packages.
  private static final List<String> KEYS =
      List.of("etc/pki/rpm-gpg", "usr/lib/rpm/gnupg/keys", "usr/share/distribution-gpg-keys");

  /// What package managers write into, as much as they may make themselves.
  private static final List<String> DIRECTORIES =
      List.of("var", "var/cache", "var/lib", "var/log", "var/tmp", "tmp", "run", "root", "app");

  /// Of a configuration file that is looked at, in bytes.
  private static final int LONGEST_TEXT = 1 << 20;

  private final FileTree tree;
  private final Path scratch;
  private final List<Finding> findings = new ArrayList<>();

  private RuntimeCheck(FileTree tree, Path scratch) {
    this.tree = tree;
    this.scratch = scratch;
  }

  /// Reads the image called NAME, and looks at each point.
  ///
  /// @throws OverpakException (IMAGE) if there is no such image, or it is damaged
  public static CheckedRuntime run(ImageName name, Path cache, Progress progress) {
    try (var work = WorkDirectory.in(cache)) {
      Image image = name.open(work.path().resolve("image"));
      FileTree tree = image.readTree(RuntimeCheck::isNeeded, progress);
      return new CheckedRuntime(
          image.name(), image.digest(), new RuntimeCheck(tree, work.path()).check());
    }
  }

  private static boolean isNeeded(TreePath path) {
    String value = path.value();
    return RuntimeImage.isNeeded(path)
        || value.endsWith("os-release")
        || value.contains("bin/dnf")
        || CERTIFICATES.stream().anyMatch(value::endsWith);
  }

  private List<Finding> check() {
    checkLayout();
    checkManager();
    checkDatabase();
    checkRelease();
    checkDirectories();
    checkCertificates();
    checkResolver();
    checkRepositories();
    findings.sort(Comparator.comparing(Finding::point));
    return findings;
  }

  private void good(Point point, String what) {
    findings.add(Finding.good(point, what));
  }

  private void doubtful(Point point, String what, String advice) {
    findings.add(Finding.doubtful(point, what, advice));
  }

  private void wrong(Point point, String what, String advice) {
    findings.add(Finding.wrong(point, what, advice));
  }

  private void checkLayout() {
    List<String> missing = new ArrayList<>();
    HybridLayout.links(tree)
        .forEach(
            (path, target) -> {
              boolean is =
                  tree.get(path).orElse(null) instanceof Entry.Symlink link
                      && link.target().equals(target);
              if (!is) {
                missing.add(path + " is no link to " + target);
              }
            });
    if (missing.isEmpty()) {
      good(Point.LAYOUT, "/usr and /etc lead into /files");
    } else {
      wrong(
          Point.LAYOUT,
          String.join(", ", missing),
          "Convert the image: overpak convert --layout hybrid.");
    }
  }

  private void checkManager() {
    Optional<PackageInstaller> manager = PackageInstaller.of(tree);
    if (manager.isEmpty()) {
      wrong(
          Point.MANAGER,
          "none of dnf5, dnf, microdnf and zypper is in /usr/bin",
          "Add one to the runtime's packages, for instance microdnf.");
      return;
    }
    String program = manager.get().program();
    Optional<String> interpreter = manager.get().file(tree).flatMap(this::interpreter);
    if (interpreter.isPresent() && find(interpreter.get()).isEmpty()) {
      wrong(
          Point.MANAGER,
          program + " needs " + interpreter.get() + ", which is not there",
          "Add the package that has it to the runtime's packages.");
    } else {
      good(Point.MANAGER, program);
    }
  }

  /// What a script names behind `#!`, without the leading slash.
  private Optional<String> interpreter(TreePath file) {
    String text = text(file);
    if (!text.startsWith("#!")) {
      return Optional.empty();
    }
    String line = text.lines().findFirst().orElse("").substring(2).strip();
    return Optional.of(line.split("\\s+")[0]).filter(path -> path.startsWith("/"));
  }

  private void checkDatabase() {
    Optional<TreePath> file = RpmDatabase.find(tree);
    if (file.isEmpty()) {
      wrong(
          Point.DATABASE,
          "there is none",
          "Keep it when the runtime is made: in usr/lib/sysimage/rpm, or in var/lib/rpm of the"
              + " root that is imported.");
      return;
    }
    RpmDatabase database;
    try {
      database = RpmDatabase.open(tree, scratch.resolve("rpmdb"));
    } catch (OverpakException e) {
      wrong(Point.DATABASE, String.valueOf(e.getMessage()), e.advice());
      return;
    }
    List<PackageHeader> installed =
        database.packages().stream().map(InstalledPackage::header).toList();
    good(Point.DATABASE, installed.size() + " packages in " + file.get());
    checkParked();
    checkMacros(file.get());
    checkReleasever(installed);
    checkKeys(database);
  }

  private void checkParked() {
    if (RpmDatabase.isParked(tree)) {
      good(Point.PARKED, "can be opened where nothing can be written");
    } else {
      wrong(
          Point.PARKED,
          "the database is in WAL mode, or has changes beside it: where nothing can be written, as"
              + " in Flatpak, it cannot be opened",
          "Import the runtime again with overpak runtime import, which parks it; or run 'sqlite3"
              + " rpmdb.sqlite \"PRAGMA journal_mode = DELETE\"'.");
    }
  }

  private void checkMacros(TreePath database) {
    Optional<TreePath> directory = RpmDatabase.configuredDirectory(SystemLayout.root(tree));
    if (directory.isEmpty()) {
      wrong(
          Point.MACROS,
          "no file says where the database is: /usr/lib/rpm/macros is missing",
          "Add rpm, with its macros, to the runtime's packages.");
      return;
    }
    Optional<TreePath> there = find(directory.get() + "/" + database.name());
    if (there.isPresent() && there.get().equals(database)) {
      good(Point.MACROS, "%_dbpath is " + directory.get());
    } else {
      wrong(
          Point.MACROS,
          "%%_dbpath is %s, but the database is %s: the package manager would find nothing installed"
              .formatted(directory.get(), database),
          "Set '%_dbpath' in etc/rpm/macros to the directory of the database.");
    }
  }

  private void checkReleasever(List<PackageHeader> installed) {
    String releasever =
        Releasever.of(PackageIndex.of(installed.stream().map(PackageHeader::metadata).toList()));
    boolean set =
        List.of("etc/dnf/vars/releasever", "etc/yum/vars/releasever").stream()
            .anyMatch(file -> find("/" + file).isPresent());
    if (!releasever.isEmpty() || set) {
      good(Point.RELEASEVER, set ? "set in /etc" : releasever);
    } else {
      doubtful(
          Point.RELEASEVER,
          "no package provides system-release, so $releasever stays empty",
          "Add the distribution's release package to the runtime's packages, write the version into"
              + " /etc/dnf/vars/releasever, or use repositories that do not ask for it.");
    }
  }

  private void checkKeys(RpmDatabase database) {
    int imported = database.keys().size();
    List<String> directories =
        KEYS.stream().filter(directory -> !list(directory).isEmpty()).toList();
    if (imported > 0 || !directories.isEmpty()) {
      good(
          Point.KEYS,
          imported > 0
              ? imported + " in the RPM database"
              : "in /" + String.join(" and /", directories));
    } else {
      doubtful(
          Point.KEYS,
          "no OpenPGP key is there to check packages with",
          "Name the key in each repository's configuration (gpgkey=), or add the package that has"
              + " the distribution's keys to the runtime's packages.");
    }
  }

  private void checkRelease() {
    Optional<TreePath> file = find("/etc/os-release").or(() -> find("/usr/lib/os-release"));
    if (file.isEmpty()) {
      wrong(
          Point.RELEASE,
          "neither /etc/os-release nor /usr/lib/os-release is there",
          "Add the distribution's release package to the runtime's packages.");
      return;
    }
    String text = text(file.get());
    List<String> missing =
        List.of("ID", "VERSION_ID").stream()
            .filter(key -> text.lines().noneMatch(line -> line.startsWith(key + "=")))
            .toList();
    if (missing.isEmpty()) {
      good(Point.RELEASE, file.get().toString());
    } else {
      doubtful(
          Point.RELEASE,
          file.get() + " has no " + String.join(" and no ", missing),
          "Use repositories and packages that do not ask which system this is, or add the line.");
    }
  }

  private void checkDirectories() {
    List<String> missing =
        DIRECTORIES.stream().filter(directory -> !isDirectory(directory)).toList();
    if (missing.isEmpty()) {
      good(Point.DIRECTORIES, "there, and writable in a container");
    } else {
      wrong(
          Point.DIRECTORIES,
          "no directory is /" + String.join(", /", missing),
          "Convert the image: overpak convert --layout hybrid.");
    }
  }

  private void checkCertificates() {
    Optional<TreePath> file =
        CERTIFICATES.stream()
            .flatMap(path -> find("/" + path).stream())
            .filter(found -> text(found).contains("BEGIN "))
            .findFirst();
    if (file.isPresent()) {
      good(Point.CERTIFICATES, file.get().toString());
    } else {
      wrong(
          Point.CERTIFICATES,
          "no bundle of certificates is there: repositories cannot be reached by https",
          "Add ca-certificates to the runtime's packages.");
    }
  }

  /// An engine mounts the host's file over it, through the link `/etc`.
  private void checkResolver() {
    TreePath path = new TreePath("etc/resolv.conf");
    try {
      TreePath real = tree.resolve(path);
      Entry entry = tree.get(real).orElse(null);
      if (!isDirectory("etc")) {
        wrong(
            Point.RESOLVER,
            "/etc is no directory, so names cannot be resolved",
            "Convert the image: overpak convert --layout hybrid.");
      } else if (entry == null && tree.contains(tree.resolveParents(path))) {
        wrong(
            Point.RESOLVER,
            "it is a link to " + real + ", which is not there",
            "Leave it out of the runtime: engines put their own in its place.");
      } else if (entry != null && !(entry instanceof Entry.RegularFile)) {
        wrong(
            Point.RESOLVER,
            "it is no file",
            "Leave it out of the runtime: engines put their own in its place.");
      } else {
        good(Point.RESOLVER, "an engine can put its own there");
      }
    } catch (IllegalArgumentException e) {
      wrong(Point.RESOLVER, String.valueOf(e.getMessage()), "Leave it out of the runtime.");
    }
  }

  private void checkRepositories() {
    TreePath directory = PackageInstaller.of(tree).orElse(PackageInstaller.DNF).repositories();
    if (isDirectory(directory.value())) {
      good(Point.REPOSITORIES, directory + " takes their configuration");
    } else {
      wrong(
          Point.REPOSITORIES,
          directory
              + " is no directory: what a Containerfile adds there would become a file of that"
              + " name",
          "Make it in the root that the runtime is imported from.");
    }
  }

  /// The regular file at PATH, links followed.
  private Optional<TreePath> find(String path) {
    try {
      TreePath file = tree.resolve(TreePath.parse(path));
      return tree.get(file).orElse(null) instanceof Entry.RegularFile
          ? Optional.of(file)
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // links in a circle, or a name that no file has
    }
  }

  private boolean isDirectory(String path) {
    try {
      TreePath directory = tree.resolve(new TreePath(path));
      return tree.get(directory).orElse(null) instanceof Entry.Directory
          || !tree.list(directory).isEmpty();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private List<String> list(String directory) {
    try {
      return tree.list(tree.resolve(new TreePath(directory)));
    } catch (IllegalArgumentException _) {
      return List.of();
    }
  }

  private String text(TreePath file) {
    if (!(tree.get(file).orElse(null) instanceof Entry.RegularFile found)) {
      return "";
    }
    try (InputStream stream = found.content().open()) {
      return new String(stream.readNBytes(LONGEST_TEXT), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
