package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Progress;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageConfig;
import org.overpak.oci.ImageName;
import org.overpak.oci.LayerCompression;
import org.overpak.testing.BuildahStore;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an image says of itself through conversions, as skopeo shows it: images of Flatpaks to
/// which buildah added all that it can.
class ConvertedConfigIT {
  private static final long TIMESTAMP = 1_700_000_000L;
  private static final Ref REF = Ref.parse("runtime/org.t.Platform/x86_64/1");

  /// Plain last, where all must still be there.
  private static final List<LayoutChoice> ROUND =
      List.of(LayoutChoice.HYBRID, LayoutChoice.OSTREE, LayoutChoice.PLAIN);

  private static final List<String> OPTIONS =
      List.of(
          "--author=A. Uthor",
          "--created-by=a hand",
          "--comment=a comment",
          "--history-comment=what was done",
          "--os-version=7.1",
          "--os-feature=win32k",
          "--variant=v3",
          "--user=1000:100",
          "--workingdir=/usr",
          "--env=GREETING=hello world",
          "--entrypoint=[\"/usr/bin/env\",\"-i\"]",
          "--cmd=/usr/bin/tool --all",
          "--port=8080/tcp",
          "--volume=/srv/data",
          "--stop-signal=SIGINT",
          "--label=org.example.label=größe",
          "--annotation=org.example.note=a note");

  /// What OCI's format does not have and Docker's has.
  private static final List<String> DOCKER_OPTIONS =
      List.of(
          "--healthcheck=CMD /usr/bin/check || exit 1",
          "--healthcheck-interval=30s",
          "--healthcheck-retries=5",
          "--healthcheck-start-period=2s",
          "--healthcheck-timeout=10s",
          "--onbuild=RUN make",
          "--onbuild=COPY . /src",
          "--shell=/bin/sh -eu -c",
          "--hostname=there",
          "--domainname=example.org");

  private final Judge skopeo = Judge.of("skopeo");

  @TempDir private Path directory;

  /// JUnit would warn of each link that it deletes.
  @AfterEach
  void removeRoots() {
    Command.of("find", directory.toString(), "-mindepth", "1", "-delete").run();
  }

  @Test
  void whatOciKnowsIsKept() {
    Map<String, String> said =
        convertAll("oci", "oci:" + directory.resolve("made") + ":made", List.of());
    assertThat(said.keySet())
        .contains(
            "author",
            "created",
            "variant",
            "os.version",
            "os.features[0]",
            "config.StopSignal",
            "annotation org.example.note",
            "history[0].comment");
  }

  @Test
  void whatDockerKnowsIsKept() {
    Map<String, String> said =
        convertAll("docker", "dir:" + directory.resolve("made"), DOCKER_OPTIONS);
    assertThat(said.keySet())
        .contains(
            "author",
            "config.Healthcheck.Test[1]",
            "config.Healthcheck.StartPeriod",
            "config.OnBuild[1]",
            "config.Shell[2]",
            "config.Hostname");
  }

  /// Converts an image of buildah's through all layouts.
  ///
  /// @return what the first one said
  private Map<String, String> convertAll(String format, String made, List<String> options) {
    try (var buildah = new BuildahStore(directory, "vfs")) {
      String container = buildah.run("from", "--pull-never", plain().name().toString()).strip();
      List<String> config = new ArrayList<>(List.of("config"));
      config.addAll(OPTIONS);
      config.addAll(options);
      config.add(container);
      buildah.run(config.toArray(String[]::new));
      buildah.run("commit", "-q", "--format", format, container, made);
    }
    Map<String, String> theirs = said(made);
    String name = made;
    for (LayoutChoice layout : ROUND) {
      name = convert(name, layout).toString();
      String subject = format + " image made " + layout.layout();
      Map<String, String> ours = said(name);
      skopeo.compare(subject, theirs, ours);
      for (String field : List.of("author", "config.StopSignal", "history[0].comment")) {
        var wrong = new TreeMap<>(ours);
        wrong.remove(field);
        skopeo.distinguishes("an image that lost " + field, subject, theirs, wrong);
      }
    }
    return theirs;
  }

  private ImageName convert(String name, LayoutChoice layout) {
    return LayoutConversion.run(
            FlatpakName.parse(name),
            layout,
            new ImageName.Layout(directory.resolve(layout.layout().name()), "image"),
            directory.resolve("cache"),
            Progress.SILENT)
        .name();
  }

  private WrittenImage plain() {
    var metadata = Metadata.ofRuntime(REF, REF);
    FileTree tree =
        CommitTree.ofRuntime(TreeText.parse("f 0755 bin/sh program"), metadata, TIMESTAMP);
    try (var work = WorkDirectory.in(directory.resolve("cache"))) {
      return new CommitImage(REF, metadata, tree, TIMESTAMP, ImageConfig.Execution.NONE)
          .writeInto(
              new ImageName.Layout(directory.resolve("plain"), "plain"),
              LayerCompression.DEFAULT,
              List.of(),
              work,
              Progress.SILENT);
    }
  }

  /// What the image NAME says by its path in the configuration, and its annotations; without what
  /// is of its layers: their digests and sizes, which step of the history made one, and Docker's
  /// parent.
  private Map<String, String> said(String name) {
    JsonNode config =
        JsonMapper.shared().readTree(skopeo.run("inspect", "--config", "--raw", name).text());
    Map<String, String> said = new TreeMap<>();
    flatten("", config, said);
    said.keySet()
        .removeIf(
            path ->
                path.startsWith("rootfs.")
                    || path.equals("parent")
                    || path.startsWith("history[")
                    || path.equals("config.Labels." + ImageLabels.DOWNLOAD_SIZE)
                    || path.startsWith("config.Labels.ostree."));
    List<JsonNode> steps = new ArrayList<>();
    for (JsonNode step : config.path("history")) {
      if (!step.path("created_by").asString("").equals("overpak")) {
        steps.add(step);
      }
    }
    for (int number = 0; number < steps.size(); number++) {
      flatten("history[" + number + "]", steps.get(number), said);
      said.remove("history[" + number + "].empty_layer");
    }
    JsonNode manifest = JsonMapper.shared().readTree(skopeo.run("inspect", "--raw", name).text());
    for (var annotation : manifest.path("annotations").properties()) {
      said.put("annotation " + annotation.getKey(), annotation.getValue().asString());
    }
    return said;
  }

  /// Each value that is something.
  private static void flatten(String path, JsonNode value, Map<String, String> flat) {
    if (value.isObject()) {
      for (var field : value.properties()) {
        flatten(
            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), flat);
      }
    } else if (value.isArray()) {
      for (int number = 0; number < value.size(); number++) {
        flatten(path + "[" + number + "]", value.get(number), flat);
      }
    } else if (!value.isNull() && !value.toString().equals("\"\"")) {
      flat.put(path, value.toString());
    }
  }
}
