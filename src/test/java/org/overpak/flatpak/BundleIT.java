package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.testing.Judge;
import org.overpak.tree.Attributes;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeDirectory;
import org.overpak.tree.TreeText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Commit trees and labels against what `flatpak build-export` commits and `flatpak build-bundle
/// --oci` writes of the same files.
class BundleIT {
  private static final long TIMESTAMP = 1_700_000_000L;
  private static final Ref APP = Ref.parse("app/org.t.App/x86_64/stable");
  private static final Ref RUNTIME = Ref.parse("runtime/org.t.Platform/x86_64/1");

  private static final Metadata APP_METADATA =
      Metadata.parse(
          """
          [Application]
          name=org.t.App
          runtime=org.t.Platform/x86_64/1
          sdk=org.t.Sdk/x86_64/1

          [Extension org.t.App.Plugin]
          directory=lib/plugins

          [Extra Data]
          name=blob
          checksum=92bd8c4fc2ba4ce9a1cb4d2b1c18f1a0b4d12b9e1f3f5f9d0e3f2a1b0c9d8e7f
          size=190345216
          uri=https://example.org/a/blob.bin
          checksum1=02bd8c4fc2ba4ce9a1cb4d2b1c18f1a0b4d12b9e1f3f5f9d0e3f2a1b0c9d8e7f
          size1=12
          installed-size1=34
          uri1=http://example.org/other.bin?x=y
          """,
          "metadata");

  private static final FileTree FILES =
      TreeText.parse(
          """
          d 0700 bin
          f 0711 bin/app program
          f 04755 bin/setuid program
          h bin/app-link = bin/app
          f 0600 share/private x
          f 0644 share/empty
          l lib64 -> lib
          d 01777 var/empty
          f 0644 share/applications/org.t.App.desktop [Desktop Entry]
          f 0644 share/\u00e9\u00df/na me y
          """);

  private final Judge flatpak = Judge.of("flatpak");
  private final Judge ostree = Judge.of("ostree");
  @TempDir Path directory;

  @Test
  void appIsCommittedAndLabelledAsFlatpakDoes() throws IOException {
    Path build = directory.resolve("build");
    TreeDirectory.write(FILES, build.resolve("files"));
    // The one thing that its exporter does not make, and that is needed.
    Files.createDirectories(build.resolve("files/lib/plugins"));
    Exports exports = Exports.collect(FILES, APP.id(), List.of());
    TreeDirectory.write(exports.tree(), build.resolve("export"));
    Files.writeString(build.resolve("metadata"), APP_METADATA.text());
    FileTree ours = CommitTree.ofApp(FILES, APP_METADATA, exports.tree(), TIMESTAMP);

    compare(APP, APP_METADATA, build, ours);
  }

  @Test
  void runtimeIsCommittedAndLabelledAsFlatpakDoes() throws IOException {
    Path build = directory.resolve("build");
    TreeDirectory.write(FILES, build.resolve("usr"));
    Files.createDirectories(build.resolve("files"));
    var metadata =
        Metadata.ofRuntime(RUNTIME, Ref.parsePref(Ref.Kind.RUNTIME, "org.t.Sdk/x86_64/1"));
    Files.writeString(build.resolve("metadata"), metadata.text());

    compare(RUNTIME, metadata, build, CommitTree.ofRuntime(FILES, metadata, TIMESTAMP));
  }

  private void compare(Ref ref, Metadata metadata, Path build, FileTree tree) throws IOException {
    String repository = directory.resolve("repo").toString();
    String subject = "commit of " + ref.id();
    flatpak.run(
        "build-export",
        "--timestamp=2023-11-14T22:13:20Z",
        repository,
        build.toString(),
        ref.branch());
    Map<String, String> listing = new TreeMap<>();
    ostree
        .run("--repo=" + repository, "ls", "-R", ref.toString())
        .lines()
        .forEach(line -> listing.put(pathOf(line), normal(line)));
    ostree.compare(subject, listing, listing(tree));
    FileTree wrong =
        tree.map(
            entry ->
                entry instanceof Entry.RegularFile ? entry.with(Attributes.of(0755, 0)) : entry);
    ostree.distinguishes("a wrong mode", subject, listing, listing(wrong));

    Path bundle = directory.resolve("bundle");
    List<String> kind = ref.kind() == Ref.Kind.RUNTIME ? List.of("--runtime") : List.of();
    List<String> line = new ArrayList<>(List.of("build-bundle", "--oci"));
    line.addAll(kind);
    line.addAll(List.of(repository, bundle.toString(), ref.id(), ref.branch()));
    flatpak.run(line);
    Map<String, String> theirs = labels(bundle);
    long size = CommitTree.installedSize(tree);
    long layer = manifest(bundle).at("/layers/0/size").asLong();
    ImageLabels ours = ImageLabels.of(ref, metadata, size, layer, TIMESTAMP);
    flatpak.compare("labels of " + ref.id(), readable(theirs), readable(ours.toMap()));
    ImageLabels larger = ImageLabels.of(ref, metadata, size + 512, layer, TIMESTAMP);
    flatpak.distinguishes(
        "a wrong installed size",
        "labels of " + ref.id(),
        readable(theirs),
        readable(larger.toMap()));
    assertThat(ImageLabels.ref(theirs)).isEqualTo(ref);
    assertThat(ImageLabels.metadata(theirs)).isEqualTo(metadata);
  }

  /// Labels with the commit's metadata as values and as bytes.
  private static Map<String, String> readable(Map<String, String> labels) {
    Map<String, String> result = new TreeMap<>(labels);
    ImageLabels.decode(labels)
        .forEach(
            (key, value) ->
                result.merge(
                    "org.flatpak.commit-metadata." + key,
                    value.toString(),
                    (base64, text) -> text + " " + base64));
    return result;
  }

  private static String pathOf(String line) {
    return line.substring(line.indexOf('/'));
  }

  /// `-00644 0 0 1234 /path`, without the size of what is no regular file.
  private static String normal(String line) {
    String[] words = line.split(" +", 5);
    return words[0]
        + " "
        + words[1]
        + ":"
        + words[2]
        + (line.startsWith("-") ? " " + words[3] : "")
        + (line.startsWith("l") ? line.substring(line.indexOf(" -> ")) : "");
  }

  private static Map<String, String> listing(FileTree tree) {
    Map<String, String> lines = new TreeMap<>();
    tree.entries()
        .forEach(
            (path, entry) -> {
              String mode = "%05o 0:0".formatted(entry.attributes().mode());
              switch (entry) {
                case Entry.Directory _ -> lines.put(path.toString(), "d" + mode);
                case Entry.RegularFile file ->
                    lines.put(path.toString(), "-" + mode + " " + file.content().size());
                case Entry.Symlink link ->
                    lines.put(path + " -> " + link.target(), "l" + mode + " -> " + link.target());
                case Entry.Special special -> throw new AssertionError(special);
              }
            });
    return lines;
  }

  private static Map<String, String> labels(Path layout) {
    Map<String, String> labels = new TreeMap<>();
    blob(layout, manifest(layout).at("/config/digest"))
        .at("/config/Labels")
        .properties()
        .forEach(entry -> labels.put(entry.getKey(), entry.getValue().asString()));
    return labels;
  }

  private static JsonNode manifest(Path layout) {
    return blob(layout, read(layout.resolve("index.json")).at("/manifests/0/digest"));
  }

  private static JsonNode blob(Path layout, JsonNode digest) {
    return read(
        layout.resolve("blobs/sha256").resolve(digest.asString().substring("sha256:".length())));
  }

  private static JsonNode read(Path file) {
    try {
      return JsonMapper.shared().readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
