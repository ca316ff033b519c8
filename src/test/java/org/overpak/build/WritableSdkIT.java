package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Progress;
import org.overpak.flatpak.Ref;
import org.overpak.install.TransactionRun;
import org.overpak.oci.Image;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.rpm.RpmBuild;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.tree.FileTree;

/// Building an app in an SDK that Flatpak has installed, by an ordinary user, with the Flatpak of
/// the machine: what there is not, and what packages see. That each app is the one of any other
/// build, {@link AppExportIT} shows.
class WritableSdkIT {
  private static final Judge FLATPAK = Judge.of("flatpak");

  /// What packages do when they are installed must neither reach the user's files nor the network.
  private static final String PACKAGES =
      """
      Name: curious
      Version: 1
      Release: 1
      Summary: An app that looks around
      License: MIT
      BuildArch: noarch
      %description
      An app.
      %files
      /app/share/curious
      %attr(0640,daemon,mail) /app/share/owned

      %install
      mkdir -p %{buildroot}/app/share/curious %{buildroot}/app/share/needing
      touch %{buildroot}/app/share/owned

      %post
      set -e
      id -u > /app/share/curious/user
      find HOME ! -type d > /app/share/curious/home 2> /dev/null || true
      grep -c : /proc/net/dev > /app/share/curious/networks
      chown daemon:mail /app/share/curious/user
      touch /etc/written /usr/share/written /var/lib/written

      %package -n needing
      Summary: An app that needs what only the SDK has
      Requires: tree
      %description -n needing
      An app.
      %files -n needing
      /app/share/needing
      """;

  @TempDir private static Path directory;

