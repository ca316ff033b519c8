package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.flatpak.Ref;
import org.overpak.install.TransactionRun;
import org.overpak.oci.ImageName;
import org.overpak.rpm.RpmBuild;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.FlatpakInstallation;
import org.overpak.testing.Judge;

/// Extensions of a runtime and of an app, against what Flatpak makes of the same files, and as
/// Flatpak shows them.
class ExtensionIT {
  private static final Judge FLATPAK = Judge.of("flatpak");
  private static final Judge OSTREE = Judge.of("ostree");

  private static final String PACKAGES =
      """
      Name: tiny
      Version: 1
      Release: 1
      Summary: A shell and its libraries
      License: MIT
      AutoReqProv: no
      %description
      Of the machine that the test runs on.
      %package -n shown
      Summary: An app that says what its extensions hold
      %description -n shown
      .
      %package -n plugin
      Summary: Of the app, built for its mount point
      %description -n plugin
      .
      %package -n codecs
      Summary: Of the runtime, built for its mount point
      %description -n codecs
      .
      %package -n codecs-app
      Summary: Of the runtime, built for /app
      %description -n codecs-app
      .
      %install
      for file in /bin/sh /bin/cat $(ldd /bin/sh /bin/cat | grep -o '/[^ :]*'); do
        install -D $file %{buildroot}/usr/$file
      done
      install -d %{buildroot}/app/bin %{buildroot}/app/lib/plugins/one %{buildroot}/usr/lib/codecs/sub
      echo 'cat /usr/lib/codecs/codec /app/lib/plugins/*/plugin' > %{buildroot}/app/bin/shown
      chmod 755 %{buildroot}/app/bin/shown
      echo plugin > %{buildroot}/app/lib/plugins/one/plugin
      echo codec > %{buildroot}/usr/lib/codecs/codec
      echo more > %{buildroot}/usr/lib/codecs/sub/more
      echo codec > %{buildroot}/app/codec
      %files
      /usr
      %exclude /usr/lib/codecs
      %files -n shown
      /app/bin
      %files -n plugin
      /app/lib/plugins/one
      %files -n codecs
      /usr/lib/codecs
      %files -n codecs-app
      /app/codec
      """;

  private static final String RUNTIME =
      """
      id: org.example.Tiny
      branch: '1'
      build-runtime: true
      packages: [tiny]
      add-extensions:
        org.example.Tiny.Codecs: {directory: lib/codecs}
        org.example.Tiny.Driver: {directory: lib/drivers, versions: 1;2, subdirectories: true}
      """;

  private static final String APP =
      """
      id: org.example.Shown
      branch: stable
      runtime: org.example.Tiny
      runtime-version: '1'
      sdk: org.example.Tiny
      packages: [shown]
      command: shown
      add-extensions:
        org.example.Shown.Plugin: {directory: lib/plugins, subdirectories: true}
      """;

  private static final String CODECS =
      """
      id: org.example.Tiny.Codecs
      branch: '1'
      build-extension: true
      runtime: org.example.Tiny
      runtime-version: '1'
      packages: [codecs]
      finish-args:
      - --extension-priority=3
      - --env=A=b
      - --share=network
      - --metadata=Group=key=value
      """;

  private static final String PLUGIN =
      """
      id: org.example.Shown.Plugin.one
      branch: stable
      build-extension: true
      runtime: org.example.Shown
      runtime-version: stable
      packages: [plugin]
      """;

  private static final String[] FINISH_ARGS = {
    "--extension-priority=3", "--env=A=b", "--share=network", "--metadata=Group=key=value"
  };

  @TempDir private static Path directory;

  private static Path repository = Path.of("");
  private static FlatpakInstallation installation = FlatpakInstallation.user(Path.of(""));

