package org.overpak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.overpak.testing.Command;
import org.overpak.testing.Distribution;
import org.overpak.testing.DnfRoot;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;

/// The Containerfile that Overpak writes, built by buildah and podman, as root and as an ordinary
/// user; and Overpak as the last step inside a Containerfile. All give the image of a native build,
/// to the last byte.
class ContainerfileIT {
  private static final String USER = "overpak-containers";

  @TempDir private static Path directory;

  private static Map<String, String> builtNatively = Map.of();

  @BeforeAll
  static void addUserAndWhatItReads() throws IOException {
    assertThat(System.getProperty("user.name")).as("who may add a user").isEqualTo("root");
    // Not one of the system: those have no subordinate ids, which user namespaces need.
    // buildah looks for its home in passwd, whatever HOME says.
    Command.of(
            "useradd",
            "--no-create-home",
            "--home-dir=" + in("out"),
            "--shell=/usr/sbin/nologin",
            USER)
        .run();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    copy(Distribution.directory(), "overpak");
    copy(Distribution.runtime(), "runtime");
    copy(Project.distro().resolve("repos/apps"), "apps");
    copy(Project.distro().resolve("keys/overpak-test.asc"), "key.asc");
    copy(Distribution.spec("onig.yaml"), "onig.yaml");
    Command.of("chmod", "-R", "go+rX", directory.toString()).run();
    builtNatively = nativeBuild("runtime");
  }

  @AfterAll
  static void removeUser() {
    Command.of("userdel", USER).run();
    Command.of("rm", "-rf", in("native-cache")).run();
  }

  @BeforeEach
  void makeContext() throws IOException {
    Files.createDirectory(directory.resolve("out"));
    Path context = Files.createDirectory(directory.resolve("context"));
    Files.writeString(
        context.resolve("application.repo"),
        """
        [apps]
        name=apps
        baseurl=file:///in/apps
        gpgcheck=1
        gpgkey=file:///in/key.asc
        """);
    Command.of("chown", "-R", USER, directory.resolve("out").toString(), context.toString()).run();
  }

  @AfterEach
  void removeContext() {
    // podman leaves a process that holds the user's namespace.
    Command.of(
            "sh",
            "-c",
            "pkill --uid " + USER + "; while pgrep --uid " + USER + "; do sleep 0.1; done")
        .run();
    // podman leaves its store mounted over itself.
    Command.of(
            "sh",
            "-c",
            "findmnt -rno TARGET | grep \"^$1/\" | sort -r | xargs -r umount --lazy; rm -rf \"$@\"",
            "sh",
            in("out"),
            in("context"))
        .run();
  }

  /// Times are kept: the start-up cache knows its jars by them.
  private static void copy(Path from, String name) {
    Command.of("cp", "-a", from.toString(), directory.resolve(name).toString()).run();
  }

  private static String in(String name) {
    return directory.resolve(name).toString();
  }

  private static Command as(String user, String... line) {
    List<String> all = new ArrayList<>();
    if (!user.equals("root")) {
      Collections.addAll(all, "runuser", "--user", user, "--");
    }
    Collections.addAll(all, line);
    return Command.of(all)
        .in(directory.resolve("context"))
        .with("HOME", in("out"))
        .within(Duration.ofMinutes(10));
  }

  /// The files of the layout that a native build on RUNTIME makes.
  private static Map<String, String> nativeBuild(String runtime) throws IOException {
    Distribution.overpak(
            "build",
            in("onig.yaml"),
            "--runtime=oci:" + in(runtime),
            "--repo=apps=" + in("apps"),
            "--gpgkey=apps=" + in("key.asc"),
            "--cache=" + in("native-cache"),
            "--output=oci:" + in("native-" + runtime))
        .run();
    return Distribution.files(directory.resolve("native-" + runtime));
  }

  private static void export(String user, String runtime, String image) {
    as(
            user,
            in("overpak/bin/overpak"),
            "export",
            image,
            "--spec=" + in("onig.yaml"),
            "--runtime=oci:" + in(runtime),
            "--cache=" + in("out/cache"),
            "--output=oci:" + in("out/app"))
        .run();
  }

  private static Command build(String engine, String user, String file) {
    return as(
        user,
        engine,
        "--root=" + in("out/store"),
        "--runroot=" + in("out/run"),
        "--storage-driver=overlay",
        "build",
        "--isolation=chroot",
        "--quiet",
        "--volume=" + directory + ":/in:ro",
        "--file=" + file,
        "--tag=built",
        ".");
  }

