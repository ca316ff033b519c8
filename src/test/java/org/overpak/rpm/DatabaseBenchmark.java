package org.overpak.rpm;

import java.io.PrintStream;
import java.nio.file.Path;

/// For `bench/rpmdb`: the seconds that each reading and writing of a database took. Arguments are
/// the database, a directory to write to, and how often.
final class DatabaseBenchmark {
  private DatabaseBenchmark() {}

  public static void main(String[] arguments) {
    PrintStream out = System.out;
    Path file = Path.of(arguments[1]).resolve("overpak.sqlite");
    for (int run = Integer.parseInt(arguments[2]); run >= 0; run--) {
      long began = System.nanoTime();
      RpmDatabase.open(Path.of(arguments[0])).write(file);
      out.println((System.nanoTime() - began) / 1e9);
    }
  }
}
