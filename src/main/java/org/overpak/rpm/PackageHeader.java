package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.overpak.tree.FileTree;

/// What a package says of itself, in a package file or in the RPM database. Its parts are read when
/// they are first asked for; one that is malformed is an {@link org.overpak.OverpakException} that
/// names the package.
public final class PackageHeader {
  private final Header header;
  private final Nevra nevra;
  private @Nullable List<FileInfo> files;
  private @Nullable List<Requirement> requirements;

  PackageHeader(Header header) {
    this.header = header;
    this.nevra =
        new Nevra(
            identifier(Tag.NAME),
            new Evr(
                (int) header.number(Tag.EPOCH, 0),
                identifier(Tag.VERSION),
                identifier(Tag.RELEASE)),
            header.string(Tag.ARCH));
  }

  /// Names end up in file names, messages and command lines.
  private String identifier(Tag tag) {
    String text = header.string(tag);
    if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c == '/' || c == 0x7f)) {
      throw header.origin().malformed("%s is missing or no name: '%s'", tag, printable(text));
    }
    return text;
  }

  private static String printable(String text) {
    return text.replaceAll("[^\\p{Graph}]", "?");
  }

  /// The values by tag.
  public Header header() {
    return header;
  }

  /// Its architecture is empty for the keys that rpm keeps among the installed packages.
  public Nevra nevra() {
    return nevra;
  }

  /// Whether this is a source package, which is built and not installed.
  public boolean isSource() {
    return header.has(Tag.SOURCEPACKAGE) || !header.has(Tag.SOURCERPM);
  }

  /// File name of the source package; empty for source packages and keys.
  public String sourceRpm() {
    return header.string(Tag.SOURCERPM);
  }

  public String summary() {
    return header.string(Tag.SUMMARY);
  }

  public String license() {
    return header.string(Tag.LICENSE);
  }

  public String vendor() {
    return header.string(Tag.VENDOR);
  }

  public String url() {
    return header.string(Tag.URL);
  }

  /// Seconds since 1970, UTC; 0 if not said.
  public long buildTime() {
    return header.number(Tag.BUILDTIME, 0);
  }

  /// Sum of its files, in bytes.
  public long installedSize() {
    return header.number(Tag.LONGSIZE, header.number(Tag.SIZE, 0));
  }

  /// Paths below which the package may be moved; empty if it is not relocatable.
  public List<String> prefixes() {
    return header.strings(Tag.PREFIXES);
  }

  /// Its files in the order of the header, ghosts included.
  public List<FileInfo> files() {
    List<FileInfo> result = files;
    if (result == null) {
      result = List.copyOf(new FileList(header).read());
      files = result;
    }
    return result;
  }

  /// Its files as a tree, without ghosts and without content: every attribute is there, but reading
  /// a file of it is a mistake. For overlaying before any content moves.
  ///
  /// @throws org.overpak.OverpakException if two files have one path, or one lies below another
  ///   that is no directory
  public FileTree tree(Accounts accounts) {
    return new HeaderTree(this, accounts).withoutContent();
  }

  /// What it requires, with what for; features of rpm (`rpmlib(…)`) included.
  public List<Requirement> requirements() {
    List<Requirement> result = requirements;
    if (result == null) {
      result = List.copyOf(DependencyTags.REQUIRES.read(header));
      requirements = result;
    }
    return result;
  }

  /// Behind which packages it wants to be installed, without needing them (`OrderWithRequires:`).
  public List<Requirement> orderings() {
    return DependencyTags.ORDER.read(header);
  }

  /// What it recommends, then what it suggests.
  public List<Requirement> recommendations() {
    return Stream.of(DependencyTags.RECOMMENDS, DependencyTags.SUGGESTS)
        .flatMap(tags -> tags.read(header).stream())
        .toList();
  }

  /// What it supplements, then what it enhances.
  public List<Requirement> supplements() {
    return Stream.of(DependencyTags.SUPPLEMENTS, DependencyTags.ENHANCES)
        .flatMap(tags -> tags.read(header).stream())
        .toList();
  }

  public List<Scriptlet> scriptlets() {
    return Scriptlet.read(header);
  }

  public List<Trigger> triggers() {
    return Trigger.read(header);
  }

  public List<FileTrigger> fileTriggers() {
    return FileTrigger.read(header);
  }

  /// What resolving needs, as repository metadata would say it: `rpmlib(…)` is left out of the
  /// requires, and a package that does not provide `NAME = EVR` in its header is given that provide
  /// (as libsolv does). Here the files are all of them.
  public PackageMetadata metadata() {
    return new PackageMetadata(
        nevra, sourceRpm(), relations(), FileList.paths(header), installedSize());
  }

  private Relations relations() {
    List<Dependency> provides = DependencyTags.PROVIDES.readPlain(header);
    Dependency self = nevra.asProvide();
    if (!provides.contains(self)) {
      provides = new ArrayList<>(provides);
      provides.add(self);
    }
    Stream<Requirement> weak = requirements().stream().filter(Requirement::isWeak);
    return new Relations(
        provides,
        requirements().stream()
            .filter(requirement -> !requirement.isRpmlib() && !requirement.isWeak())
            .map(Requirement::dependency)
            .toList(),
        DependencyTags.CONFLICTS.readPlain(header),
        DependencyTags.OBSOLETES.readPlain(header),
        Stream.concat(DependencyTags.RECOMMENDS.read(header).stream(), weak)
            .map(Requirement::dependency)
            .toList(),
        DependencyTags.SUGGESTS.readPlain(header),
        DependencyTags.SUPPLEMENTS.readPlain(header),
        DependencyTags.ENHANCES.readPlain(header));
  }

  @Override
  public String toString() {
    return nevra.toString();
  }
}
