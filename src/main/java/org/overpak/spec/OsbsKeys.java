package org.overpak.spec;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The keys of `container.yaml` that belong to OSBS, the build system for container images whose
/// file Fedora's Flatpaks took over (osbs-client, osbs/schemas/container.json). They say how OSBS
/// builds, which is of no interest here: their form is checked, and they are noted.
final class OsbsKeys {
  private static final List<String> BUILD_METHODS =
      List.of("docker_api", "imagebuilder", "buildah_bud");

  private final SpecSection top;
  private final SpecProblems problems;
  private final Consumer<SpecNote> notes;

  OsbsKeys(SpecSection top, SpecProblems problems, Consumer<SpecNote> notes) {
    this.top = top;
    this.problems = problems;
    this.notes = notes;
  }

  void check() {
    top.section("autorebuild").ifPresent(this::autorebuild);
    top.section("compose").ifPresent(this::compose);
    top.section("go").ifPresent(this::go);
    top.section("operator_manifests").ifPresent(this::operatorManifests);
    top.section("remote_source").ifPresent(this::remoteSource);
    top.each("remote_sources", this::namedRemoteSource);
    top.number("buildtime_limit", 0);
    top.line("remote_sources_version");
    top.line("set_release_env");
    top.texts("tags");
    top.number("version", 1);
    String method = top.line("image_build_method");
    if (!method.isEmpty() && !BUILD_METHODS.contains(method)) {
      top.wrong(
          "image_build_method",
          "must be one of " + String.join(", ", BUILD_METHODS),
          "remove it, since Overpak ignores it");
    }
    for (String key : ContainerSpecReader.OSBS) {
      if (top.isGiven(key)) {
        notes.accept(
            new SpecNote(
                top.positionOfKey(key), "'" + key + "' is for OSBS and has no effect here"));
      }
    }
    refuseTogether("go", "remote_source", "remote_sources");
  }

  private void autorebuild(SpecSection section) {
    flags(section, "from_latest", "add_timestamp_to_release", "ignore_isolated_builds");
    section.refuseUnknown();
  }

  private void compose(SpecSection section) {
    flags(
        section,
        "pulp_repos",
        "inherit",
        "ignore_absent_pulp_repos",
        "include_unpublished_pulp_repos");
    section.texts("packages");
    section.texts("modules");
    section.texts("multilib_method");
    section.texts("multilib_arches");
    section.line("signing_intent");
    flagOrTexts(section, "modular_koji_tags");
    flagOrTexts(section, "module_resolve_tags");
    section.section("build_only_content_sets").ifPresent(sets -> sets.given().forEach(sets::texts));
    section.refuseUnknown();
  }

  private static void flagOrTexts(SpecSection section, String key) {
    if (section.value(key) instanceof YamlNode.Scalar) {
      section.flag(key, false);
    } else {
      section.texts(key);
    }
  }

  private void go(SpecSection section) {
    section.each(
        "modules",
        node -> {
          var module = SpecSection.of("go: modules", node.position(), node, problems);
          require(module, "module");
          module.line("archive");
          module.line("path");
          module.refuseUnknown();
          return module;
        });
    section.refuseUnknown();
  }

  private void operatorManifests(SpecSection section) {
    require(section, "manifests_dir");
    flags(
        section,
        "enable_digest_pinning",
        "enable_repo_replacements",
        "enable_registry_replacements",
        "skip_all");
    section.each(
        "repo_replacements",
        node -> {
          var replacement =
              SpecSection.of(
                  "operator_manifests: repo_replacements", node.position(), node, problems);
          require(replacement, "registry");
          replacement.section("package_mappings").ifPresent(SpecSection::properties);
          replacement.refuseUnknown();
          return replacement;
        });
    section.refuseUnknown();
  }

  private @Nullable SpecSection namedRemoteSource(YamlNode node) {
    var named = SpecSection.of("remote_sources", node.position(), node, problems);
    require(named, "name");
    named.section("remote_source").ifPresent(this::remoteSource);
    named.refuseUnknown();
    return named;
  }

  private void remoteSource(SpecSection section) {
    require(section, "repo");
    require(section, "ref");
    section.texts("pkg_managers");
    section.texts("flags");
    // What a package manager is told is of a form that only it knows.
    section.section("packages");
    section.refuseUnknown();
  }

  private static void flags(SpecSection section, String... keys) {
    for (String key : keys) {
      section.flag(key, false);
    }
  }

  private static void require(SpecSection section, String key) {
    section.line(key);
    if (!section.isGiven(key)) {
      section.missing(key, "OSBS needs it; or remove the whole section");
    }
  }

  private void refuseTogether(String... keys) {
    var given = List.of(keys).stream().filter(top::isGiven).toList();
    if (given.size() > 1) {
      problems.add(
          top.positionOfKey(given.get(1)),
          given.stream().map(key -> "'" + key + "'").collect(Collectors.joining(" and "))
              + " exclude each other",
          "keep one of them");
    }
  }
}
