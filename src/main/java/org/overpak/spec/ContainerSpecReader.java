package org.overpak.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.overpak.rpm.FileSelection;
import org.overpak.tree.TreePath;

/// Reads a spec: the document, then the sections, then what must go together.
final class ContainerSpecReader {
  /// The keys that are OSBS's alone.
  static final List<String> OSBS =
      List.of(
          "autorebuild",
          "buildtime_limit",
          "compose",
          "go",
          "image_build_method",
          "operator_manifests",
          "remote_source",
          "remote_sources",
          "remote_sources_version",
          "set_release_env",
          "tags",
          "version");

  /// The keys of the document that are not also keys of the section `flatpak`.
  static final List<String> TOP_LEVEL =
      Stream.concat(Stream.of("platforms", "overpak"), OSBS.stream())
          .filter(key -> !key.equals("tags"))
          .toList();

  private static final List<String> FILE_SELECTION = List.of("documentation", "languages");

  private static final TreePath APP = new TreePath("app");

  private final SpecProblems problems = new SpecProblems();
  private final List<SpecNote> notes = new ArrayList<>();

  private ContainerSpecReader() {}

  static ContainerSpec read(String name, byte[] content) {
    return new ContainerSpecReader().document(name, content);
  }

  private ContainerSpec document(String name, byte[] content) {
    var start = new SpecPosition(name, 1, 1);
    var top =
        YamlReader.read(name, content, problems)
            .filter(node -> !(node instanceof YamlNode.Scalar scalar && scalar.isNull()))
            .map(
                node ->
                    node instanceof YamlNode.Mapping mapping
                        ? new SpecSection("", start, mapping, problems)
                        : SpecSection.of("the spec", start, node, problems))
            .orElseGet(() -> SpecSection.empty("", start, problems));
    if (!top.isGiven("flatpak")) {
      top.missing("flatpak", "a spec begins with 'flatpak:', and its keys are indented below it");
      problems.throwIfAny();
    }
    var files = new SpecFiles(name, content);
    var flatpak =
        top.section("flatpak").orElseGet(() -> SpecSection.empty("flatpak", start, problems));
    var spec = new FlatpakSpecReader(flatpak, files, problems, notes::add).read();
    new FlatpakSpecRules(flatpak, spec, isModular(top), notes::add).check();
    var platforms = new PlatformsReader(problems, notes::add).read(top, "platforms");
    var overpak =
        top.section("overpak").orElseGet(() -> SpecSection.empty("overpak", start, problems));
    List<TreePath> allowedLeaks =
        overpak.each("allow-leaks", node -> leak(overpak, spec.kind(), node));
    var resolving =
        new ResolvingSpec(
            overpak.flag("install-weak-deps", false),
            overpak.each("modules", node -> moduleStream(overpak, node)),
            overpak.names("exclude"),
            overpak.each("assume-provided", node -> capability(overpak, node)));
    FileSelection fileSelection = fileSelection(overpak, spec.kind());
    overpak.refuseUnknown();
    new OsbsKeys(top, problems, notes::add).check();
    top.refuseUnknown(key -> belongsInFlatpak(flatpak, key));
    problems.throwIfAny();
    notes.sort(Comparator.comparing(SpecNote::position));
    return new ContainerSpec(
        files.digest(),
        files.named(),
        spec,
        platforms,
        allowedLeaks,
        resolving,
        fileSelection,
        flatpak.position(),
        positions(flatpak),
        notes);
  }

  /// Whether the spec is of the old form, in which a module lists the packages.
  private boolean isModular(SpecSection top) {
    return top.value("compose") instanceof YamlNode.Mapping compose
        && compose.pairs().stream().anyMatch(pair -> pair.key().text().equals("modules"));
  }

  /// By default as dnf is configured in containers: without documentation (`tsflags=nodocs`), with
  /// all languages.
  private static FileSelection fileSelection(SpecSection overpak, FlatpakSpec.Kind kind) {
    if (kind != FlatpakSpec.Kind.RUNTIME) {
      for (String key : FILE_SELECTION) {
        if (overpak.isGiven(key)) {
          overpak.wrong(key, "is out of place: an app has all files of its packages", "remove it");
        }
      }
    }
    return new FileSelection(overpak.flag("documentation", false), overpak.names("languages"));
  }

  private @Nullable TreePath leak(SpecSection overpak, FlatpakSpec.Kind kind, YamlNode node) {
    String path = overpak.scalar("an entry of 'allow-leaks'", node);
    if (path == null) {
      return null;
    }
    try {
      var leak = TreePath.parse(path);
      // An extension is one directory of its app.
      boolean isInside = kind != FlatpakSpec.Kind.EXTENSION && leak.startsWith(APP);
      if (path.startsWith("/") && !leak.isRoot() && !isInside) {
        return leak;
      }
      problems.add(
          node.position(),
          "'" + path + "' cannot be a leak",
          "name a file or directory outside /app, beginning with '/'");
    } catch (IllegalArgumentException e) {
      problems.add(
          node.position(),
          "'" + path + "' is not a path that a file can have",
          "write the path without '.', '..' and '//'");
    }
    return null;
  }

  private @Nullable String moduleStream(SpecSection overpak, YamlNode node) {
    String text = overpak.scalar("an entry of 'modules'", node);
    if (text != null && !text.matches("[^:\\s]+:[^:\\s]+")) {
      problems.add(
          node.position(), "'" + text + "' is no module stream", "write NAME:STREAM, as nodejs:20");
      return null;
    }
    return text;
  }

  /// `NAME` or `NAME = VERSION`.
  private @Nullable String capability(SpecSection overpak, YamlNode node) {
    String text = overpak.scalar("an entry of 'assume-provided'", node);
    if (text != null && !text.matches("[^\\s(]\\S*( = \\S+)?")) {
      problems.add(
          node.position(), "'" + text + "' is no capability", "write NAME or NAME = VERSION");
      return null;
    }
    return text;
  }

  private static Map<String, SpecPosition> positions(SpecSection flatpak) {
    Map<String, SpecPosition> positions = new HashMap<>();
    flatpak.given().forEach(key -> positions.put(key, flatpak.positionOf(key)));
    return positions;
  }

  private static @Nullable String belongsInFlatpak(SpecSection flatpak, String key) {
    return flatpak.known().contains(key)
        ? "it belongs in 'flatpak': indent it below 'flatpak:'"
        : null;
  }
}