  @BeforeAll
  static void makeWhatIsExtended() throws IOException {
    repository = Files.createDirectories(directory.resolve("rpms"));
    for (Path built : RpmBuild.buildAll(directory.resolve("rpmbuild"), PACKAGES)) {
      Files.copy(built, repository.resolve(built.getFileName().toString()));
    }
    Command.of("createrepo_c", "--quiet", repository.toString()).run();
    BuiltRuntime runtime =
        RuntimeBuild.run(
            new RuntimeBuild.Request(
                spec(RUNTIME),
                directory,
                "",
                repositories(),
                TransactionRun.Failures.STRICT,
                false,
                layout("runtime"),
                LayoutChoice.HYBRID,
                cache(),
                OptionalLong.empty()),
            Progress.SILENT);
    BuiltApp app = build(APP, null);
    installation = FlatpakInstallation.user(directory);
    publish(List.of(runtime.image(), app.image()));
    installation.run("remote-add", "--no-gpg-verify", "here", remote());
    installation.run("install", "-y", "--noninteractive", "here", "org.example.Tiny//1");
    installation.run("install", "-y", "--noninteractive", "here", "org.example.Shown");
  }

  /// JUnit would warn of each link in a deployment that it deletes.
  @AfterAll
  static void removeInstallation() {
    Command.of("rm", "-rf", directory.resolve("user").toString()).run();
  }

  private static ContainerSpec spec(String section) {
    String text = "flatpak:\n" + section.indent(2);
    return ContainerSpec.parse("container.yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  private static RepositoryChoice repositories() {
    return new RepositoryChoice(
        List.of(new RepositoryOption.Named("mine=" + repository, List.of())), Set.of("mine"));
  }

  private static ImageName.Layout layout(String name) {
    return new ImageName.Layout(directory.resolve(name), "");
  }

  private static Path cache() {
    return directory.resolve("cache");
  }

  private static String remote() {
    return directory.resolve("remote").toString();
  }

  private static BuiltApp build(String section, @Nullable ImageName extended) {
    ContainerSpec spec = spec(section);
    return AppBuild.run(
        new AppBuild.Request(
            spec,
            directory,
            layout("runtime"),
            extended,
            Engine.NATIVE,
            repositories(),
            List.of(),
            TransactionRun.Failures.STRICT,
            true,
            true,
            layout(spec.flatpak().id()),
            LayoutChoice.PLAIN,
            cache(),
            OptionalLong.empty()),
        Progress.SILENT);
  }

  private static void publish(List<WrittenImage> images) throws IOException {
    if (!Files.exists(Path.of(remote()))) {
      OSTREE.run("--repo=" + remote(), "init", "--mode=archive");
    }
    for (WrittenImage image : images) {
      TestFlatpaks.importInto(Path.of(remote()), image);
    }
    FLATPAK.run("build-update-repo", remote());
  }

  /// Each file and directory of a commit, with its digest; the metadata as text.
  private static Map<String, String> listing(String repository, Ref ref) {
    Map<String, String> listing = new TreeMap<>();
    String where = "--repo=" + repository;
    for (String line : OSTREE.run(where, "ls", "-R", "-C", ref.toString()).lines()) {
      int path = line.indexOf(" /");
      listing.put(line.substring(path + 1), line.substring(0, path).replaceAll(" +", " "));
    }
    listing.put("/metadata", OSTREE.run(where, "cat", ref.toString(), "/metadata").text());
    // Those of directories follow from what they hold.
    listing.keySet().removeAll(List.of("/"));
    return listing;
  }

  /// What Flatpak makes of FILES, paths and what they hold, as the extension REF of PARENT.
  private static Map<String, String> theirs(
      Ref ref, String parent, Map<String, String> files, String... finish) throws IOException {
    Path build = directory.resolve("build-" + ref.id());
    FLATPAK.run(
        FLATPAK
            .command("build-init", "--type=extension", build.toString())
            .and(ref.id(), "org.example.Tiny//1", parent)
            .with("FLATPAK_USER_DIR", directory.resolve("user").toString()));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = build.resolve("files").resolve(file.getKey());
      Files.createDirectories(path.resolveSibling(""));
      Files.writeString(path, file.getValue());
    }
    FLATPAK.run(
        Stream.concat(Stream.of("build-finish", build.toString()), Stream.of(finish)).toList());
    String repository = directory.resolve("theirs").toString();
    FLATPAK.run("build-export", repository, build.toString(), ref.branch());
    return listing(repository, ref);
  }

