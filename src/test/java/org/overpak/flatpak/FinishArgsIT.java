package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.OverpakException;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;

/// Finish-args against `flatpak build-finish`.
class FinishArgsIT {
  private static final String PLAIN =
      """
      [Application]
      name=org.t.App
      runtime=org.t.Platform/x86_64/1
      """;

  /// With something of everything that is merged or rewritten.
  private static final String RICH =
      """
      # a comment
      [Application]
      name=org.t.App
      runtime=org.t.Platform/x86_64/1
      sdk=org.t.Sdk/x86_64/1
      command=old
      tags=nightly;

      [Environment]
      A=from metadata
      GONE=here

      [Context]
      filesystems=home;!xdg-music;/b\\\\:c:ro;
      sockets=!x11;wayland;
      shared=network;ipc;
      unset-environment=B;

      [Extension org.t.App.Old]
      directory=old

      [Policy speech]
      voices=a;!c;

      [System Bus Policy]
      org.freedesktop.UPower=see

      [Session Bus Policy]
      org.t.Other.*=own

      [X-Other]
      key = \\s value\\t

      """;

  private static final String RUNTIME =
      """
      [Runtime]
      name=org.t.Platform
      runtime=org.t.Platform/x86_64/1
      sdk=org.t.Sdk/x86_64/1

      [Context]
      shared=ipc;
      devices=dri;
      filesystems=xdg-config/fonts:ro;!host:reset;
      persistent=.cache;

      [Session Bus Policy]
      org.t.FromRuntime=talk

      [Environment]
      NOT=inherited
      """;

  private final Judge flatpak = Judge.of("flatpak");
  @TempDir Path directory;

  @BeforeEach
  void makeTreeDirectory() throws IOException {
    Files.createDirectories(directory.resolve("build/files"));
  }

  @Test
  void writesWhatFlatpakWrites() throws IOException {
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    for (String metadata : List.of(PLAIN, RICH)) {
      for (List<String> words : FinishArgsSamples.accepted()) {
        String subject = (metadata.equals(PLAIN) ? "plain " : "rich ") + words;
        theirs.put(subject, finishedByFlatpak(metadata, words));
        ours.put(subject, finished(metadata, words));
      }
    }
    flatpak.compare("finish-args of an app", theirs, ours);
    ours.replaceAll((subject, text) -> text.replace("[Context]\n", "[Context]\ndevices=dri;\n"));
    flatpak.distinguishes("a permission too many", "finish-args of an app", theirs, ours);
  }

  @Test
  void writesWhatFlatpakWritesForRuntimesAndExtensions() throws IOException {
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    for (String option : FinishArgsSamples.SINGLE) {
      theirs.put(option, finishedByFlatpak(RUNTIME, List.of(option)));
      ours.put(option, finished(RUNTIME, List.of(option)));
    }
    flatpak.compare("finish-args of a runtime", theirs, ours);
  }

  @Test
  void refusesWhatFlatpakRefuses() throws IOException {
    for (String option : FinishArgsSamples.REFUSED) {
      prepare(PLAIN);
      flatpak.rejects(
          option, flatpak.command("build-finish", directory.resolve("build").toString(), option));
      assertThatThrownBy(() -> finished(PLAIN, List.of(option)))
          .as(option)
          .isInstanceOf(OverpakException.class);
    }
  }

  @Test
  void inheritsWhatTheInstalledRuntimePermits() throws IOException {
    installRuntime();
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    Metadata runtime = Metadata.parse(RUNTIME, "runtime");
    for (String metadata : List.of(PLAIN, RICH)) {
      for (List<String> words : FinishArgsSamples.accepted().subList(0, 110)) {
        String subject = (metadata.equals(PLAIN) ? "plain " : "rich ") + words;
        if (!words.toString().contains("--runtime=")) {
          theirs.put(subject, finishedByFlatpak(metadata, words));
          Metadata base = Metadata.parse(metadata, "metadata");
          ours.put(
              subject, MetadataNormal.of(FinishArgs.parse(words).finish(base, runtime).text()));
        }
      }
    }
    flatpak.compare("finish-args over a runtime", theirs, ours);
    ours.replaceAll((subject, _) -> finished(PLAIN, List.of()));
    flatpak.distinguishes(
        "permissions that were not inherited", "finish-args over a runtime", theirs, ours);
  }

  private void installRuntime() throws IOException {
    Path runtime = directory.resolve("runtime");
    Files.createDirectories(runtime.resolve("usr"));
    Files.createDirectories(runtime.resolve("files"));
    Files.writeString(runtime.resolve("metadata"), RUNTIME);
    String repository = directory.resolve("repo").toString();
    flatpak.run(user("build-export", "--runtime", repository, runtime.toString(), "1"));
    flatpak.run(user("remote-add", "--user", "--no-gpg-verify", "here", repository));
    flatpak.run(user("install", "--user", "-y", "here", "org.t.Platform"));
  }

  private Command user(String... arguments) {
    return flatpak
        .command(arguments)
        .with("HOME", directory.toString())
        .with("FLATPAK_USER_DIR", directory.resolve("user").toString());
  }

  private void prepare(String metadata) throws IOException {
    Path build = directory.resolve("build");
    Files.deleteIfExists(build.resolve("export"));
    Files.writeString(build.resolve("metadata"), metadata);
  }

  private String finishedByFlatpak(String metadata, List<String> words) throws IOException {
    prepare(metadata);
    Path build = directory.resolve("build");
    List<String> line = new ArrayList<>(List.of("build-finish", build.toString()));
    line.addAll(words);
    flatpak.run(user(line.toArray(String[]::new)));
    return MetadataNormal.of(Files.readString(build.resolve("metadata")));
  }

  private static String finished(String metadata, List<String> words) {
    FinishArgs args = FinishArgs.parse(words);
    return MetadataNormal.of(args.finish(Metadata.parse(metadata, "metadata")).text());
  }
}
