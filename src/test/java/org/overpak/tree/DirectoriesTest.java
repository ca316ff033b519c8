package org.overpak.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {
  @TempDir Path directory;

  /// A directory with 100 bytes, used at TIME.
  private Path entry(String name, long time) throws IOException {
    Path entry =
        Files.createDirectories(directory.resolve(name).resolve("below")).resolveSibling("");
    Files.write(entry.resolve("below/content"), new byte[90]);
    Files.write(entry.resolve("stamp"), new byte[10]);
    Files.setLastModifiedTime(entry.resolve("stamp"), FileTime.fromMillis(time));
    return entry;
  }

  private void makeRoom(long limit) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (var all = Files.list(directory)) {
      all.forEach(entries::add);
    }
    Directories.makeRoom(entries, entry -> entry.resolve("stamp"), limit);
  }

  @Test
  void whatWasUsedTheLongestAgoGoesFirst() throws IOException {
    Path old = entry("c", 1_000);
    Path older = entry("b", 500);
    Path recent = entry("a", 2_000);
    makeRoom(300);
    assertThat(older).exists();
    makeRoom(299);
    assertThat(older).doesNotExist();
    makeRoom(100);
    assertThat(old).doesNotExist();
    assertThat(recent).exists();
  }

  @Test
  void whatSomebodyElseChangesIsPassedOver() throws IOException {
    Path broken = entry("broken", 1);
    Files.delete(broken.resolve("stamp"));
    Path whole = entry("whole", 2);
    makeRoom(0);
    assertThat(broken).exists();
    assertThat(whole).doesNotExist();
  }
}
