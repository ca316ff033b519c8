package org.overpak.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.install.Overlay;
import org.overpak.install.Payload;
import org.overpak.install.Transaction;
import org.overpak.install.TransactionRun;
import org.overpak.repo.VerifiedPackage;
import org.overpak.rpm.Nevra;
import org.overpak.sandbox.Completed;
import org.overpak.sandbox.Sandbox;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// One source package that is built: what it requires is installed on the SDK, natively and for
/// this build alone; then rpmbuild runs over that, in the sandbox and without network.
///
/// @param name {@link RebuildPlan.Source#name}
/// @param source its file
/// @param needs what is to be added to the SDK
/// @param check whether its tests are run
record SourceBuild(
    String name,
    VerifiedPackage source,
    List<VerifiedPackage> needs,
    RuntimeImage sdk,
    boolean check) {
  private static final TreePath RPMBUILD = new TreePath("usr/bin/rpmbuild");
  private static final TreePath RESULTS = new TreePath(AppPrefix.TOP.substring(1) + "/RPMS");

  /// Longer than any takes: it is to end some day.
  private static final Duration LIMIT = Duration.ofDays(1);

  SourceBuild {
    needs = List.copyOf(needs);
  }

  /// Refuses an SDK that cannot build.
  ///
  /// @throws OverpakException (IMAGE)
  static void requireTools(RuntimeImage sdk) {
    FileTree root = sdk.root();
    if (root.get(root.resolve(RPMBUILD)).isEmpty()) {
      throw new OverpakException(
          ExitCode.IMAGE,
          sdk.ref() + " has no /" + RPMBUILD,
          "Give the image of an SDK with rpm-build and compilers: --sdk IMAGE.");
    }
  }

  /// What tells the result from that of any other build.
  Digest inputs() {
    String all =
        String.join(
            "\n",
            AppPrefix.text(),
            Boolean.toString(check),
            sdk.rootDigest().toString(),
            source.source().digest().toString(),
            needs.stream()
                .map(one -> one.source().digest().toString())
                .sorted()
                .collect(Collectors.joining("\n")));
    return Digest.sha256(all.getBytes(StandardCharsets.UTF_8));
  }

  /// Builds it.
  ///
  /// @param processors how many it is told to use
  /// @param log where all that is said goes, whether it ends well or not
  /// @param results a directory, for the binary packages
  /// @return the names of their files
  /// @throws OverpakException (PACKAGE) if it cannot be built; as the sandbox does
  List<String> run(int processors, Path log, Path results, WorkDirectory work) {
    Transaction transaction =
        Transaction.of(sdk.packages(), needs.stream().map(one -> one.file().header()).toList());
    Overlay overlay =
        Overlay.of(sdk.root(), AppPlan.payloads(transaction, needs, sdk), AppFinish.APP);
    TransactionRun.requireInterpreters(transaction, overlay.root());
    try (Sandbox sandbox = sdk.sandbox(work, Progress.SILENT)) {
      List<String> warnings = install(sandbox, transaction, overlay);
      sandbox.add(AppPrefix.macros());
      Completed completed = sandbox.run(command(processors));
      Files.writeString(
          log,
          Stream.concat(warnings.stream(), Stream.of(completed.output()))
              .collect(Collectors.joining("\n")));
      if (!completed.succeeded()) {
        throw new OverpakException(
            ExitCode.PACKAGE,
            "rpmbuild failed" + completed.ending() + "\n  all that it said is in " + log,
            "Correct that, and rebuild again: what was built is kept.");
      }
      return copy(sandbox.changes().in(RESULTS).changed(), results);
    } catch (IOException e) {
      throw failure(results, e);
    }
  }

  private List<String> install(Sandbox sandbox, Transaction transaction, Overlay overlay) {
    Map<Nevra, FileTree> files = new HashMap<>();
    for (Payload part : overlay.parts()) {
      files.put(part.nevra(), part.files());
    }
    return TransactionRun.in(
            sandbox,
            TransactionRun.Failures.LENIENT,
            AppPlan.newest(List.of(source)),
            Progress.SILENT)
        .run(transaction, files);
  }

  private SandboxCommand command(int processors) {
    String file = "/run/source/" + source.file().path().getFileName();
    List<String> words =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                SandboxCommand.FILES + "/build",
                AppPrefix.TOP,
                "--rebuild",
                // They are there, but in no RPM database.
                "--nodeps"));
    if (!check) {
      words.add("--nocheck");
    }
    words.add(file);
    SandboxCommand command =
        SandboxCommand.of(words.toArray(String[]::new))
            .withFile("build", Content.of(AppPrefix.SCRIPT))
            .withMount(file, source.file().path())
            .with("SOURCE_DATE_EPOCH", Long.toString(AppPlan.newest(List.of(source))))
            .with("RPM_BUILD_NCPUS", Integer.toString(processors))
            .within(LIMIT);
    for (var variable : AppPrefix.variables().entrySet()) {
      command = command.with(variable.getKey(), variable.getValue());
    }
    return command;
  }

  private static List<String> copy(FileTree files, Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    for (var file : files.entries().entrySet()) {
      if (file.getValue() instanceof Entry.RegularFile regular) {
        String name = file.getKey().name();
        try (InputStream in = regular.content().open()) {
          Files.copy(in, directory.resolve(name));
        }
        names.add(name);
      }
    }
    return names;
  }

  private static OverpakException failure(Path directory, IOException e) {
    return new OverpakException(
        ExitCode.FILESYSTEM,
        "packages cannot be written into " + directory + ": " + e,
        "Make room there, or choose another directory.",
        e);
  }
}
