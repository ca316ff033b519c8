package org.overpak.spec;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.overpak.flatpak.EndOfLife;
import org.overpak.flatpak.ExportChanges;
import org.overpak.flatpak.FinishArgs;
import org.overpak.flatpak.SplitRefs;

/// Reads the section `flatpak`. Which keys go together is the matter of {@link FlatpakSpecRules}.
final class FlatpakSpecReader {
  /// Keys of flatpak-builder's manifests that have no place here: it builds from sources.
  private static final Set<String> FLATPAK_BUILDER =
      Set.of(
          "add-build-extensions",
          "base",
          "base-commit",
          "base-extensions",
          "base-version",
          "build-options",
          "cleanup",
          "cleanup-platform",
          "cleanup-platform-commands",
          "collection-id",
          "extension-tag",
          "id-platform",
          "inherit-extensions",
          "inherit-sdk-extensions",
          "metadata",
          "metadata-platform",
          "modules",
          "platform-extensions",
          "prepare-platform-commands",
          "runtime-commit",
          "sdk-extensions",
          "sources",
          "token-type",
          "var",
          "writable-sdk");

  /// flatpak-builder's other names for keys that exist here.
  private static final Map<String, String> RENAMED =
      Map.of("app-id", "id", "default-branch", "branch", "appstream-license", "appdata-license");

  private final SpecSection section;
  private final SpecFiles files;
  private final SpecProblems problems;
  private final Consumer<SpecNote> notes;
  private final PlatformsReader platforms;

  FlatpakSpecReader(
      SpecSection section, SpecFiles files, SpecProblems problems, Consumer<SpecNote> notes) {
    this.section = section;
    this.files = files;
    this.problems = problems;
    this.notes = notes;
    this.platforms = new PlatformsReader(problems, notes);
  }

  FlatpakSpec read() {
    List<ExtensionPoint> points = extensionPoints();
    var spec =
        new FlatpakSpec(
            kind(),
            section.line("id"),
            section.isGiven("branch") ? section.line("branch") : "stable",
            runtime(),
            image(),
            section.each("packages", this::packageSpec),
            section.line("command"),
            finishArgs(),
            section.text("cleanup-commands"),
            section.texts("tags"),
            new EndOfLife(section.text("end-of-life").strip(), section.line("end-of-life-rebase")),
            exports(),
            points,
            section.each("extra-data", this::extraData),
            splitRefs(points));
    section.refuseUnknown(FlatpakSpecReader::explain);
    return spec;
  }

  private static @Nullable String explain(String key) {
    String here = RENAMED.get(key);
    if (here != null) {
      return "it is called '" + here + "' here";
    }
    if (ContainerSpecReader.TOP_LEVEL.contains(key)) {
      return "'" + key + "' belongs beside 'flatpak', not in it: indent it less";
    }
    return FLATPAK_BUILDER.contains(key)
        ? "remove it: it is a key of flatpak-builder, which builds from sources; Overpak installs"
            + " what 'packages' lists"
        : null;
  }

  private FlatpakSpec.Kind kind() {
    boolean runtime = section.flag("build-runtime", false);
    boolean extension = section.flag("build-extension", false);
    if (runtime && extension) {
      section.wrong(
          "build-extension", "and 'build-runtime' exclude each other", "keep the one that is true");
    }
    return runtime
        ? FlatpakSpec.Kind.RUNTIME
        : extension ? FlatpakSpec.Kind.EXTENSION : FlatpakSpec.Kind.APP;
  }

  /// `runtime` may be ID, or `ID//BRANCH` as flatpak-builder's `sdk` is often written.
  private RuntimeSpec runtime() {
    String runtime = section.line("runtime");
    String version = section.line("runtime-version");
    String[] parts = runtime.split("/", -1);
    if (parts.length == 3) {
      if (!version.isEmpty() && !version.equals(parts[2])) {
        section.wrong(
            "runtime-version",
            "is '" + version + "', but 'runtime' says '" + parts[2] + "'",
            "remove one of the two");
      }
      runtime = parts[0];
      version = parts[2];
    }
    return new RuntimeSpec(
        runtime,
        version,
        section.line("runtime-name"),
        section.line("sdk").split("/", -1)[0],
        section.line("base_image"));
  }

  private ImageSpec image() {
    return new ImageSpec(
        section.line("name"),
        section.line("component"),
        section.section("labels").map(SpecSection::properties).orElse(Map.of()));
  }

