package org.overpak.flatpak;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A definition of MIME types, `share/mime/packages/ID.xml` (shared-mime-info's format).
final class MimeTypes {
  private MimeTypes() {}

  /// MIME-INFO with each of ICONS named `ID.ICON`. A type without an icon has one by its own name,
  /// with `-` for `/`; if that is among ICONS, it is written down
  /// (`builder-manifest.c:_cleanup_mime_file_rename_icons`).
  static XmlNode.Element renameIcons(XmlNode.Element mimeInfo, List<String> icons, String id) {
    return mimeInfo.mapEach("mime-type", type -> renameIcon(type, icons, id));
  }

  private static XmlNode.Element renameIcon(XmlNode.Element type, List<String> icons, String id) {
    Optional<String> element =
        Stream.of("icon", "generic-icon").filter(name -> type.first(name).isPresent()).findFirst();
    if (element.isPresent()) {
      return type.mapFirst(
          element.get(),
          icon ->
              icons.contains(icon.attribute("name"))
                  ? icon.with("name", id + "." + icon.attribute("name"))
                  : icon);
    }
    String implied = type.attribute("type").replace('/', '-');
    return icons.contains(implied)
        ? type.plus(XmlNode.Element.of("icon", List.of()).with("name", id + "." + implied))
        : type;
  }
}
