package org.overpak.build;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.flatpak.Ref;

/// The program `flatpak` of this machine, which installs and starts what was built.
///
/// @param scope `--user` or `--system`
record FlatpakClient(String scope) {
  private static final Pattern VERSION = Pattern.compile("Flatpak (\\d+)\\.(\\d+)");

  /// As much of what it says as is shown.
  private static final int LONGEST_MESSAGE = 4000;

  /// What it ended with, and what it said.
  private record Answer(int status, String text) {}

  /// Whether it installs from images (1.17 does).
  boolean installsImages() {
    Matcher version = VERSION.matcher(ask("--version"));
    if (!version.find()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > 1 || (major == 1 && Integer.parseInt(version.group(2)) >= 17);
  }

  /// Where REF is installed, for this user or for all.
  ///
  /// @throws OverpakException (CLIENT) if it is not
  static Path location(Ref ref) {
    Answer answer = answer(List.of("info", "--show-location", ref.toString()));
    if (answer.status() != 0) {
      throw new OverpakException(
          ExitCode.CLIENT,
          "%s is not installed: %s".formatted(ref, answer.text()),
          "Install it: 'flatpak install %s', or 'overpak install IMAGE'.".formatted(ref.pref()));
    }
    return Path.of(answer.text());
  }

  /// Makes DIRECTORY one for building the app ID, with a copy of SDK to write to.
  static void initWritable(Path directory, String id, Ref sdk) {
    ask(
        "build-init",
        "--writable-sdk",
        "--arch=" + sdk.arch(),
        directory.toString(),
        id,
        sdk.id(),
        // Who builds need not have the runtime.
        sdk.id(),
        sdk.branch());
  }

  /// Installs what is in the image called NAME, in the place of what is there.
  void installImage(String name) {
    ask("install", scope, "--noninteractive", "-y", "--reinstall", "--image", name);
  }

  /// Installs REF from the remote called NAME, which is made if it is not there; updates it if it
  /// came from there.
  ///
  /// The name ends with `-origin`, so that Flatpak removes the remote with what came from it.
  void install(Ref ref, String name, Path repository) {
    String url = repository.toUri().toString().replaceFirst("/$", "");
    String found = urlOf(name);
    if (found.isEmpty()) {
      ask(
          "remote-add",
          scope,
          "--no-gpg-verify",
          "--no-enumerate",
          "--title=Built by Overpak",
          name,
          url);
    } else if (!found.equals(url)) {
      ask("remote-modify", scope, "--url=" + url, name);
    }
    ask("install", scope, "--noninteractive", "-y", "--or-update", name, ref.toString());
  }

  /// Empty if there is no such remote.
  private String urlOf(String remote) {
    return ask("remotes", scope, "--show-disabled", "--columns=name,url")
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> columns.length == 2 && columns[0].equals(remote))
        .map(columns -> columns[1])
        .findFirst()
        .orElse("");
  }

  /// Starts the app REF, whose input and output are ours. It ends when the thread that started it
  /// does, or when it is destroyed.
  Process start(Ref ref, List<String> arguments) {
    List<String> line = new ArrayList<>(List.of("flatpak", "run", scope, "--die-with-parent"));
    line.add(ref.pref());
    line.addAll(arguments);
    try {
      return new ProcessBuilder(line).inheritIO().start();
    } catch (IOException e) {
      throw missing(e);
    }
  }

  private static String ask(String... arguments) {
    Answer answer = answer(List.of(arguments));
    if (answer.status() != 0) {
      throw new OverpakException(
          ExitCode.CLIENT,
          "flatpak %s failed: %s"
              .formatted(
                  String.join(" ", arguments), answer.text().replaceAll("\\s*\\n\\s*", "; ")),
          advice(answer.text()));
    }
    return answer.text();
  }

  private static String advice(String text) {
    if (text.contains("already installed from")) {
      return "Remove the other one first: flatpak uninstall.";
    }
    return text.contains("requires the runtime")
        ? "Install the runtime first, by its image: overpak install IMAGE."
        : "Mend what flatpak says.";
  }

  private static Answer answer(List<String> arguments) {
    List<String> line = new ArrayList<>(List.of("flatpak"));
    line.addAll(arguments);
    Process process;
    try {
      var builder =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile());
      // What it says is read by us.
      builder.environment().put("LC_ALL", "C.UTF-8");
      process = builder.start();
    } catch (IOException e) {
      throw missing(e);
    }
    try (var output = process.getInputStream()) {
      String text = new String(output.readNBytes(LONGEST_MESSAGE), StandardCharsets.UTF_8);
      output.transferTo(OutputStream.nullOutputStream());
      return new Answer(process.waitFor(), text.strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverpakException(
          ExitCode.INTERRUPTED, String.join(" ", line) + ": interrupted", "", e);
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.CLIENT, String.join(" ", line) + ": " + e.getMessage(), "Try again.", e);
    } finally {
      process.destroy();
    }
  }

  private static OverpakException missing(IOException cause) {
    return new OverpakException(
        ExitCode.CLIENT,
        "flatpak cannot be started: " + cause.getMessage(),
        "Install Flatpak; it installs and runs what was built, and makes the sandbox of"
            + " --engine writable-sdk. All else Overpak does without it.",
        cause);
  }
}