  @Test
  void extensionsAreWhatFlatpakMakesOfTheSameFiles() throws IOException {
    WrittenImage codecs = build(CODECS, null).image();
    WrittenImage plugin = build(PLUGIN, layout("org.example.Shown")).image();
    publish(List.of(codecs, plugin));
    Map<String, String> theirs =
        theirs(
            codecs.ref(),
            "org.example.Tiny//1",
            Map.of("codec", "codec\n", "sub/more", "more\n"),
            FINISH_ARGS);
    Map<String, String> ours = listing(remote(), codecs.ref());
    OSTREE.compare("extension of a runtime", theirs, ours);
    assertThat(ours).containsKey("/files/sub/more");
    Map<String, String> wrong = new TreeMap<>(ours);
    wrong.computeIfPresent("/metadata", (_, text) -> text.replace("priority=3", "priority=4"));
    OSTREE.distinguishes("another priority", "extension of a runtime", theirs, wrong);
    OSTREE.compare(
        "extension of an app",
        theirs(plugin.ref(), "org.example.Shown//stable", Map.of("plugin", "plugin\n")),
        listing(remote(), plugin.ref()));
  }

  /// Of the runtime it is the one whose packages are built for `/app`.
  @Test
  void flatpakShowsExtensionsInTheirPlaces() throws IOException {
    installation.rejects("an app without its extensions", "run", "org.example.Shown");
    publish(
        List.of(
            build(CODECS.replace("[codecs]", "[codecs-app]"), null).image(),
            build(PLUGIN, layout("org.example.Shown")).image()));
    installation.run("install", "-y", "--noninteractive", "here", "org.example.Tiny.Codecs//1");
    installation.run("install", "-y", "--noninteractive", "here", "org.example.Shown.Plugin.one");
    assertThat(installation.run("run", "org.example.Shown").text()).isEqualTo("codec\nplugin\n");
    FLATPAK.compared(2);
  }

  private static void assertRefused(String section, @Nullable ImageName extended, String message) {
    assertThatThrownBy(() -> build(section, extended))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatExtendsNothingIsRefused() {
    ImageName app = layout("org.example.Shown");
    assertRefused(
        CODECS.replace("Tiny.Codecs", "Tiny.Other"),
        null,
        "runtime/org.example.Tiny/x86_64/1 has no extension point for org.example.Tiny.Other");
    assertRefused(
        PLUGIN.replace("Plugin.one", "Other"), app, "has no extension point for org.example.Shown");
    assertRefused(CODECS, app, "'runtime' is org.example.Tiny, but");
    assertRefused(PLUGIN, null, "'runtime' is org.example.Shown, but");
    assertRefused(
        CODECS, layout("runtime"), "runtime/org.example.Tiny/x86_64/1 is no app on runtime/");
    assertRefused(APP, app, "--extends " + app + " is out of place");
    assertRefused(
        CODECS.replace("[codecs]", "[tiny]"),
        null,
        "would be empty: there is nothing in /usr/lib/codecs or /app");
    assertRefused(
        PLUGIN.replace("[plugin]", "[plugin, codecs-app]"),
        app,
        "packages install files outside /app/lib/plugins/one, which Flatpak would drop: /app/codec");
  }

  @Test
  void aBranchThatIsNotLookedForIsNoted() {
    assertThat(build(CODECS.replace("branch: '1'", "branch: '2'"), null).notes())
        .containsExactly(
            "runtime/org.example.Tiny/x86_64/1 looks for org.example.Tiny.Codecs of branch 1, not"
                + " 2: correct 'branch'");
  }
}
