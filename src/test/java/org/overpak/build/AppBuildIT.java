package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.overpak.Progress;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.ImageLabels;
import org.overpak.oci.Image;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.DnfRoot;
import org.overpak.testing.FlatpakInstallation;
import org.overpak.testing.Judge;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;
import tools.jackson.databind.json.JsonMapper;

/// Apps built on top of the test distribution's runtime: equal to what dnf and Flatpak's own build
/// commands make, installed and run by Flatpak.
class AppBuildIT {
  private static final Judge DNF = Judge.of("dnf");
  private static final Judge FLATPAK = Judge.of("flatpak");
  private static final Judge OSTREE = Judge.of("ostree");
  private static final Judge SKOPEO = Judge.of("skopeo");

  private final TestFlatpaks flatpaks = TestFlatpaks.make();

  @TempDir private Path directory;

  /// JUnit would warn of each link in a deployed runtime that it deletes.
  @AfterEach
  void removeInstallations() {
    for (String name : List.of("build", "repo", "user", "system", "registry")) {
      Command.of("rm", "-rf", directory.resolve(name).toString()).run();
    }
  }

  private static FileTree tree(ImageName.Layout name) {
    return ImageLayout.open(name).readTree(_ -> true, Progress.SILENT);
  }

  @ParameterizedTest
  @CsvSource({"hello,hello", "figlet,figlet", "onig,oniguruma-tools"})
  void appIsWhatDnfInstallsAndFlatpakExports(String name, String pkg) throws IOException {
    BuiltApp built = flatpaks.build(name);
    FileTree ours = tree(built.image().layout());

    try (var root = DnfRoot.install(directory, List.of(), List.of(pkg))) {
      Map<String, String> theirs = TreeListing.ofApp(root);
      Map<String, String> files = TreeListing.of(ours.subtree(CommitTree.FILES));
      DNF.compare("/app of " + name, theirs, files);
      var wrong = new TreeMap<>(files);
      wrong.replaceAll((_, line) -> line.replace("file 0755", "file 0644"));
      DNF.distinguishes("a wrong mode", "/app of " + name, theirs, wrong);

      compareWithExporter(name, built, ours, root.path().resolve("app"));
    }
  }

  /// `flatpak build-finish`, `build-export` and `build-bundle --oci` of the same `/app`.
  private void compareWithExporter(String name, BuiltApp built, FileTree ours, Path app)
      throws IOException {
    ContainerSpec spec = TestFlatpaks.spec(name);
    Path build = Files.createDirectory(directory.resolve("build"));
    Command.of("cp", "-a", app.toString(), build.resolve("files").toString()).run();
    Files.writeString(
        build.resolve("metadata"),
        "[Application]\nname=%s\nruntime=%s/x86_64/stable\nsdk=%s/x86_64/stable\n%s"
            .formatted(
                spec.flatpak().id(),
                spec.flatpak().runtime().id(),
                spec.flatpak().runtime().sdk(),
                tagsLine(spec.flatpak().tags())));
    List<String> finish = new ArrayList<>(List.of("build-finish", build.toString()));
    finish.add("--command=" + spec.flatpak().command());
    finish.addAll(spec.flatpak().finishArgs());
    FLATPAK.run(finish);
    Path repository = directory.resolve("repo");
    OSTREE.run("--repo=" + repository, "init", "--mode=archive");
    FLATPAK.run(
        "build-export", "--disable-sandbox", repository.toString(), build.toString(), "stable");
    Path bundle = directory.resolve("bundle");
    FLATPAK.run(
        "build-bundle",
        "--oci",
        repository.toString(),
        bundle.toString(),
        spec.flatpak().id(),
        "stable");
    Image theirImage = ImageLayout.open(new ImageName.Layout(bundle, ""));

    Map<String, String> theirTree =
        TreeListing.of(CommitTree.canonical(theirImage.readTree(_ -> true, Progress.SILENT), 0));
    FLATPAK.compare("commit tree of " + name, theirTree, TreeListing.of(ours));
    Map<String, String> theirLabels = labels(theirImage);
    Map<String, String> ourLabels = labels(ImageLayout.open(built.image().layout()));
    FLATPAK.compare("labels of " + name, theirLabels, ourLabels);
    var wrong = new TreeMap<>(ourLabels);
    wrong.computeIfPresent("org.flatpak.metadata", (_, text) -> text + "\n");
    FLATPAK.distinguishes("metadata with one byte more", "labels of " + name, theirLabels, wrong);
  }

  /// As `flatpak build-init --tag` writes them.
  private static String tagsLine(List<String> tags) {
    return tags.isEmpty() ? "" : "tags=" + String.join(";", tags) + ";\n";
  }

