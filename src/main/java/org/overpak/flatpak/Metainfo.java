package org.overpak.flatpak;

import java.util.List;
import java.util.function.Consumer;

/// The AppStream file of an app, `share/metainfo/ID.metainfo.xml`, changed and checked.
///
/// @param root `<component>`, or `<application>` in files of the years before 2014
/// @param where the file, for messages
record Metainfo(XmlNode.Element root, String where) {
  private static final String LICENSE = "project_license";

  boolean isComponent() {
    return root.name().equals("component");
  }

  private String text(String element) {
    return root.first(element).map(found -> found.text().strip()).orElse("");
  }

  /// The ID that the file gives, without `.desktop`, which it once ended with.
  String id(String appId) {
    String id = text("id");
    return id.endsWith(".desktop") && !appId.endsWith(".desktop")
        ? id.substring(0, id.length() - ".desktop".length())
        : id;
  }

  private Metainfo with(XmlNode.Element changed) {
    return new Metainfo(changed, where);
  }

  /// With LICENSE as the app's, as flatpak-builder's `appdata-license` does (`builder-manifest.c:
  /// rewrite_appdata`): in place of the first, or at the end.
  Metainfo withLicense(String license) {
    return root.first(LICENSE).isPresent()
        ? with(root.mapFirst(LICENSE, found -> found.withText(license)))
        : with(root.plus(XmlNode.Element.of(LICENSE, license)));
  }

  /// With ID as the component's, the former one among what it provides, and the first launchable
  /// that names DESKTOP naming `ID.desktop` (`builder-manifest.c:builder_manifest_cleanup`).
  Metainfo renamed(String id, String desktop) {
    XmlNode.Element changed = root;
    String before = text("id");
    if (!before.isEmpty() && !before.equals(id)) {
      changed = changed.mapFirst("id", found -> found.withText(id));
      var former = XmlNode.Element.of("id", before);
      changed =
          changed.first("provides").isPresent()
              ? changed.mapFirst("provides", found -> found.plus(former))
              : changed.plus(XmlNode.Element.of("provides", List.of(former)));
    }
    return with(
        changed.mapFirst(
            "launchable",
            found ->
                !desktop.isEmpty() && found.text().equals(desktop)
                    ? found.withText(id + ".desktop")
                    : found));
  }

  /// Says what software centres would miss or stumble over, with the line.
  void check(String appId, Consumer<String> notes) {
    if (!isComponent()) {
      note(
          root,
          "<" + root.name() + "> is a format that is no longer read",
          "begin with <component type=\"desktop-application\">",
          notes);
      return;
    }
    if (!id(appId).startsWith(appId)) {
      note(
          root.first("id").orElse(root),
          "the <id> is '" + text("id") + "', so Flatpak does not take it for " + appId,
          "correct it, or give 'rename-appdata-file' or 'rename-desktop-file' in the spec",
          notes);
    }
    require("name", "software centres show it", notes);
    require("summary", "software centres show it below the name", notes);
    require("metadata_license", "say under which license this file is, such as CC0-1.0", notes);
    require(LICENSE, "say under which license the app is, as an SPDX expression", notes);
    require("description", "software centres show it", notes);
    root.elements("summary")
        .filter(summary -> !summary.attributes().containsKey(XmlNode.Element.LANGUAGE))
        .filter(summary -> summary.text().strip().endsWith("."))
        .forEach(
            summary -> note(summary, "the <summary> ends with a full stop", "remove it", notes));
    root.elements("releases")
        .flatMap(releases -> releases.elements("release"))
        .filter(
            release ->
                release.attribute("date").isEmpty() && release.attribute("timestamp").isEmpty())
        .forEach(release -> note(release, "the <release> has no date", "give one", notes));
  }

  private void require(String element, String why, Consumer<String> notes) {
    boolean isThere =
        root.elements(element)
            .filter(found -> !found.attributes().containsKey(XmlNode.Element.LANGUAGE))
            .anyMatch(found -> !found.text().isBlank());
    if (!isThere) {
      note(root.first(element).orElse(root), "there is no <" + element + ">", why, notes);
    }
  }

  private void note(XmlNode.Element at, String what, String advice, Consumer<String> notes) {
    notes.accept(where + ":" + at.line() + ": " + what + "; " + advice);
  }
}
