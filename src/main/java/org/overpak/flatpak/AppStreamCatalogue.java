package org.overpak.flatpak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The files below `share/app-info` from which Flatpak takes what software centres show of an app:
/// the catalogue `xmls/ID.xml.gz` and the icons `icons/flatpak/SIZE/ID.png`, as `appstreamcli
/// compose` makes them; but that renders SVG where it was built with librsvg. There is no renderer
/// here: those for Java (JSVG, Batik) draw with AWT, which would make the program larger by a third
/// for icons that packages mostly have as PNG, too, and would not draw the same pixels.
///
/// @param metainfo which is a component and bears the ID
/// @param desktop the desktop file, empty if there is none
/// @param app where the icons are looked for
record AppStreamCatalogue(
    String id, Metainfo metainfo, Keyfile desktop, FileTree app, Consumer<String> notes) {
  static final TreePath DIRECTORY = new TreePath("share/app-info");

  private static final int PLAIN = 0644;

  /// Sizes that themes have, nearest first.
  private static final int[] LARGER = {72, 96, 128, 192, 256, 384, 512, 1024};

  private static final int LARGEST_PIXELS = 2048;
  private static final int LARGEST_FILE = 16 << 20;

  /// An icon of exactly the size that software centres ask for.
  private record Icon(IconSize size, Content content) {}

  static TreePath xml(String id) {
    return DIRECTORY.resolve("xmls/" + id + ".xml.gz");
  }

  static TreePath icon(String id, IconSize size) {
    return DIRECTORY.resolve("icons/flatpak/" + size.directory() + "/" + id + ".png");
  }

  /// What comes into the app's tree.
  FileTree tree() {
    Map<TreePath, Entry> files = new HashMap<>();
    List<Icon> icons = icons();
    for (Icon icon : icons) {
      files.put(icon(id, icon.size()), file(icon.content()));
    }
    List<XmlNode.Element> cached = icons.stream().map(icon -> icon.size().cachedIcon(id)).toList();
    var component = new CatalogueComponent(metainfo.root(), id, desktop, cached).element();
    XmlNode.Element root =
        XmlNode.Element.of("components", List.of(component)).with("version", "0.16");
    String text = XmlWriter.write(XmlWriter.indented(root, 0)) + "\n";
    files.put(xml(id), file(Content.of(compress(text))));
    return FileTree.of(files);
  }

  private static Entry file(Content content) {
    return new Entry.RegularFile(Attributes.of(PLAIN, 0), content);
  }

  /// Java writes neither a time nor a name into the header.
  private static byte[] compress(String text) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private List<Icon> icons() {
    String name =
        desktop
            .string(DesktopFile.GROUP, "Icon")
            .filter(icon -> !icon.isEmpty() && icon.indexOf('/') < 0)
            .orElse(id);
    List<Icon> icons = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (IconSize size : IconSize.values()) {
      Optional<Content> found =
          size.directories()
              .map(directory -> place(directory, name))
              .map(app::get)
              .flatMap(Optional::stream)
              .flatMap(AppStreamCatalogue::content)
              .filter(size::isSizeOf)
              .findFirst()
              .or(() -> scaled(size, name));
      found.ifPresent(content -> icons.add(new Icon(size, content)));
      if (found.isEmpty()) {
        missing.add(size.directory());
      }
    }
    if (!missing.isEmpty()) {
      noteMissing(name, missing, icons.isEmpty());
    }
    return icons;
  }

  private void noteMissing(String name, List<String> sizes, boolean all) {
    Optional<TreePath> svg =
        Stream.of(".svg", ".svgz")
            .map(ending -> new TreePath("share/icons/hicolor/scalable/apps/" + name + ending))
            .filter(app::contains)
            .findFirst();
    String wanted =
        "PNG icon '%s' of %s pixels or more in /app/share/icons/hicolor/%s/apps"
            .formatted(name, String.join(" and ", sizes), sizes.getFirst());
    notes.accept(
        all && svg.isPresent()
            ? "the only icon is the SVG /app%s, which is not rendered, so software centres show none; add a %s to the package, or make it in 'cleanup-commands' (rsvg-convert -w 128)"
                .formatted(svg.get(), wanted)
            : "there is no %s, so software centres show %s; add it to the package"
                .formatted(wanted, all ? "none" : "one that is scaled"));
  }

  private static TreePath place(String directory, String name) {
    return new TreePath("share/icons/hicolor/" + directory + "/apps/" + name + ".png");
  }

  /// Made of the next larger one; smaller ones would be blurred.
  private Optional<Content> scaled(IconSize size, String name) {
    return IntStream.of(LARGER)
        .filter(pixels -> pixels > size.pixels())
        .mapToObj(pixels -> place(pixels + "x" + pixels, name))
        .flatMap(path -> app.get(path).stream().flatMap(AppStreamCatalogue::content))
        .flatMap(content -> decoded(content, name).stream())
        .filter(image -> image.width() > size.pixels() && image.width() == image.height())
        .findFirst()
        .map(image -> Content.of(image.scaled(size.pixels()).png()));
  }

  private Optional<PngImage> decoded(Content content, String name) {
    if (content.size() > LARGEST_FILE) {
      return Optional.empty();
    }
    try {
      return Optional.of(PngReader.read(content.readAll(), LARGEST_PIXELS));
    } catch (IllegalArgumentException e) {
      notes.accept(
          "the PNG icon '%s' in /app/share/icons/hicolor cannot be used: %s; correct the package"
              .formatted(name, e.getMessage()));
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Content> content(Entry entry) {
    return entry instanceof Entry.RegularFile file ? Stream.of(file.content()) : Stream.empty();
  }
}
