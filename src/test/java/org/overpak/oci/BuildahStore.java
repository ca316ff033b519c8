package org.overpak.oci;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.overpak.testing.Command;
import org.overpak.testing.Judge;

/// buildah with a store of its own, which goes away on close.
final class BuildahStore implements AutoCloseable {
  private final Judge judge = Judge.of("buildah");
  private final List<String> options;

  BuildahStore(Path directory) {
    options =
        List.of(
            "--root",
            directory.resolve("store").toString(),
            "--runroot",
            directory.resolve("run").toString(),
            "--storage-driver",
            "vfs");
  }

  Judge judge() {
    return judge;
  }

  /// What it prints.
  String run(String... arguments) {
    return judge.run(command(arguments)).text();
  }

  void rejects(String what, String... arguments) {
    judge.rejects(what, command(arguments));
  }

  private Command command(String... arguments) {
    return judge.command(
        Stream.concat(options.stream(), Stream.of(arguments)).toArray(String[]::new));
  }

  @Override
  public void close() {
    run("rm", "--all");
    run("rmi", "--all", "--force");
  }
}