  private @Nullable PackageSpec packageSpec(YamlNode node) {
    if (!(node instanceof YamlNode.Mapping)) {
      String name = section.scalar("an entry of 'packages'", node);
      return name == null ? null : checked(new PackageSpec(name, Platforms.ALL, node.position()));
    }
    var entry = SpecSection.of("packages", node.position(), node, problems);
    YamlNode named = entry.value("name");
    var only = platforms.read(entry, "platforms");
    entry.refuseUnknown();
    if (named == null) {
      entry.missing("name", "write '- name: PACKAGE'");
      return null;
    }
    String name = entry.scalar("'name' in 'packages'", named);
    return name == null ? null : checked(new PackageSpec(name, only, named.position()));
  }

  private @Nullable PackageSpec checked(PackageSpec spec) {
    String name = spec.name();
    if (name.isBlank() || name.startsWith("-") || name.chars().anyMatch(Character::isISOControl)) {
      problems.add(spec.position(), "'" + name.strip() + "' is not a package name", "");
      return null;
    }
    return spec;
  }

  private List<String> finishArgs() {
    try {
      return FinishArgs.withFiles(finishWords(), files::read);
    } catch (UncheckedIOException e) {
      section.wrong(
          "finish-args",
          "names a file that cannot be read: " + e.getCause(),
          "name it relative to the spec");
      return List.of();
    }
  }

  private List<String> finishWords() {
    if (section.value("finish-args") instanceof YamlNode.Sequence) {
      return section.texts("finish-args");
    }
    try {
      var words = ShellWords.split(section.text("finish-args"));
      for (String cut : words.cutByComment()) {
        notes.accept(
            new SpecNote(
                section.positionOf("finish-args"),
                "'#' begins a comment even inside a word, so the argument ends at '"
                    + cut
                    + "'; quote it if '#' belongs to it"));
      }
      return words.words();
    } catch (IllegalArgumentException e) {
      section.wrong("finish-args", "cannot be split into words: " + e.getMessage(), "");
      return List.of();
    }
  }

  private ExportChanges exports() {
    return new ExportChanges(
        section.line("rename-appdata-file"),
        section.line("rename-desktop-file"),
        section.line("rename-icon"),
        section.flag("copy-icon", false),
        section.line("rename-mime-file"),
        section.texts("rename-mime-icons"),
        section.line("desktop-file-name-prefix"),
        section.line("desktop-file-name-suffix"),
        section.line("appdata-license"),
        section.flag("appstream-compose", true));
  }

  /// Sorted, as flatpak-builder passes them on.
  private List<ExtensionPoint> extensionPoints() {
    var extensions = section.section("add-extensions");
    return extensions
        .map(all -> all.given().stream().sorted().map(name -> extensionPoint(all, name)))
        .map(points -> points.toList())
        .orElse(List.of());
  }

  private ExtensionPoint extensionPoint(SpecSection extensions, String name) {
    var properties = extensions.section(name).map(ExtensionPointReader::read).orElse(Map.of());
    return new ExtensionPoint(name, properties);
  }

  private SplitRefs splitRefs(List<ExtensionPoint> points) {
    return new SplitRefs(
        section.flag("separate-locales", false),
        section.flag("separate-debuginfo", false),
        points.stream().filter(ExtensionPoint::isBundled).map(ExtensionPoint::bundled).toList());
  }

  private @Nullable ExtraData extraData(YamlNode node) {
    var entry = SpecSection.of("extra-data", node.position(), node, problems);
    for (String key : List.of("filename", "url", "sha256", "size")) {
      if (!entry.isGiven(key)) {
        entry.missing(key, "Flatpak needs it to download and check the file");
      }
    }
    String sha256 = entry.line("sha256").toLowerCase(Locale.ROOT);
    if (!sha256.isEmpty() && !sha256.matches("[0-9a-f]{64}")) {
      entry.wrong("sha256", "must be 64 hexadecimal digits", "");
    }
    var data =
        new ExtraData(
            entry.line("filename"),
            entry.line("url"),
            sha256,
            entry.number("size", 0),
            entry.number("installed-size", -1),
            entry.names("only-arches"));
    if (data.filename().contains("/") || data.filename().contains(":")) {
      entry.wrong("filename", "must be a plain file name, without '/' and ':'", "");
    }
    entry.refuseUnknown();
    return data;
  }
}
