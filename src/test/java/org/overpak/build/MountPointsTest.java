package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.overpak.tree.TreePath;

class MountPointsTest {
  private static final List<String> LINES =
      List.of(
          "194 1 0:39 / / rw,relatime - overlay overlay rw",
          "220 194 0:5 / /proc rw - proc proc rw",
          "257 194 254:0 /x/resolv.conf /files/etc/resolv.conf rw shared:1 - ext4 /dev/vda rw",
          "258 194 254:0 /y /srv/a\\040b\\134c rw - ext4 /dev/vda rw",
          "259 194 254:0 /y /srvother rw - ext4 /dev/vda rw",
          "damaged");

  @Test
  void theRootsOwnMountIsNoneOfThem() {
    assertThat(MountPoints.of(LINES, Path.of("/")))
        .containsExactlyInAnyOrder(
            new TreePath("proc"),
            new TreePath("files/etc/resolv.conf"),
            new TreePath("srv/a b\\c"),
            new TreePath("srvother"));
  }

  @Test
  void onlyWhatLiesInTheDirectoryCounts() {
    assertThat(MountPoints.of(LINES, Path.of("/srv"))).containsExactly(new TreePath("a b\\c"));
    assertThat(MountPoints.of(LINES, Path.of("/proc"))).isEmpty();
  }

  @Test
  void theKernelSaysWhatIsMounted() throws IOException {
    assertThat(MountPoints.in(Path.of("/"))).contains(new TreePath("proc"));
  }
}
