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
/// compose` makes them.
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

  /// Where vector graphics are looked for last.
  private static final int[] SMALLER = {48, 32};

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
    Map<TreePath, Map<Integer, PngImage>> drawn = new HashMap<>();
    for (IconSize size : IconSize.values()) {
      Optional<Content> found =
          size.directories()
              .map(directory -> place(directory, name, ".png"))
              .map(app::get)
              .flatMap(Optional::stream)
              .flatMap(AppStreamCatalogue::content)
              .filter(size::isSizeOf)
              .findFirst()
              .or(() -> made(size, name, drawn));
      found.ifPresent(content -> icons.add(new Icon(size, content)));
      if (found.isEmpty()) {
        missing.add(size.directory());
      }
    }
    if (!missing.isEmpty()) {
      notes.accept(
          "there is no PNG icon '%s' of %s pixels or more in /app/share/icons/hicolor/%s/apps, and no SVG, so software centres show %s; add it to the package"
              .formatted(
                  name,
                  String.join(" and ", missing),
                  missing.getFirst(),
                  icons.isEmpty() ? "none" : "one that is scaled"));
    }
    return icons;
  }

  private static TreePath place(String directory, String name, String ending) {
    return new TreePath("share/icons/hicolor/" + directory + "/apps/" + name + ending);
  }

  /// Made of the next larger picture, or drawn; smaller ones of pixels would be blurred. In the
  /// order of `asc-compose.c:asc_compose_find_icon_filename`.
  private Optional<Content> made(
      IconSize size, String name, Map<TreePath, Map<Integer, PngImage>> drawn) {
    Stream<String> larger =
        IntStream.of(LARGER)
            .filter(pixels -> pixels > size.pixels())
            .mapToObj(pixels -> pixels + "x" + pixels);
    return Stream.of(
            Stream.of(size.directory()),
            larger,
            Stream.of("scalable"),
            IntStream.of(SMALLER).mapToObj(pixels -> pixels + "x" + pixels))
        .flatMap(directories -> directories)
        .flatMap(
            directory ->
                Stream.of(".png", ".svg", ".svgz").map(ending -> place(directory, name, ending)))
        .flatMap(path -> made(size, path, drawn).stream())
        .findFirst()
        .map(image -> Content.of(image.png()));
  }

  private Optional<PngImage> made(
      IconSize size, TreePath path, Map<TreePath, Map<Integer, PngImage>> drawn) {
    Optional<byte[]> bytes =
        app.get(path).stream()
            .flatMap(AppStreamCatalogue::content)
            .filter(content -> content.size() <= LARGEST_FILE)
            .findFirst()
            .map(AppStreamCatalogue::bytes);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    if (!path.name().endsWith(".png")) {
      return Optional.ofNullable(
          drawn.computeIfAbsent(path, _ -> drawn(path, bytes.get())).get(size.pixels()));
    }
    try {
      PngImage image = PngReader.read(bytes.get(), LARGEST_PIXELS);
      return image.width() > size.pixels() && image.width() == image.height()
          ? Optional.of(image.scaled(size.pixels()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      noteUnusable(path, e);
      return Optional.empty();
    }
  }

  /// Empty if it cannot be drawn.
  private Map<Integer, PngImage> drawn(TreePath path, byte[] bytes) {
    try {
      SvgRenderer.Drawn drawn =
          SvgRenderer.draw(
              SvgImage.decompressed(bytes),
              Stream.of(IconSize.values()).map(IconSize::pixels).toList());
      if (drawn.hasText()) {
        notes.accept(
            "the icon /app%s has text, which software centres do not show, since there are no fonts to draw it with; turn it into paths in the package"
                .formatted(path));
      }
      return drawn.images();
    } catch (IllegalArgumentException e) {
      noteUnusable(path, e);
      return Map.of();
    }
  }

  private void noteUnusable(TreePath path, IllegalArgumentException reason) {
    notes.accept(
        "the icon /app%s cannot be used for software centres: %s; correct the package"
            .formatted(path, reason.getMessage()));
  }

  private static byte[] bytes(Content content) {
    try {
      return content.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Content> content(Entry entry) {
    return entry instanceof Entry.RegularFile file ? Stream.of(file.content()) : Stream.empty();
  }
}
