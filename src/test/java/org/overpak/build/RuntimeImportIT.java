package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.Progress;
import org.overpak.oci.ImageName;
import org.overpak.testing.BuildahStore;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;

/// The hybrid runtime image as a container engine and skopeo see it.
class RuntimeImportIT {
  private static final String[] FORM = {"--qf", "%{NAME} %{EVR} %{ARCH}\\n"};

  private final WrittenImage image = TestFlatpaks.make().runtime().image();

  @TempDir private Path directory;

  /// JUnit would warn of each link in a container that it deletes.
  @AfterEach
  void removeContainers() {
    Command.of("rm", "-rf", directory.resolve("store").toString()).run();
  }

  private BuildahStore store() {
    return new BuildahStore(directory, "overlay");
  }

  private static Map<String, String> lines(String text) {
    return text.lines()
        .filter(line -> !line.startsWith("gpg-pubkey "))
        .collect(
            Collectors.toMap(Function.identity(), _ -> "installed", (a, _) -> a, TreeMap::new));
  }

  @Test
  void aContainerEngineRunsIt() throws IOException {
    BuildahStore buildah = store();
    String container = buildah.run("from", "oci:" + layout(image.layout())).strip();
    try {
      Map<String, String> theirs =
          lines(
              Judge.of("rpm")
                  .run(
                      Command.of(
                          "rpm",
                          "--root",
                          Project.distro().resolve("root").toString(),
                          "--dbpath",
                          "/usr/lib/sysimage/rpm",
                          "-qa",
                          FORM[0],
                          FORM[1]))
                  .text());
      Map<String, String> inside =
          lines(buildah.run("run", container, "--", "rpm", "-qa", FORM[0], FORM[1]));
      assertThat(inside.size()).isGreaterThan(250);
      buildah.judge().compare("packages of the runtime image", theirs, inside);
      var wrong = new TreeMap<>(inside);
      wrong.remove(wrong.firstKey());
      buildah
          .judge()
          .distinguishes("a missing package", "packages of the runtime image", theirs, wrong);

      // The repositories' directory is there, and empty; what a package manager needs works.
      String words =
          buildah.run(
              "run",
              container,
              "--",
              "bash",
              "-c",
              "ls -A /etc/yum.repos.d; dnf --version > /dev/null && echo dnf; id -un;"
                  + " touch /tmp/x /var/tmp/x /root/x && echo writable; readlink /var/lib/rpm");
      assertThat(words.lines())
          .containsExactly("dnf", "root", "writable", "../../usr/lib/sysimage/rpm");
    } finally {
      buildah.run("rm", container);
    }
  }

  @Test
  void aPackageManagerInstallsIntoItAndFindsItWhole() {
    BuildahStore buildah = store();
    String container = buildah.run("from", "oci:" + layout(image.layout())).strip();
    try {
      // What rpm misses of the installed packages, or finds changed but for times, which the image
      // has from one clock, and modes, which Flatpak prescribes. Nothing of /var ships.
      var verify =
          "rpm -Va --nodeps --nomtime --nomode"
              + " | grep -v -e '^missing .* /var/' -e ' /etc/host' -e '^\\.* '";
      Map<String, String> changed = lines(inside(container, verify));
      buildah
          .judge()
          .compare(
              "files of the runtime image",
              Map.of("....L....    /etc/os-release", "installed"),
              changed);
      assertThat(inside(container, "rm /usr/bin/ls; " + verify)).contains("/usr/bin/ls");
      buildah.judge().rejected("a file that is missing in the runtime");

      var dnf =
          "dnf -y --setopt=reposdir=/none --repofrompath=apps,file:///distro/repos/apps"
              + " --nogpgcheck install ";
      assertThat(inside(container, dnf + "hello; /app/bin/hello")).contains("Hello, world!");
      assertThat(inside(container, "rpm -q --qf '%{NAME}' hello")).isEqualTo("hello");
      buildah.rejects("a package that there is not", bash(container, dnf + "no-such-package"));

      var asUser = "cd /tmp && touch x /var/tmp/x && id -u";
      assertThat(buildah.run("run", "--user", "1000", container, "--", "sh", "-c", asUser))
          .isEqualTo("1000\n");
    } finally {
      buildah.run("rm", container);
    }
  }

  private String inside(String container, String script) {
    return store().run(bash(container, script));
  }

  /// SCRIPT in the container, where the test distribution is `/distro`.
  private static String[] bash(String container, String script) {
    return new String[] {
      "run", "-v", Project.distro() + ":/distro:ro", container, "--", "bash", "-c", script
    };
  }

  @Test
  void theSameImageInThePlainLayoutIsNoSystem() {
    var plain = new ImageName.Layout(directory.resolve("plain"), "");
    WrittenImage converted =
        LayoutConversion.run(
            image.name(), LayoutChoice.PLAIN, plain, directory.resolve("cache"), Progress.SILENT);
    BuildahStore buildah = store();
    String container = buildah.run("from", "oci:" + layout(converted.layout())).strip();
    buildah.rejects("a plain runtime as a system", "run", container, "--", "/usr/bin/true");
    buildah.run("rm", container);
  }

  private static String layout(ImageName.Layout name) {
    return name.directory() + ":" + name.reference();
  }

  @Test
  void skopeoCopiesItAndValidatesItsDigests() throws IOException {
    Judge skopeo = Judge.of("skopeo");
    Path copy = directory.resolve("copy");
    skopeo.run("copy", "--quiet", "oci:" + layout(image.layout()), "oci:" + copy + ":copy");
    Path blobs = copy.resolve("blobs/sha256");
    try (Stream<Path> files = Files.list(blobs)) {
      skopeo.compared(files.count());
    }
    assertThat(blobs.resolve(image.digest().hex())).exists();
    Path largest;
    try (Stream<Path> files = Files.list(blobs)) {
      largest = files.max(Comparator.comparingLong(file -> file.toFile().length())).orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(largest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(largest, bytes);
    skopeo.rejects(
        "a layer with one bit flipped",
        "copy",
        "--quiet",
        "oci:" + copy + ":copy",
        "dir:" + directory.resolve("bad"));
  }

  @Test
  void convertedToPlainAndBackItIsTheSameImage() {
    ImageName.Layout plain = new ImageName.Layout(directory.resolve("plain"), "");
    ImageName.Layout hybrid = new ImageName.Layout(directory.resolve("hybrid"), "");
    Path cache = directory.resolve("cache");
    WrittenImage first =
        LayoutConversion.run(image.name(), LayoutChoice.PLAIN, plain, cache, Progress.SILENT);
    assertThat(first.digest()).isNotEqualTo(image.digest());
    assertThat(
            LayoutConversion.run(first.name(), LayoutChoice.HYBRID, hybrid, cache, Progress.SILENT)
                .digest())
        .isEqualTo(image.digest());
  }
}
