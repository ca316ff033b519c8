package org.overpak.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// buildah with a store of its own, whose images and containers go away on close.
public final class BuildahStore implements AutoCloseable {
  private final Judge judge = Judge.of("buildah");
  private final List<String> options;

  /// @param driver `vfs`, which copies each layer, or `overlay`, as in production
  public BuildahStore(Path directory, String driver) {
    options =
        List.of(
            "--root",
            directory.resolve("store").toString(),
            "--runroot",
            directory.resolve("run").toString(),
            "--storage-driver",
            driver);
  }

  public Judge judge() {
    return judge;
  }

  /// What it prints.
  public String run(String... arguments) {
    return judge.run(command(arguments)).text();
  }

  public void rejects(String what, String... arguments) {
    judge.rejects(what, command(arguments));
  }

  private Command command(String... arguments) {
    return judge
        .command(Stream.concat(options.stream(), Stream.of(arguments)).toArray(String[]::new))
        .with("BUILDAH_ISOLATION", "chroot");
  }

  @Override
  public void close() {
    run("rm", "--all");
    run("rmi", "--all", "--force");
  }
}