  @ParameterizedTest
  @CsvSource({"buildah,root", "buildah," + USER, "podman,root", "podman," + USER})
  void whatOverpakWritesIsBuiltByEnginesAndExported(String engine, String user) throws IOException {
    writeContainerfile(user, "runtime");
    compare(engine, user, "runtime", builtNatively);
  }

  /// On a runtime that has zypper in the place of dnf.
  @Test
  void zypperInstallsWhereItIsThePackageManager() throws IOException {
    try (var root = DnfRoot.install(directory, List.of(), List.of("zypper"))) {
      Command.of("chroot", root.path().toString(), "rpm", "--erase", "--nodeps", "dnf").run();
      Distribution.importRuntime(
              root.path(), directory.resolve("zypper"), directory.resolve("native-cache"))
          .run();
    }
    writeContainerfile("root", "zypper");
    assertThat(directory.resolve("context/Containerfile"))
        .content()
        .contains("RUN zypper --non-interactive install --no-recommends oniguruma-tools");
    compare("buildah", "root", "zypper", nativeBuild("zypper"));
  }

  private static void writeContainerfile(String user, String runtime) {
    as(
            user,
            in("overpak/bin/overpak"),
            "containerfile",
            in("onig.yaml"),
            "--runtime=oci:" + in(runtime),
            "--repo=application.repo",
            "--cache=" + in("out/cache"))
        .run();
  }

  /// What ENGINE builds of the file and Overpak exports is the image of a native build.
  private static void compare(
      String engine, String user, String runtime, Map<String, String> expected) throws IOException {
    Judge judge = Judge.of(engine);
    judge.run(build(engine, user, "Containerfile"));
    export(
        user,
        runtime,
        "containers-storage:[overlay@%s+%s]localhost/built:latest"
            .formatted(in("out/store"), in("out/run")));
    judge.compare(
        "image by a Containerfile", Distribution.files(directory.resolve("out/app")), expected);

    Path wrong = directory.resolve("context/Wrong");
    String text = Files.readString(directory.resolve("context/Containerfile"));
    Files.writeString(wrong, text.replace("oniguruma-tools", "no-such-package"));
    judge.rejects("a package that there is not", build(engine, user, wrong.toString()));
  }

  @Test
  void overpakIsTheLastStepInsideAContainerfile() throws IOException {
    String export =
        "/in/overpak/bin/overpak export dir:%s --spec /in/onig.yaml --runtime oci:/in/runtime"
            + " --cache /tmp/cache --output oci:/flatpak";
    Files.write(
        directory.resolve("context/Containerfile"),
        List.of(
            "FROM oci:" + in("runtime") + " AS build",
            "ADD application.repo /etc/yum.repos.d",
            "RUN dnf install -y oniguruma-tools",
            // In the very container.
            "FROM build AS inside",
            "RUN " + export.formatted("/"),
            // In another stage, which has the first one's root in a directory.
            "FROM oci:" + in("runtime") + " AS beside",
            "RUN --mount=type=bind,from=build,target=/mnt " + export.formatted("/mnt"),
            "FROM scratch",
            "COPY --from=inside /flatpak /inside",
            "COPY --from=beside /flatpak /beside"));
    Judge judge = Judge.of("buildah");
    judge.run(build("buildah", "root", "Containerfile"));
    String[] store = {
      "--root=" + in("out/store"), "--runroot=" + in("out/run"), "--storage-driver=overlay"
    };
    String container =
        judge.run(store[0], store[1], store[2], "from", "localhost/built").text().strip();
    Path root = Path.of(judge.run(store[0], store[1], store[2], "mount", container).text().strip());
    for (String name : List.of("inside", "beside")) {
      judge.compare(
          "image made " + name + " a container",
          Distribution.files(root.resolve(name)),
          builtNatively);
    }
    judge.run(store[0], store[1], store[2], "umount", container);
  }

  @Test
  void aFileThatIsThereIsNotReplaced() throws IOException {
    Path file = Files.writeString(directory.resolve("context/Containerfile"), "mine");
    Command.Result result =
        as(
                "root",
                in("overpak/bin/overpak"),
                "containerfile",
                in("onig.yaml"),
                "--runtime=oci:" + in("runtime"),
                "--cache=" + in("out/cache"))
            .expecting(9)
            .run();
    assertThat(result.errorText()).contains("Containerfile exists already");
    assertThat(file).hasContent("mine");
  }
}
