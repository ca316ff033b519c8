package org.overpak.oci;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// Reads images of `containers-storage:` as a copy in a layout, which a program that knows the
/// storage makes: its format is nobody else's, and without root it is readable only inside a user
/// namespace, which these programs enter.
final class ContainersStorage {
  /// As much of what a program says as is shown.
  private static final int LONGEST_MESSAGE = 2000;

  private ContainersStorage() {}

  /// Which program is asked: the first that there is.
  private enum Program {
    SKOPEO("skopeo"),
    BUILDAH("buildah"),
    PODMAN("podman");

    private final String program;

    Program(String program) {
      this.program = program;
    }

    List<String> line(ImageName.Storage name, Path layout) {
      String target = "oci:" + layout + ":image";
      return switch (this) {
        case SKOPEO -> List.of(program, "copy", "--quiet", name.toString(), target);
        case BUILDAH, PODMAN -> List.of(program, "push", "--quiet", name.image(), target);
      };
    }
  }

  static Image open(ImageName.Storage name, Path scratch) {
    try {
      Path work = Files.createTempDirectory(Files.createDirectories(scratch), "storage");
      // Its last component is the name that skopeo shows in what it says.
      Path layout = work.resolve("layout");
      for (Program program : Program.values()) {
        if (copy(program.line(name, layout), name, work.resolve("messages"))) {
          return LayoutReader.open(new ImageName.Layout(layout, "image"), name);
        }
      }
    } catch (IOException e) {
      throw WriteFailure.of(scratch, 0, e);
    }
    throw new OverpakException(
        ExitCode.IMAGE,
        name + " cannot be read: none of skopeo, buildah and podman is there to ask for it",
        "Install one of them, or save the image where they are: podman save --format oci-archive.");
  }

  /// Whether the program is there; then it has made the copy.
  private static boolean copy(List<String> line, ImageName.Storage name, Path messages)
      throws IOException {
    Optional<Process> process = start(line, messages);
    if (process.isEmpty()) {
      return false;
    }
    int status;
    try {
      status = process.get().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverpakException(ExitCode.INTERRUPTED, "copying " + name + ": interrupted", "", e);
    } finally {
      process.get().destroy();
    }
    if (status != 0) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "%s cannot be read: '%s' ended with %d: %s"
              .formatted(name, String.join(" ", line), status, said(messages)),
          "Check the name: podman images, as the user who made the image.");
    }
    return true;
  }

  /// Empty if there is no such program.
  private static Optional<Process> start(List<String> line, Path messages) {
    try {
      return Optional.of(
          new ProcessBuilder(line)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(messages.toFile())
              .start());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static String said(Path messages) throws IOException {
    try (var stream = Files.newInputStream(messages)) {
      String text = new String(stream.readNBytes(LONGEST_MESSAGE), StandardCharsets.UTF_8).strip();
      return text.replaceAll("\\s*\\n\\s*", "; ");
    }
  }
}
