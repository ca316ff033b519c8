package org.overpak.build;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.overpak.Progress;
import org.overpak.install.TransactionRun;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;

/// For `bench/build-runtime`: the seconds that each kind of step of building a runtime took, those
/// of several at once added up, and when its root was complete. Arguments are the spec, a `.repo`
/// file, the cache and the layout to write.
final class RuntimeBenchmark {
  private RuntimeBenchmark() {}

  public static void main(String[] arguments) {
    PrintStream out = System.out;
    long began = System.nanoTime();
    Map<String, Long> steps = new TreeMap<>();
    Progress progress =
        (name, _) -> {
          long start = System.nanoTime();
          return new Progress.Step() {
            @Override
            public void advance(long amount) {}

            @Override
            public void close() {
              synchronized (steps) {
                steps.merge(kind(name), System.nanoTime() - start, Long::sum);
              }
            }
          };
        };
    RuntimeBuild.run(
        new RuntimeBuild.Request(
            ContainerSpec.read(Path.of(arguments[0])),
            Path.of("."),
            "",
            new RepositoryChoice(
                List.of(new RepositoryOption.ConfigFile(Path.of(arguments[1]))), Set.of()),
            TransactionRun.Failures.STRICT,
            false,
            new ImageName.Layout(Path.of(arguments[3]), ""),
            LayoutChoice.HYBRID,
            Path.of(arguments[2]),
            OptionalLong.empty()),
        progress,
        _ -> steps.put("plain root", System.nanoTime() - began));
    steps.put("all", System.nanoTime() - began);
    steps.forEach((name, time) -> out.printf("%.3f %s%n", time / 1e9, name));
  }

  /// Of a step's name, what it does and not to what.
  private static String kind(String name) {
    String[] words = name.split(" ");
    return words.length == 1 || words[0].equals("running") || words[0].equals("downloading")
        ? words[0]
        : words[0] + " " + words[1];
  }
}
