package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.install.TransactionRun;
import org.overpak.oci.ImageName;
import org.overpak.sandbox.Completed;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.testing.Command;
import org.overpak.testing.DnfRoot;
import org.overpak.testing.Failures;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;

/// The runtime's own package manager as the engine: what it will not do, and zypper, for which
/// there is a runtime of its own. That dnf makes each app the one that a native build makes, {@link
/// AppExportIT} shows.
class InstallerEngineIT {
  private static final Judge DNF = Judge.of("dnf");
  private static final TestFlatpaks FLATPAKS = TestFlatpaks.make();

  private static final TransactionRun.Failures STRICT = TransactionRun.Failures.STRICT;

  @TempDir private static Path directory;

  private static ImageName runtime() {
    return FLATPAKS.runtime().image().name();
  }

  private static BuiltApp build(
      String app, ImageName runtime, Engine engine, TransactionRun.Failures failures) {
    return FLATPAKS.build(TestFlatpaks.spec(app), runtime, engine, failures);
  }

  /// On a runtime that has zypper in the place of dnf.
  @Test
  void zypperInstallsTheAppOfANativeBuild() throws IOException {
    ImageName zypper;
    try (var root = DnfRoot.install(directory, List.of(), List.of("zypper"))) {
      Command.of("chroot", root.path().toString(), "rpm", "--erase", "--nodeps", "dnf").run();
      zypper =
          RuntimeImport.run(
                  new RuntimeImport.Request(
                      root.path(),
                      TestFlatpaks.spec("runtime"),
                      new ImageName.Layout(directory.resolve("zypper"), ""),
                      LayoutChoice.HYBRID,
                      FLATPAKS.cache(),
                      OptionalLong.empty()),
                  Progress.SILENT)
              .image()
              .name();
    }
    for (String app : List.of("onig", "galculator", "scripted")) {
      assertThat(build(app, zypper, Engine.ZYPPER, STRICT).image().digest())
          .as(app)
          .isEqualTo(build(app, zypper, Engine.NATIVE, STRICT).image().digest());
    }
    assertThatThrownBy(() -> build("failing", zypper, Engine.ZYPPER, STRICT))
        .hasMessageContaining("zypper: a script of a package failed");
    assertThat(foreign(PackageInstaller.ZYPPER, zypper, "overpak-test.asc").succeeded()).isFalse();
    assertThat(foreign(PackageInstaller.ZYPPER, zypper, "other.asc").succeeded()).isTrue();
  }

  @Test
  void dnfItselfTrustsNoKeyButThatOfTheRepository() throws IOException {
    Completed refused = foreign(PackageInstaller.DNF, runtime(), "overpak-test.asc");
    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.output()).contains("not correct for this package");
    DNF.rejected("a package that another key signed");
    assertThat(foreign(PackageInstaller.DNF, runtime(), "other.asc").succeeded()).isTrue();
    DNF.compared(1);
  }

  /// Has INSTALLER install a package that a stranger signed from a repository that is said to trust
  /// KEY.
  private static Completed foreign(PackageInstaller installer, ImageName image, String key)
      throws IOException {
    byte[] content = Files.readAllBytes(Project.distro().resolve("keys").resolve(key));
    var run =
        new InstallerRun(
            installer,
            List.of(new InstallerRun.Repository("foreign", true, List.of(content))),
            false);
    try (var work = WorkDirectory.in(FLATPAKS.cache());
        var sandbox =
            RuntimeImage.open(image, work, Progress.SILENT).sandbox(work, Progress.SILENT)) {
      Completed completed = new Completed(0, "");
      for (List<String> words : run.commands(List.of("foreign.noarch"))) {
        assertThat(completed.succeeded()).as(completed.output()).isTrue();
        var command =
            SandboxCommand.of(words.toArray(String[]::new))
                .forPackaging()
                .withMount("/run/repositories/foreign", Project.distro().resolve("repos/foreign"));
        for (var file : run.files().entrySet()) {
          command = command.withFile(file.getKey(), file.getValue());
        }
        for (var variable : run.environment().entrySet()) {
          command = command.with(variable.getKey(), variable.getValue());
        }
        completed = sandbox.run(command);
      }
      return completed;
    }
  }

  /// A script that fails is a warning to rpm 4, and to us only if it may fail.
  @Test
  void aScriptThatFailsEndsTheBuild() {
    OverpakException failure =
        Failures.of(ExitCode.PACKAGE, () -> build("failing", runtime(), Engine.DNF, STRICT));
    assertThat(failure.getMessage()).contains("dnf: a script of a package failed");
    BuiltApp lenient = build("failing", runtime(), Engine.DNF, TransactionRun.Failures.LENIENT);
    assertThat(lenient.notes())
        .anySatisfy(note -> assertThat(note).contains("%post(failing-", "exit status 3"));
  }

  @Test
  void aRuntimeWithoutThatPackageManagerIsNamed() {
    OverpakException failure =
        Failures.of(ExitCode.IMAGE, () -> build("onig", runtime(), Engine.MICRODNF, STRICT));
    assertThat(failure.getMessage()).endsWith("has no microdnf");
    assertThat(failure.advice()).contains("--engine dnf");
  }
}
