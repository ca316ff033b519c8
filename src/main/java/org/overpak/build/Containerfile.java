package org.overpak.build;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Ref;
import org.overpak.oci.Image;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import org.overpak.spec.PackageSpec;
import org.overpak.tree.FileTree;

/// Writes the Containerfile that builds an app on its runtime: for pipelines that know nothing but
/// container builds.
public final class Containerfile {
  /// What a shell leaves as it is.
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private Containerfile() {}

  /// What to write.
  ///
  /// @param runtime is looked into for the package manager that it has
  /// @param from what the build calls the runtime; if empty, as RUNTIME
  /// @param repositories `.repo` files, relative to the build's context
  public record Request(
      ContainerSpec spec, ImageName runtime, String from, List<Path> repositories, Path cache) {
    public Request {
      repositories = List.copyOf(repositories);
    }
  }

  /// The text of the file.
  ///
  /// @throws OverpakException (IMAGE) if the runtime cannot be read, or has no package manager;
  ///   (SPEC) if the spec is not one of an app on this runtime
  public static String write(Request request, Progress progress) {
    SpecSupport support = new SpecSupport(request.spec());
    support.requireApp();
    try (var work = WorkDirectory.in(request.cache())) {
      Image image = request.runtime().open(work.path().resolve("runtime"));
      Ref ref = ImageLabels.ref(image.config().labels());
      support.requireBuiltOn(ref, request.runtime());
      FileTree root = image.readTree(_ -> false, progress);
      return text(request, ref, image.name(), manager(request, root));
    }
  }

  private static PackageInstaller manager(Request request, FileTree root) {
    return PackageInstaller.of(root)
        .orElseThrow(
            () ->
                new OverpakException(
                    ExitCode.IMAGE,
                    request.runtime() + " has no package manager that a Containerfile could run",
                    "Use a hybrid image of a runtime with one: overpak runtime check says what is"
                        + " missing."));
  }

  static String text(Request request, Ref runtime, ImageName image, PackageInstaller manager) {
    List<String> lines = new ArrayList<>();
    String id = request.spec().flatpak().id();
    lines.add("# " + id + ", built on " + runtime + ".");
    lines.add("FROM " + (request.from().isEmpty() ? from(image) : request.from()));
    for (Path repository : request.repositories()) {
      lines.add("ADD " + inContext(repository) + " " + manager.repositories() + "/");
    }
    List<String> packages =
        request.spec().flatpak().packagesFor(runtime.arch()).stream()
            .map(PackageSpec::name)
            .toList();
    lines.add(
        "RUN "
            + words(Stream.concat(manager.install().stream(), packages.stream()).toList())
            + " \\");
    lines.add(" && " + words(manager.clean()));
    lines.add("");
    lines.add("# What this builds becomes a Flatpak by:");
    lines.add("#   overpak export containers-storage:IMAGE --spec SPEC \\");
    lines.add("#     --runtime " + request.runtime() + " --output oci:DIRECTORY");
    return String.join("\n", lines) + "\n";
  }

  /// As buildah and podman take it in FROM.
  private static String from(ImageName image) {
    return switch (image) {
      case ImageName.Storage storage -> storage.image().replaceFirst("^\\[[^]]*\\]", "");
      case ImageName.Layout(Path directory, String reference) ->
          new ImageName.Layout(directory.toAbsolutePath().normalize(), reference).toString();
      case ImageName.LayoutArchive(Path file, String reference) ->
          new ImageName.LayoutArchive(file.toAbsolutePath().normalize(), reference).toString();
      case ImageName.DockerArchive(Path file, String reference) ->
          new ImageName.DockerArchive(file.toAbsolutePath().normalize(), reference).toString();
      case ImageName.Directory(Path directory) ->
          new ImageName.Directory(directory.toAbsolutePath().normalize()).toString();
    };
  }

  private static String inContext(Path file) {
    Path path = file.normalize();
    if (path.isAbsolute() || path.startsWith("..") || !PLAIN.matcher(path.toString()).matches()) {
      throw new OverpakException(
          ExitCode.USAGE,
          "'" + file + "' cannot be added by a Containerfile",
          "Put it into the directory that the build is given, under a plain name, and name it from"
              + " there.");
    }
    return path.toString();
  }

  private static String words(List<String> words) {
    return words.stream()
        .map(word -> PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }
}
