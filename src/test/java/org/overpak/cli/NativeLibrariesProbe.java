package org.overpak.cli;

import com.github.luben.zstd.Zstd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;

/// Run by {@link DistributionIT} inside the distribution: uses both native libraries, and prints
/// from where they were loaded.
final class NativeLibrariesProbe {
  private NativeLibrariesProbe() {}

  public static void main(String[] args) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        var statement = connection.createStatement();
        var answer = statement.executeQuery("select 6 * 7")) {
      System.out.println("sqlite says " + answer.getInt(1));
    }
    byte[] bytes = "zstd".getBytes(StandardCharsets.UTF_8);
    byte[] copy = Zstd.decompress(Zstd.compress(bytes), bytes.length);
    System.out.println("zstd says " + new String(copy, StandardCharsets.UTF_8));
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      maps.map(line -> line.replaceFirst("^.* +", ""))
          .filter(file -> file.endsWith(".so"))
          .distinct()
          .forEach(System.out::println);
    }
  }
}
