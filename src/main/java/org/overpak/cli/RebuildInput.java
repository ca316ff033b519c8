package org.overpak.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.overpak.build.AppResolution;
import org.overpak.build.RebuildPlan;
import org.overpak.oci.ImageName;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// For which app packages are built again, from what, and on what.
final class RebuildInput {
  @Mixin private AppInput app = new AppInput();

  @Option(
      names = "--sdk",
      paramLabel = "IMAGE",
      converter = ImageNames.ToRead.class,
      description = "The image of the SDK that packages are built on (default: the runtime's).")
  private @Nullable ImageName sdk;

  @Mixin private RepositoryOptions repositories = new RepositoryOptions();

  @Option(
      names = "--source-repo",
      paramLabel = "REPOSITORY",
      description = {
        "Where source packages are, as --repo. Of a .repo file the enabled repositories; X-source",
        "in the place of X, if it is there."
      })
  private List<String> sources = new ArrayList<>();

  @Option(
      names = "--source-gpgkey",
      paramLabel = "NAME=KEY",
      description = "As --gpgkey, for the --source-repo called NAME.")
  private List<String> keys = new ArrayList<>();

  @Option(
      names = "--no-source-gpgcheck",
      paramLabel = "NAME",
      description = "Do not check the signatures of source packages from this repository.")
  private Set<String> unchecked = new LinkedHashSet<>();

  @Option(
      names = "--bootstrap",
      paramLabel = "NAME",
      description = {
        "Where source packages need each other to be built: build this one with the packages that",
        "the distribution has of the others, at prefix /usr."
      })
  private Set<String> bootstrap = new LinkedHashSet<>();

  RebuildPlan.Request request(Path cache) {
    return new RebuildPlan.Request(
        new AppResolution.Request(
            app.spec(),
            app.directory(),
            app.runtime(),
            app.extended(),
            repositories.choice(),
            cache),
        sdk,
        new RepositoryArguments("--source-repo", sources, "--source-gpgkey", keys)
            .choice(unchecked),
        bootstrap);
  }
}
