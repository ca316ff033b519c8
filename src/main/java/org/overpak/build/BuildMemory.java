package org.overpak.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.overpak.Digest;
import org.overpak.OverpakException;
import org.overpak.oci.Image;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.repo.Downloads;
import org.overpak.repo.Variables;
import org.overpak.tree.Directories;

/// What builds gave before, so that one of which nothing has changed is done when that is known.
///
/// An entry is found by all that a person says of a build, by the digests of the images that it is
/// built on and by the program itself, and believed if the repositories are as they were. It holds
/// a layout with the images. What cannot be read, or has changed, costs time and never a build.
final class BuildMemory {
  /// As many bytes as some dozens of apps have.
  private static final long LARGEST = 2L << 30;

  private static final String RECORD = "build";

  private final Path entry;
  private final AppBuild.Request request;
  private final ImageName.Layout output;

  private BuildMemory(Path entry, AppBuild.Request request, ImageName.Layout output) {
    this.entry = entry;
    this.request = request;
    this.output = output;
  }

  /// Of a build of REQUEST on the images BASES. Empty if it is made from files that no repository
  /// describes, or signed, or of a program whose classes may change at any time, or goes into no
  /// layout; or in an SDK of this machine, which may be another one tomorrow.
  static Optional<BuildMemory> of(AppBuild.Request request, List<Digest> bases) {
    boolean hasFiles =
        request.spec().flatpak().packages().stream()
            .anyMatch(one -> LocalPackages.isFile(one.name()));
    boolean signs = !request.layout().ostree().keys().isEmpty();
    boolean isOfMachine = request.engine() == Engine.WRITABLE_SDK;
    if (hasFiles
        || signs
        || isOfMachine
        || !(request.output() instanceof ImageName.Layout output)) {
      return Optional.empty();
    }
    return program()
        .map(
            program -> {
              String key = key(request, bases, output, program);
              return new BuildMemory(
                  request.cache().resolve("builds").resolve(key), request, output);
            });
  }

  private static String key(
      AppBuild.Request request, List<Digest> bases, ImageName.Layout output, String program) {
    String all =
        String.join(
            "\n",
            program,
            request.spec().source().toString(),
            bases.toString(),
            request.engine().name(),
            request.repositories().options().toString(),
            request.repositories().unchecked().stream().sorted().toList().toString(),
            request.allowedLeaks().toString(),
            request.failures().name(),
            output.reference(),
            request.layout().layout().name(),
            request.layout().compression().toString(),
            Boolean.toString(request.layout().ostree().separateLayer()),
            request.timestamp().toString());
    return Digest.sha256(all.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /// What tells this program from a later one: the jar that the class path begins with.
  private static Optional<String> program() {
    String path = System.getProperty("java.class.path", "");
    Path jar = Path.of(path.split(":", 2)[0]);
    try {
      return Files.isRegularFile(jar)
          ? Optional.of(jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// What was built, now in the place that the request says.
  Optional<BuiltApp> recall(Downloads downloads) {
    try {
      Path file = entry.resolve(RECORD);
      var before = RememberedBuild.parse(Files.readString(file), output);
      if (!fingerprint(before.arch(), before.releasever(), downloads)
          .equals(before.repositories())) {
        return Optional.empty();
      }
      List<Image> images = new ArrayList<>();
      for (WrittenImage image : before.app().images()) {
        images.add(ImageLayout.open(remembered(entry, image)));
      }
      // The app's last, as when they are built.
      for (int number = images.size() - 1; number >= 0; number--) {
        ImageLayout.copy(images.get(number), before.app().images().get(number).layout());
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return Optional.of(before.app());
    } catch (IOException | OverpakException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Digest fingerprint(String arch, String releasever, Downloads downloads) {
    return downloads.fingerprint(
        request.repositories().configs(Variables.of(arch, releasever), _ -> {}));
  }

  private static ImageName.Layout remembered(Path directory, WrittenImage image) {
    return new ImageName.Layout(directory.resolve("images"), image.layout().reference());
  }

  /// Keeps APP, which was built with the repositories as DOWNLOADS found them.
  void remember(BuiltApp app, RuntimePackages runtime, Downloads downloads, WorkDirectory work) {
    String arch = Architectures.rpm(runtime.ref().arch());
    String releasever = runtime.releasever();
    try {
      Path made = Files.createTempDirectory(work.path(), "build");
      for (WrittenImage image : app.images()) {
        ImageLayout.keep(ImageLayout.open(image.layout()), remembered(made, image));
      }
      var build =
          new RememberedBuild(arch, releasever, fingerprint(arch, releasever, downloads), app);
      Files.writeString(made.resolve(RECORD), build.toText());
      Directories.delete(entry);
      Files.createDirectories(entry.resolveSibling(""));
      Files.move(made, entry, StandardCopyOption.ATOMIC_MOVE);
      makeRoom(entry.resolveSibling(""));
    } catch (IOException | OverpakException e) {
      // Said above.
    }
  }

  private static void makeRoom(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      Directories.makeRoom(entries.toList(), entry -> entry.resolve(RECORD), LARGEST);
    }
  }
}
