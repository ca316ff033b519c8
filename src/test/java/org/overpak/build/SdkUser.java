package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.testing.Command;
import org.overpak.testing.Distribution;
import org.overpak.testing.Project;
import org.overpak.tree.FileTree;

/// An ordinary user who has installed the SDK of the test distribution, and nothing else, with
/// Flatpak, and builds apps in it; once for all tests of a run.
final class SdkUser {
  private static final String NAME = "overpak-sdk";

  /// Two thirds of an SDK's files, each of which is copied for each build.
  private static final List<String> UNUSED =
      List.of("share/doc", "share/locale", "share/man", "share/icons/Adwaita");

  private static @Nullable SdkUser made;

  private final Path directory;
  private final Path home;

  private SdkUser(Path directory) throws IOException {
    this.directory = directory;
    this.home = Files.createDirectory(directory.resolve("home"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    // Copies: the originals may lie where only we may go.
    copy(Distribution.directory(), "overpak");
    copy(TestFlatpaks.make().runtime().image().layout().directory(), "runtime");
    copy(Project.distro().resolve("repos"), "repos");
    copy(Project.distro().resolve("keys"), "keys");
    copy(Project.directory().resolve("testing/flatpaks"), "specs");
    Files.writeString(
        directory.resolve("all.repo"),
        Files.readString(Project.distro().resolve("all.repo"))
            .replace(Project.distro().toString(), directory.toString()));
    Command.of("chmod", "-R", "go+rX", directory.toString()).run();
    // Not one of the system: those have no subordinate ids.
    Command.of(
            "useradd", "--no-create-home", "--home-dir=" + home, "--shell=/usr/sbin/nologin", NAME)
        .run();
    Command.of("chown", NAME, home.toString()).run();
    install(NativeRuntime.make().sdk().image().ref(), UnaryOperator.identity());
  }

  /// Installs REF: the test distribution's SDK but for CHANGE, and for what costs each build time
  /// and is of no use there.
  void install(Ref ref, UnaryOperator<FileTree> change) {
    var layout = new ImageName.Layout(directory.resolve(ref.id()), "sdk");
    TestFlatpaks.make()
        .derive(
            NativeRuntime.make().sdk().image().layout(),
            ref,
            tree -> change.apply(without(tree, UNUSED)),
            layout);
    Command.of("chmod", "-R", "go+rX", layout.directory().toString()).run();
    overpak("install", "oci:" + layout.directory()).run();
  }

  /// TREE, a commit's, without these of its files.
  static FileTree without(FileTree tree, List<String> files) {
    FileTree less = tree;
    for (String one : files) {
      less = less.without(CommitTree.FILES.resolve(one));
    }
    return less;
  }

  /// Copies FROM to where the user may go, by NAME.
  void provide(Path from, String name) {
    copy(from, name);
    Command.of("chmod", "-R", "go+rX", directory.resolve(name).toString()).run();
  }

  private void copy(Path from, String name) {
    Command.of("cp", "-a", from.toString(), directory.resolve(name).toString()).run();
  }

  static synchronized SdkUser make() {
    SdkUser result = made;
    if (result == null) {
      assertThat(System.getProperty("user.name")).as("who may add a user").isEqualTo("root");
      try {
        // Below what everybody may enter.
        Path directory = Files.createTempDirectory("overpak-sdk");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
        result = new SdkUser(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      made = result;
    }
    return result;
  }

  private static void remove(Path directory) {
    Command.of("rm", "-rf", directory.toString()).run();
    Command.of("userdel", NAME).run();
  }

  Path home() {
    return home;
  }

  /// PROGRAM by the user, without a session of a desktop.
  Command command(String path, String program, String... arguments) {
    List<String> line = new ArrayList<>();
    Collections.addAll(line, "runuser", "-u", NAME, "--", "env", "-i", "PATH=" + path);
    Collections.addAll(line, "HOME=" + home, "LANG=C.UTF-8", program);
    Collections.addAll(line, arguments);
    return Command.of(line).in(home).within(Duration.ofMinutes(5));
  }

  Command overpak(String... arguments) {
    String program = directory.resolve("overpak/bin/overpak").toString();
    return command("/usr/bin:/bin", program, arguments);
  }

  Command flatpak(String... arguments) {
    return command("/usr/bin:/bin", "flatpak", arguments);
  }

  /// A build by SPEC, with all of the test distribution.
  Command build(Path spec) {
    return buildOn("runtime", spec);
  }

  /// The same on the runtime that was copied by NAME.
  Command buildOn(String name, Path spec) {
    return buildOf(name, spec).and("--repo=" + directory.resolve("all.repo"));
  }

  /// A build by SPEC with no repositories.
  Command buildOf(Path spec) {
    return buildOf("runtime", spec);
  }

  private Command buildOf(String runtime, Path spec) {
    return overpak(
        "build",
        spec.toString(),
        "--engine=writable-sdk",
        "--runtime=oci:" + directory.resolve(runtime),
        "--output=oci:" + home.resolve("app"));
  }

  /// The image of the app NAME of `testing/flatpaks`.
  Image image(String name) {
    build(spec(name)).run();
    return built(TestFlatpaks.spec(name).flatpak().id());
  }

  /// What was built of the app ID on the branch `stable`.
  Image built(String id) {
    return ImageLayout.open(
        new ImageName.Layout(home.resolve("app"), "app/%s/x86_64/stable".formatted(id)));
  }

  Path spec(String name) {
    return directory.resolve("specs").resolve(name + ".yaml");
  }
}