  private static Map<String, String> labels(Image image) {
    Map<String, String> result = new TreeMap<>(image.config().labels());
    ImageLabels.decode(image.config().labels())
        .forEach(
            (key, value) -> result.put("org.flatpak.commit-metadata." + key, value.toString()));
    return result;
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "system"})
  void flatpakInstallsAndRunsItFromALocalRepository(String scope) {
    Path repository = directory.resolve("repo");
    OSTREE.run("--repo=" + repository, "init", "--mode=archive");
    TestFlatpaks.importInto(repository, flatpaks.runtime().image());
    TestFlatpaks.importInto(repository, flatpaks.build("onig").image());
    FLATPAK.run("build-update-repo", repository.toString());
    OSTREE.run(
        Command.of("ostree", "--repo=" + repository, "fsck", "-q").within(Duration.ofMinutes(5)));
    FlatpakInstallation installation =
        scope.equals("user")
            ? FlatpakInstallation.user(directory)
            : FlatpakInstallation.system(directory);
    installation.run("remote-add", "--no-gpg-verify", "test", "file://" + repository);
    installation.run("install", "-y", "--noninteractive", "test", "org.overpak.testing.onig");
    assertRuns(installation);
  }

  /// The program of oniguruma-tools finds its library in /app/lib64, and the environment that the
  /// spec asks for.
  private static void assertRuns(FlatpakInstallation installation) {
    Command.Result result = installation.run("run", "org.overpak.testing.onig");
    assertThat(result.text() + result.errorText()).contains("match at 4").contains("0: (4-14)");
    assertThat(
            installation
                .run("run", "--command=bash", "org.overpak.testing.onig", "-c", "echo $GREETING")
                .text())
        .isEqualTo("two words\n");
    FLATPAK.compared(2);
    installation.rejects(
        "a program that is not in the app",
        "run",
        "--command=nonesuch",
        "org.overpak.testing.onig");
  }

  @Test
  void flatpakInstallsAndRunsItFromARegistry() throws IOException {
    try (var registry = new Registry(directory)) {
      List<WrittenImage> images =
          List.of(flatpaks.runtime().image(), flatpaks.build("onig").image());
      for (WrittenImage image : images) {
        registry.push(image);
      }
      HttpServer index = registry.serveIndex();
      try {
        FlatpakInstallation installation = FlatpakInstallation.user(directory);
        installation.run(
            "remote-add", "test", "oci+http://127.0.0.1:" + index.getAddress().getPort());
        installation.run("install", "-y", "--noninteractive", "test", "org.overpak.testing.onig");
        assertRuns(installation);
      } finally {
        index.stop(0);
      }
    }
  }

  /// `docker-registry` on loopback, and the static index that Flatpak asks.
  private static final class Registry implements AutoCloseable {
    private final Process process;
    private final String address;
    private final List<Map<String, Object>> results = new ArrayList<>();

    Registry(Path directory) throws IOException {
      int port;
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = socket.getLocalPort();
      }
      this.address = "127.0.0.1:" + port;
      Path config = directory.resolve("registry.yml");
      Files.writeString(
          config,
          """
          version: 0.1
          storage: {filesystem: {rootdirectory: %s}}
          http: {addr: %s}
          log: {level: warn, accesslog: {disabled: true}}
          """
              .formatted(directory.resolve("registry"), address));
      this.process =
          new ProcessBuilder("docker-registry", "serve", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("registry.log").toFile())
              .start();
    }

    void push(WrittenImage image) {
      String name = "test/image" + results.size();
      SKOPEO.run(
          Command.of(
                  "skopeo",
                  "copy",
                  "--quiet",
                  "--retry-times=3",
                  "--dest-tls-verify=false",
                  "oci:" + image.layout().directory() + ":" + image.layout().reference(),
                  "docker://" + address + "/" + name + ":latest")
              .within(Duration.ofMinutes(5)));
      String digest =
          SKOPEO
              .run(
                  "inspect",
                  "--tls-verify=false",
                  "--format={{.Digest}}",
                  "docker://" + address + "/" + name + ":latest")
              .text()
              .strip();
      SKOPEO.compare(
          "digest of " + image.ref(),
          Map.of("digest", digest),
          Map.of("digest", image.digest().toString()));
      results.add(RegistryIndex.result(name, image));
    }

    HttpServer serveIndex() throws IOException {
      byte[] body =
          JsonMapper.shared()
              .writeValueAsString(Map.of("Registry", "http://" + address, "Results", results))
              .getBytes(StandardCharsets.UTF_8);
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/index/static",
          exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            try (exchange) {
              exchange.getResponseBody().write(body);
            }
          });
      server.start();
      return server;
    }

    @Override
    public void close() {
      process.destroy();
      try {
        process.onExit().get(10, java.util.concurrent.TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new UncheckedIOException(new IOException("the registry does not end", e));
      }
    }
  }

  @Test
  void saysWhatWasAddedAndWhy() {
    BuiltApp built = flatpaks.build("onig");
    assertThat(
            built.added().stream()
                .map(added -> added.nevra().name() + ": " + String.join(", ", added.chain()))
                .collect(Collectors.joining("\n")))
        .isEqualTo(
            """
            oniguruma: the spec asks for oniguruma-tools, oniguruma-tools-6.9.8-1.x86_64 requires libonig.so.5()(64bit)
            oniguruma-tools: the spec asks for oniguruma-tools""");
    assertThat(built.dropped()).isEmpty();
    assertThat(built.unchecked()).isEmpty();
    assertThat(tree(built.image().layout()).contains(new TreePath("files/lib64/libonig.so.5")))
        .isTrue();
  }
}
