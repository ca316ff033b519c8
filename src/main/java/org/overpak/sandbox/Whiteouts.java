package org.overpak.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import org.overpak.tree.Attributes;
import org.overpak.tree.Entry;
import org.overpak.tree.ExtendedAttribute;

/// How an overlay's upper directory says that something of the lower one is gone ([kernel,
/// overlayfs](https://docs.kernel.org/filesystems/overlayfs.html)): a character device 0/0 in its
/// place, or, for all that a directory held, an attribute of a new directory, in the user's name
/// space of attributes with the mount option `userxattr`.
final class Whiteouts {
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int TYPE = 0170000;
  private static final String OPAQUE = "overlay.opaque";

  private Whiteouts() {}

  static boolean is(Path file) throws IOException {
    try {
      int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      long device =
          ((Number) Files.getAttribute(file, "unix:rdev", LinkOption.NOFOLLOW_LINKS)).longValue();
      return (mode & TYPE) == CHARACTER_DEVICE && device == 0;
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  static boolean is(Entry entry) {
    return entry instanceof Entry.Special special
        && special.kind() == Entry.Special.Kind.CHARACTER_DEVICE
        && special.major() == 0
        && special.minor() == 0;
  }

  static void makeOpaque(Path directory) throws IOException {
    Files.getFileAttributeView(directory, UserDefinedFileAttributeView.class)
        .write(OPAQUE, ByteBuffer.wrap("y".getBytes(UTF_8)));
  }

  static boolean isOpaque(Attributes directory) {
    ExtendedAttribute value = directory.xattrs().get("user." + OPAQUE);
    return value != null && new String(value.value(), UTF_8).equals("y");
  }
}
