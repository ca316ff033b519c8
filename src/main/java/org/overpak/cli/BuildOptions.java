package org.overpak.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.overpak.build.AppBuild;
import org.overpak.build.Engine;
import org.overpak.build.LayoutChoice;
import org.overpak.build.RuntimeBuild;
import org.overpak.install.TransactionRun;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import org.overpak.tree.TreePath;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// From where and how an app is built.
final class BuildOptions {
  @Mixin private RepositoryOptions repositories = new RepositoryOptions();

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      description = {
        "Who installs an app's packages, and where:",
        "native: Overpak, on top of the runtime (default);",
        "clean: Overpak, into nothing, with all that they require; the repositories must have that;",
        "dnf, dnf5, microdnf, zypper: the runtime's own, in a sandbox without network;",
        "writable-sdk: that of an SDK which Flatpak has installed, in 'flatpak build'."
      })
  private Engine engine = Engine.NATIVE;

  @Option(
      names = "--allow-leak",
      paramLabel = "PATH",
      converter = LeakPath.class,
      description =
          "Drop this file, or all in this directory, which packages install outside /app.")
  private List<TreePath> allowedLeaks = new ArrayList<>();

  @Option(
      names = "--lenient-scriptlets",
      description =
          "Only warn of scripts of packages that fail, as rpm 4 does, unless it is a %%pre or"
              + " %%pretrans.")
  private boolean lenient;

  @Option(
      names = "--verify",
      description =
          "Run scripts twice, and fail if they do not leave the same files, saying which differ.")
  private boolean verify;

  @Option(
      names = "--rebuild",
      description = "Build even if nothing has changed since the same was built.")
  private boolean rebuild;

  /// @param spec a file, which is read
  AppBuild.Request request(
      Path spec,
      ImageName runtime,
      @Nullable ImageName extended,
      ImageName output,
      LayoutChoice layout,
      Path cache,
      Map<String, String> environment) {
    return new AppBuild.Request(
        ContainerSpec.read(spec),
        AppInput.directoryOf(spec),
        runtime,
        extended,
        engine,
        repositories.choice(),
        allowedLeaks,
        failures(),
        verify,
        rebuild || verify,
        output,
        layout,
        cache,
        CommonOptions.timestamp(environment));
  }

  /// @param spec a file, which is read
  RuntimeBuild.Request runtimeRequest(
      Path spec,
      String releasever,
      ImageName output,
      LayoutChoice layout,
      Path cache,
      Map<String, String> environment) {
    return new RuntimeBuild.Request(
        ContainerSpec.read(spec),
        AppInput.directoryOf(spec),
        releasever,
        repositories.choice(),
        failures(),
        verify,
        output,
        layout,
        cache,
        CommonOptions.timestamp(environment));
  }

  private TransactionRun.Failures failures() {
    return lenient ? TransactionRun.Failures.LENIENT : TransactionRun.Failures.STRICT;
  }
}
