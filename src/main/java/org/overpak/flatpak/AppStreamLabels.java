package org.overpak.flatpak;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The labels that carry an image's AppStream data, as `flatpak build-bundle --oci` makes them of
/// the catalogue and the icons in the commit, byte by byte (`flatpak-builtins-build-bundle.c:
/// get_bundle_appstream_data`, `flatpak-xml-utils.c:flatpak_appstream_xml_migrate`).
public final class AppStreamLabels {
  private static final String PREFIX = "org.freedesktop.appstream.";

  private AppStreamLabels() {}

  /// The labels for the Flatpak REF; none if it has no catalogue that tells of it.
  ///
  /// @param commit with the directory `files`
  /// @throws OverpakException (PACKAGE) if the catalogue is malformed
  public static SortedMap<String, String> of(FileTree commit, Ref ref, Metadata metadata) {
    Optional<String> catalogue =
        content(commit, AppStreamCatalogue.xml(ref.id()))
            .flatMap(content -> catalogue(content, ref, metadata));
    if (catalogue.isEmpty()) {
      return Collections.emptySortedMap();
    }
    SortedMap<String, String> labels = new TreeMap<>();
    labels.put(PREFIX + "appdata", catalogue.get());
    for (IconSize size : IconSize.values()) {
      content(commit, AppStreamCatalogue.icon(ref.id(), size))
          .ifPresent(icon -> labels.put(PREFIX + "icon-" + size.pixels(), data(icon)));
    }
    return labels;
  }

  private static Optional<Content> content(FileTree commit, TreePath path) {
    return commit
        .get(CommitTree.FILES.resolve(path))
        .filter(Entry.RegularFile.class::isInstance)
        .map(entry -> ((Entry.RegularFile) entry).content());
  }

  private static String data(Content icon) {
    try {
      return "data:image/png;base64," + Base64.getEncoder().encodeToString(icon.readAll());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> catalogue(Content content, Ref ref, Metadata metadata) {
    String where = CommitTree.FILES.resolve(AppStreamCatalogue.xml(ref.id())).toString();
    XmlNode.Element source = XmlReader.read(decompress(content, where), where);
    List<XmlNode> children = new ArrayList<>();
    children.add(new XmlNode.Text("\n  "));
    if (source.name().equals("components")) {
      source
          .elements("component")
          .filter(component -> isOf(component, ref.id()))
          .forEach(component -> children.add(bundled(component, ref, metadata)));
    }
    if (children.size() == 1) {
      return Optional.empty();
    }
    children.add(new XmlNode.Text("\n"));
    return Optional.of(
        XmlWriter.write(
            XmlNode.Element.of("components", children)
                .with("version", "0.8")
                .with("origin", "flatpak")));
  }

  private static byte[] decompress(Content content, String where) {
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(content.readAll()))) {
      byte[] bytes = gzip.readNBytes(XmlReader.LARGEST + 1);
      if (bytes.length > XmlReader.LARGEST) {
        throw new IOException("larger than " + XmlReader.LARGEST + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.PACKAGE,
          where + " cannot be decompressed: " + e.getMessage(),
          "Correct the package that brings it, or say 'appstream-compose: true' to make it anew.",
          e);
    }
  }

  private static boolean isOf(XmlNode.Element component, String appId) {
    String id = component.first("id").map(found -> found.text().strip()).orElse("");
    return !id.isEmpty() && id.startsWith(appId);
  }

  private static XmlNode.Element bundled(XmlNode.Element component, Ref ref, Metadata metadata) {
    List<XmlNode> children = new ArrayList<>(component.children());
    children.removeIf(
        child -> child instanceof XmlNode.Element element && element.name().equals("bundle"));
    children.add(new XmlNode.Text("  "));
    children.add(bundle(ref, metadata));
    children.add(new XmlNode.Text("\n  "));
    XmlNode.Element result = component.withChildren(children);
    List<String> tags = metadata.keyfile().list(metadata.group(), "tags");
    if (tags.isEmpty()) {
      return result;
    }
    if (result.first("metadata").isEmpty()) {
      result =
          result
              .plus(new XmlNode.Text("  "))
              .plus(XmlNode.Element.of("metadata", List.of()))
              .plus(new XmlNode.Text("\n  "));
    }
    return result.mapFirst(
        "metadata",
        found ->
            found
                .plus(new XmlNode.Text("\n       "))
                .plus(
                    XmlNode.Element.of("value", String.join(",", tags))
                        .with("key", "X-Flatpak-Tags"))
                .plus(new XmlNode.Text("\n    ")));
  }

  private static XmlNode.Element bundle(Ref ref, Metadata metadata) {
    XmlNode.Element bundle = XmlNode.Element.of("bundle", ref.toString()).with("type", "flatpak");
    for (String key : List.of("runtime", "sdk")) {
      Optional<String> value = metadata.keyfile().string(metadata.group(), key);
      if (value.isPresent()) {
        bundle = bundle.with(key, value.get());
      }
    }
    return bundle;
  }
}
