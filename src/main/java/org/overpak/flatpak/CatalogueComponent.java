package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/// A component of an AppStream catalogue, made of the app's metainfo and desktop file ([AppStream,
/// 3.1](https://www.freedesktop.org/software/appstream/docs/sect-AppStream-XML.html)): what is
/// translated piece by piece in the former is whole per language in a catalogue, dates are seconds,
/// and what only the app's developers need is left out.
///
/// @param icons elements that name the icons
record CatalogueComponent(
    XmlNode.Element metainfo, String id, Keyfile desktop, List<XmlNode.Element> icons) {

  /// The order that AppStream's own writer has; others follow in the order of the file.
  private static final List<String> ORDER =
      List.of(
          "id",
          "name",
          "summary",
          "project_license",
          "developer_name",
          "developer",
          "project_group",
          "description",
          "launchable",
          "icon",
          "url",
          "categories",
          "compulsory_for_desktop",
          "provides",
          "screenshots",
          "keywords",
          "releases",
          "content_rating");

  /// Elements that have no meaning in a catalogue or that AppStream's composer leaves out.
  private static final Set<String> DROPPED =
      Set.of("metadata_license", "update_contact", "translation", "custom", "icon");

  /// Categories that name a toolkit or a desktop and tell nothing of the app.
  private static final Set<String> TOOLKITS =
      Set.of("GTK", "Qt", "GNOME", "KDE", "GUI", "Application");

  private static final String LANGUAGE = XmlNode.Element.LANGUAGE;

  XmlNode.Element element() {
    SequencedMap<String, List<XmlNode.Element>> children = new LinkedHashMap<>();
    ORDER.forEach(name -> children.put(name, new ArrayList<>()));
    metainfo
        .elements()
        .filter(child -> !DROPPED.contains(child.name()))
        .forEach(
            child ->
                children
                    .computeIfAbsent(child.name(), _ -> new ArrayList<>())
                    .addAll(converted(child)));
    children.put("icon", allIcons());
    fill(children, "name", () -> fromDesktop("name", "Name"));
    fill(children, "launchable", this::launchable);
    fill(children, "categories", this::categories);
    children.put("keywords", keywords(children.getOrDefault("keywords", List.of())));
    children.put("provides", provides(children.getOrDefault("provides", List.of())));
    String type = metainfo.attribute("type");
    return metainfo
        .with("type", type.equals("desktop") ? "desktop-application" : type)
        .withChildren(children.values().stream().flatMap(List::stream).toList());
  }

  private interface Source {
    List<XmlNode.Element> get();
  }

  private static void fill(
      Map<String, List<XmlNode.Element>> children, String name, Source source) {
    if (children.getOrDefault(name, List.of()).isEmpty()) {
      children.put(name, source.get());
    }
  }

  private static List<XmlNode.Element> converted(XmlNode.Element child) {
    return switch (child.name()) {
      case "description" -> byLanguage(child);
      case "screenshots" ->
          List.of(child.mapEach("screenshot", CatalogueComponent::typedScreenshot));
      case "releases" -> List.of(child.mapEach("release", CatalogueComponent::release));
      default -> List.of(child);
    };
  }

  private static XmlNode.Element typedScreenshot(XmlNode.Element screenshot) {
    return screenshot.mapEach(
        "image", image -> image.attribute("type").isEmpty() ? image.with("type", "source") : image);
  }

  private static XmlNode.Element release(XmlNode.Element release) {
    XmlNode.Element result = release.without("date");
    String type = release.attribute("type");
    result = result.with("type", type.isEmpty() ? "stable" : type);
    OptionalLong time = ReleaseDate.parse(release.attribute("date").strip());
    if (release.attribute("timestamp").isEmpty() && time.isPresent()) {
      result = result.with("timestamp", Long.toString(time.getAsLong()));
    }
    return result.withChildren(
        release
            .elements()
            .flatMap(
                child ->
                    child.name().equals("description")
                        ? byLanguage(child).stream()
                        : Stream.of(child))
            .toList());
  }

  /// A description as one for each language, the untranslated first.
  private static List<XmlNode.Element> byLanguage(XmlNode.Element description) {
    if (description.attributes().containsKey(LANGUAGE)) {
      return List.of(description);
    }
    List<XmlNode.Element> result = new ArrayList<>();
    for (String language : languages(description)) {
      List<XmlNode.Element> parts =
          description.elements().flatMap(part -> inLanguage(part, language)).toList();
      if (!parts.isEmpty()) {
        result.add(translated("description", language, parts));
      }
    }
    return result;
  }

  private static XmlNode.Element translated(
      String name, String language, List<XmlNode.Element> children) {
    XmlNode.Element element = XmlNode.Element.of(name, children);
    return language.isEmpty() ? element : element.with(LANGUAGE, language);
  }

  /// Which languages ELEMENT and what is in it are in, in the order of the file; untranslated is
  /// the empty text, and first.
  private static Set<String> languages(XmlNode.Element element) {
    Set<String> result = new LinkedHashSet<>();
    result.add("");
    element
        .elements()
        .forEach(
            child -> {
              result.add(child.attribute(LANGUAGE));
              child.elements().forEach(item -> result.add(item.attribute(LANGUAGE)));
            });
    return result;
  }

  /// A paragraph, or a list with those of its items, that are in LANGUAGE.
  private static Stream<XmlNode.Element> inLanguage(XmlNode.Element part, String language) {
    boolean isList = part.name().equals("ul") || part.name().equals("ol");
    if (!isList || !part.attribute(LANGUAGE).isEmpty()) {
      return part.attribute(LANGUAGE).equals(language)
          ? Stream.of(part.without(LANGUAGE))
          : Stream.empty();
    }
    List<XmlNode.Element> items =
        part.elements("li")
            .filter(item -> item.attribute(LANGUAGE).equals(language))
            .map(item -> item.without(LANGUAGE))
            .toList();
    return items.isEmpty() ? Stream.empty() : Stream.of(part.withChildren(items));
  }

  private List<XmlNode.Element> allIcons() {
    List<XmlNode.Element> all = new ArrayList<>(icons);
    desktop
        .string(DesktopFile.GROUP, "Icon")
        .filter(icon -> !icon.isEmpty() && !icon.startsWith("/"))
        .ifPresent(icon -> all.add(XmlNode.Element.of("icon", icon).with("type", "stock")));
    return all;
  }

  private List<XmlNode.Element> launchable() {
    return desktop.hasGroup(DesktopFile.GROUP)
        ? List.of(XmlNode.Element.of("launchable", id + ".desktop").with("type", "desktop-id"))
        : List.of();
  }

  private List<XmlNode.Element> categories() {
    List<XmlNode.Element> found =
        desktop.list(DesktopFile.GROUP, "Categories").stream()
            .filter(category -> !TOOLKITS.contains(category) && !category.startsWith("X-"))
            .map(category -> XmlNode.Element.of("category", category))
            .toList();
    return found.isEmpty() ? List.of() : List.of(XmlNode.Element.of("categories", found));
  }

  /// KEY of the desktop file and its translations.
  private List<XmlNode.Element> fromDesktop(String element, String key) {
    SequencedMap<String, String> keys = desktopKeys(key);
    return keys.entrySet().stream()
        .map(
            one -> {
              var text =
                  XmlNode.Element.of(
                      element, desktop.string(DesktopFile.GROUP, one.getValue()).orElseThrow());
              return one.getKey().isEmpty() ? text : text.with(LANGUAGE, one.getKey());
            })
        .toList();
  }

  /// The keys of the desktop file that are KEY in some language, by language.
  private SequencedMap<String, String> desktopKeys(String key) {
    SequencedMap<String, String> result = new LinkedHashMap<>();
    for (String one : desktop.keys(DesktopFile.GROUP)) {
      if (one.equals(key)) {
        result.put("", one);
      } else if (one.startsWith(key + "[") && one.endsWith("]")) {
        result.put(one.substring(key.length() + 1, one.length() - 1), one);
      }
    }
    return result;
  }

  /// Keywords for each language; those that the metainfo has none for come from the desktop file.
  private List<XmlNode.Element> keywords(List<XmlNode.Element> given) {
    SequencedMap<String, List<XmlNode.Element>> words = new LinkedHashMap<>();
    for (XmlNode.Element keywords : given) {
      keywords
          .elements("keyword")
          .forEach(
              word -> {
                String own = word.attribute(LANGUAGE);
                words
                    .computeIfAbsent(
                        own.isEmpty() ? keywords.attribute(LANGUAGE) : own, _ -> new ArrayList<>())
                    .add(word.without(LANGUAGE));
              });
    }
    desktopKeys("Keywords")
        .forEach(
            (language, key) ->
                words.computeIfAbsent(
                    language,
                    _ ->
                        desktop.list(DesktopFile.GROUP, key).stream()
                            .map(word -> XmlNode.Element.of("keyword", word))
                            .toList()));
    return words.entrySet().stream()
        .filter(one -> !one.getValue().isEmpty())
        .map(one -> translated("keywords", one.getKey(), one.getValue()))
        .toList();
  }

  /// What the app provides, MIME types of the desktop file included.
  private List<XmlNode.Element> provides(List<XmlNode.Element> given) {
    List<XmlNode.Element> provided =
        new ArrayList<>(given.stream().flatMap(XmlNode.Element::elements).toList());
    for (String type : desktop.list(DesktopFile.GROUP, "MimeType")) {
      boolean known =
          provided.stream()
              .anyMatch(one -> one.name().equals("mediatype") && one.text().strip().equals(type));
      if (!known) {
        provided.add(XmlNode.Element.of("mediatype", type));
      }
    }
    return provided.isEmpty() ? List.of() : List.of(XmlNode.Element.of("provides", provided));
  }
}