  @BeforeAll
  static void buildPackages() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path repository = Files.createDirectory(directory.resolve("own"));
    String text = PACKAGES.replace("HOME", SdkUser.make().home().toString());
    for (Path file : RpmBuild.buildAll(directory.resolve("build"), text)) {
      Files.copy(file, repository.resolve(file.getFileName()));
    }
    Command.of("createrepo_c", "--quiet", repository.toString()).run();
    for (String name : List.of("curious", "needing")) {
      Files.writeString(directory.resolve(name + ".yaml"), text(name, "org.overpak.testing.Sdk"));
    }
    Files.writeString(directory.resolve("other.yaml"), text("curious", "org.example.Sdk"));
    Command.of("chmod", "-R", "go+rX", directory.toString()).run();
  }

  private static String text(String pkg, String sdk) {
    return """
        flatpak:
          id: org.overpak.testing.%s
          branch: stable
          runtime: org.overpak.testing.Platform
          runtime-version: stable
          sdk: %s
          packages: [%s]
          command: sh
        """
        .formatted(pkg, sdk, pkg);
  }

  private static Command own(Command build) {
    return build.and("--repo=own=" + directory.resolve("own"), "--no-gpgcheck=own");
  }

  private static Path spec(String name) {
    return directory.resolve(name + ".yaml");
  }

  private static AppBuild.Request request(String name, Engine engine) {
    return new AppBuild.Request(
        ContainerSpec.read(spec(name)),
        directory,
        TestFlatpaks.make().runtime().image().name(),
        null,
        engine,
        new RepositoryChoice(
            List.of(new RepositoryOption.Named("own=" + directory.resolve("own"), List.of())),
            Set.of("own")),
        List.of(),
        TransactionRun.Failures.STRICT,
        false,
        true,
        new ImageName.Layout(directory.resolve("natively"), ""),
        LayoutChoice.PLAIN,
        TestFlatpaks.make().cache(),
        OptionalLong.empty());
  }

  @Test
  void scriptsAreRootAndSeeNothingOfTheUser() throws IOException {
    own(SdkUser.make().build(spec("curious"))).run();
    Image image = SdkUser.make().built("org.overpak.testing.curious");
    Map<String, String> theirs = TreeListing.of(image.readTree(_ -> true, Progress.SILENT));
    BuiltApp app = AppBuild.run(request("curious", Engine.NATIVE), Progress.SILENT);
    Image natively = ImageLayout.open(app.image().layout());
    Map<String, String> ours = TreeListing.of(natively.readTree(_ -> true, Progress.SILENT));
    FLATPAK.compare("what scripts see and may", theirs, ours);
    var wrong = new TreeMap<>(ours);
    wrong.remove("/files/share/owned");
    FLATPAK.distinguishes("a file less", "what scripts see and may", theirs, wrong);
    assertThat(image.digest()).isEqualTo(natively.digest());
    assertThat(app.lost())
        .extracting(Object::toString)
        .contains("/etc/written", "/usr/share/written");
  }

  @Test
  void whatOnlyTheSdkHasIsALeak() {
    SdkUser user = SdkUser.make();
    String sdk = user.flatpak("info", "--show-location", "org.overpak.testing.Sdk").run().text();
    assertThat(Path.of(sdk.strip(), "files/bin/tree")).isExecutable();
    Command.Result leak = own(user.build(spec("needing"))).expecting(8).run();
    assertThat(leak.errorText())
        .contains("/usr/bin/tree of tree-", "needing-1-1.noarch requires tree");
    Command.Result lacking = own(user.buildOf(spec("needing"))).expecting(6).run();
    assertThat(lacking.errorText().replaceAll("\\s+", " "))
        .contains(
            "tree, which tree-", "has in the SDK runtime/org.overpak.testing.Sdk/x86_64/stable")
        .contains("the spec asks for needing");
    FLATPAK.compared(1);
  }

  /// Installs the test distribution's SDK without package managers, and but for CHANGE, as `ID`.
  private static void installSdk(String id, UnaryOperator<FileTree> change) {
    List<String> managers = List.of("bin/dnf", "bin/dnf-3", "bin/zypper", "lib/python3");
    SdkUser.make()
        .install(
            new Ref(Ref.Kind.RUNTIME, id, "x86_64", "stable"),
            tree -> change.apply(SdkUser.without(tree, managers)));
  }

  /// The spec of the app NAME of the test distribution, over the SDK called ID.
  private static Path onSdk(String id, String name) throws IOException {
    Path file = directory.resolve(name + "-on-" + id + ".yaml");
    Path spec = Project.directory().resolve("testing/flatpaks/" + name + ".yaml");
    Files.writeString(
        file, Files.readString(spec).replace("sdk: org.overpak.testing.Sdk", "sdk: " + id));
    return file;
  }

  private static void compareWithNative(Path spec, ImageName runtime) {
    BuiltApp app = TestFlatpaks.make().build(ContainerSpec.read(spec), runtime);
    Image image = SdkUser.make().built(ContainerSpec.read(spec).flatpak().id());
    String subject = spec.getFileName() + " by rpm in flatpak build";
    Map<String, String> theirs = TreeListing.of(image.readTree(_ -> true, Progress.SILENT));
    Map<String, String> ours =
        TreeListing.of(ImageLayout.open(app.image().layout()).readTree(_ -> true, Progress.SILENT));
    FLATPAK.compare(subject, theirs, ours);
    var wrong = new TreeMap<>(ours);
    wrong.pollLastEntry();
    FLATPAK.distinguishes("a file less", subject, theirs, wrong);
    assertThat(image.digest()).as(subject).isEqualTo(app.image().digest());
  }

  @Test
  void rpmAloneInstallsTheAppOfANativeBuild() throws IOException {
    String id = "org.overpak.testing.Bare";
    installSdk(id, tree -> tree);
    for (String name : List.of("hello", "scripted", "lua", "galculator")) {
      Path spec = onSdk(id, name);
      SdkUser.make().build(spec).run();
      compareWithNative(spec, TestFlatpaks.make().runtime().image().name());
    }
    Command.Result failing = SdkUser.make().build(onSdk(id, "failing")).expecting(8).run();
    assertThat(failing.errorText().replaceAll("\\s+", " "))
        .contains("rpm: a script of a package failed");
  }

  @Test
  void rpmNeedsNoDatabaseOfAnSdkWhoseRuntimeHasNone() throws IOException {
    String id = "org.overpak.testing.Lost";
    installSdk(id, TestFlatpaks.WITHOUT_DATABASE);
    ImageName.Layout runtime = TestFlatpaks.make().scannedRuntime();
    SdkUser.make().provide(runtime.directory(), "scanned");
    for (String name : List.of("hello", "scripted", "galculator")) {
      Path spec = onSdk(id, name);
      SdkUser.make().buildOn("scanned", spec).run();
      compareWithNative(spec, runtime);
    }
    Command.Result refused = SdkUser.make().build(onSdk(id, "hello")).expecting(4).run();
    assertThat(refused.errorText()).contains("has no RPM database");
    // The database of the SDK may be all that there is.
    SdkUser.make().buildOn("scanned", onSdk("org.overpak.testing.Sdk", "galculator")).run();
    compareWithNative(onSdk("org.overpak.testing.Sdk", "galculator"), runtime);
  }

  @Test
  void anSdkThatIsNotThereIsNamed() {
    Command.Result result = own(SdkUser.make().build(spec("other"))).expecting(11).run();
    assertThat(result.errorText().replaceAll("\\s+", " "))
        .contains("runtime/org.example.Sdk/x86_64/stable is not installed")
        .contains("flatpak install org.example.Sdk/x86_64/stable");
    FLATPAK.rejected("an SDK that is not installed");
  }

  @Test
  void withoutFlatpakIsSaidWhatForItIsNeeded() throws IOException {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    for (String program : List.of("sh", "dirname", "readlink", "uname", "unshare")) {
      Files.copy(
          Path.of("/usr/bin", program), bin.resolve(program), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Command command = own(SdkUser.make().build(spec("curious")));
    List<String> line =
        command.line().stream()
            .map(word -> word.startsWith("PATH=") ? "PATH=" + bin : word)
            .toList();
    Command.Result result = Command.of(line).in(directory).expecting(11).run();
    assertThat(result.errorText().replaceAll("\\s+", " "))
        .contains("flatpak cannot be started", "--engine writable-sdk");
  }

  /// Flatpak lets a root keep all that a root may.
  @Test
  void theMachinesRootIsRefused() {
    SdkUser user = SdkUser.make();
    Command build = own(user.build(spec("curious")));
    List<String> line = build.line().subList(build.line().indexOf("env"), build.line().size());
    Command.Result result =
        Command.of("env", "FLATPAK_USER_DIR=" + user.home().resolve(".local/share/flatpak"))
            .and(line.subList(2, line.size()).toArray(String[]::new))
            .and("--cache=" + directory.resolve("cache"))
            .in(directory)
            .expecting(10)
            .run();
    assertThat(result.errorText().replaceAll("\\s+", " ")).contains("as an ordinary user");
  }
}
