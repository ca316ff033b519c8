package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The AppStream file of an app, `share/metainfo/ID.metainfo.xml`, changed and checked.
///
/// @param root `<component>`, or `<application>` in files of the years before 2014
/// @param where the file, for messages
record Metainfo(XmlNode.Element root, String where) {
  private static final String LICENSE = "project_license";

  /// Kinds of components that AppStream knows, `desktop` by its former name (`as-component.c`).
  private static final Set<String> TYPES =
      Set.of(
          "addon",
          "codec",
          "console-application",
          "desktop",
          "desktop-application",
          "driver",
          "firmware",
          "font",
          "icon-theme",
          "input-method",
          "inputmethod",
          "localization",
          "operating-system",
          "repository",
          "runtime",
          "service",
          "theme",
          "web-application");

  /// Under which catalogues take files, whatever else is in them (`as-spdx.c:
  /// as_license_is_metadata_license_id`).
  private static final Set<String> PERMISSIVE =
      Set.of(
          "FSFAP",
          "CC0-1.0",
          "0BSD",
          "MIT",
          "BSL-1.0",
          "CC-BY-3.0",
          "CC-BY-4.0",
          "CC-BY-SA-3.0",
          "CC-BY-SA-4.0",
          "FSFUL",
          "FTL",
          "GFDL-1.1",
          "GFDL-1.2",
          "GFDL-1.3");

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

  /// What is wrong, or missing.
  ///
  /// @param refuses whether AppStream's composer, and so we, make nothing of the file
  private record Problem(XmlNode.Element at, String what, String advice, boolean refuses) {}

  /// Says what software centres would miss or stumble over, with the line: what AppStream's
  /// validator complains of (`as-validator.c`), as far as it concerns an app.
  ///
  /// @param desktopFiles whether there is one of that name
  /// @return whether a catalogue can be made of it; what AppStream's composer refuses
  ///   (`asc-compose.c`), we refuse, too
  boolean check(String appId, Predicate<String> desktopFiles, Consumer<String> notes) {
    List<Problem> problems = isComponent() ? problems(appId, desktopFiles) : List.of(ancient());
    for (Problem one : problems) {
      notes.accept(
          "%s:%d: %s%s; %s"
              .formatted(
                  where,
                  one.at().line(),
                  one.what(),
                  one.refuses() ? ", so software centres do not show the app" : "",
                  one.advice()));
    }
    return problems.stream().noneMatch(Problem::refuses);
  }

  private Problem ancient() {
    return new Problem(
        root,
        "<" + root.name() + "> is a format that is no longer read",
        "begin with <component type=\"desktop-application\">",
        true);
  }

  private List<Problem> problems(String appId, Predicate<String> desktopFiles) {
    List<Problem> problems = new ArrayList<>();
    String type = root.attribute("type");
    if (!TYPES.contains(type)) {
      problems.add(
          new Problem(
              root,
              type.isEmpty() ? "the <component> has no type" : "there is no type '" + type + "'",
              "write <component type=\"desktop-application\">, or 'console-application'",
              true));
    }
    if (!id(appId).startsWith(appId)) {
      problems.add(
          new Problem(
              root.first("id").orElse(root),
              "the <id> is '" + text("id") + "', so Flatpak does not take it for " + appId,
              "correct it, or give 'rename-appdata-file' or 'rename-desktop-file' in the spec",
              true));
    }
    require("name", "software centres show it", false, problems);
    require("summary", "software centres show it below the name", true, problems);
    requireMetadataLicense(problems);
    require(LICENSE, "say under which license the app is, as an SPDX expression", false, problems);
    require(
        "description", "give some paragraphs, <p>, which software centres show", true, problems);
    root.elements("summary").forEach(summary -> checkSummary(summary, problems));
    root.elements("launchable")
        .filter(one -> one.attribute("type").equals("desktop-id"))
        .filter(one -> !desktopFiles.test(one.text().strip()))
        .forEach(
            one ->
                problems.add(
                    new Problem(
                        one,
                        "there is no /app/share/applications/" + one.text().strip(),
                        "name the desktop file in <launchable>, or remove it",
                        true)));
    root.elements("url")
        .filter(url -> !isWeb(url.text()))
        .forEach(url -> problems.add(notWeb(url)));
    root.elements("screenshots")
        .flatMap(XmlNode.Element::elements)
        .filter(screenshot -> screenshot.name().equals("screenshot"))
        .forEach(screenshot -> checkScreenshot(screenshot, problems));
    root.elements("releases")
        .flatMap(releases -> releases.elements("release"))
        .forEach(release -> checkRelease(release, problems));
    return problems;
  }

  private static void add(List<Problem> problems, XmlNode.Element at, String what, String advice) {
    problems.add(new Problem(at, what, advice, false));
  }

  private void requireMetadataLicense(List<Problem> problems) {
    String license = text("metadata_license");
    if (license.isEmpty()) {
      require(
          "metadata_license",
          "say under which license this file is, such as CC0-1.0",
          true,
          problems);
    } else if (!isPermissive(license)) {
      problems.add(
          new Problem(
              root.first("metadata_license").orElse(root),
              "the <metadata_license> '"
                  + license
                  + "' is not one under which catalogues may take"
                  + " the file",
              "license this file, not the app, under CC0-1.0, FSFAP or MIT",
              true));
    }
  }

  /// Whether one of alternatives is permissive, or all that hold together.
  private static boolean isPermissive(String expression) {
    List<String> licenses =
        Stream.of(expression.replaceAll("[()]", " ").strip().split("\\s+"))
            .filter(word -> !word.equalsIgnoreCase("and") && !word.equalsIgnoreCase("or"))
            .toList();
    return expression.toLowerCase(Locale.ROOT).contains(" or ")
        ? licenses.stream().anyMatch(PERMISSIVE::contains)
        : PERMISSIVE.containsAll(licenses);
  }

  private static void checkSummary(XmlNode.Element summary, List<Problem> problems) {
    String text = summary.text().strip();
    if (text.endsWith(".") && !summary.attributes().containsKey(XmlNode.Element.LANGUAGE)) {
      add(problems, summary, "the <summary> ends with a full stop", "remove it");
    }
    if (text.indexOf('\n') >= 0 || text.indexOf('\t') >= 0) {
      add(problems, summary, "the <summary> has a line break or tab", "write it in one line");
    }
  }

  private static boolean isWeb(String url) {
    return url.strip().matches("https?://[^\\s]+|mailto:[^\\s]+");
  }

  private static Problem notWeb(XmlNode.Element at) {
    return new Problem(
        at,
        "'%s' in <%s> is no address on the web".formatted(at.text().strip(), at.name()),
        "begin with https://",
        false);
  }

  private static void checkScreenshot(XmlNode.Element screenshot, List<Problem> problems) {
    List<XmlNode.Element> media =
        screenshot
            .elements()
            .filter(one -> one.name().equals("image") || one.name().equals("video"))
            .toList();
    if (media.isEmpty()) {
      add(
          problems,
          screenshot,
          "the <screenshot> has neither <image> nor <video>",
          "give <image>https://…</image>, or remove it");
    }
    media.stream().filter(one -> !isWeb(one.text())).forEach(one -> problems.add(notWeb(one)));
  }

  private static void checkRelease(XmlNode.Element release, List<Problem> problems) {
    String date = release.attribute("date").strip();
    String timestamp = release.attribute("timestamp").strip();
    if (release.attribute("version").isBlank()) {
      add(problems, release, "the <release> has no version", "give one");
    }
    if (date.isEmpty() && timestamp.isEmpty()) {
      add(problems, release, "the <release> has no date", "give one");
    } else if (!date.isEmpty() && ReleaseDate.parse(date).isEmpty()) {
      add(problems, release, "the date of the <release> is '" + date + "'", "write YYYY-MM-DD");
    } else if (!timestamp.isEmpty() && !timestamp.matches("\\d{1,18}")) {
      add(
          problems,
          release,
          "the timestamp of the <release> is '" + timestamp + "'",
          "write seconds since 1970, or date=\"YYYY-MM-DD\"");
    }
  }

  private void require(String element, String why, boolean refuses, List<Problem> problems) {
    boolean isThere =
        root.elements(element)
            .filter(found -> !found.attributes().containsKey(XmlNode.Element.LANGUAGE))
            .anyMatch(found -> !found.text().isBlank());
    if (!isThere) {
      problems.add(
          new Problem(
              root.first(element).orElse(root), "there is no <" + element + ">", why, refuses));
    }
  }
}
