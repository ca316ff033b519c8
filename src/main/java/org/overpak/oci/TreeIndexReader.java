package org.overpak.oci;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.ExtendedAttribute;
import org.overpak.tree.FileTree;
import org.overpak.tree.LinkGroup;
import org.overpak.tree.Owner;
import org.overpak.tree.TreePath;

/// Reads what {@link TreeIndexWriter} wrote and was found whole. Whatever is wrong all the same is
/// an IOException or IllegalArgumentException.
final class TreeIndexReader {
  private final Path file;
  private final Image image;
  private final Map<Integer, LinkGroup> groups = new HashMap<>();
  private long storedAt;

  TreeIndexReader(Path file, Image image) {
    this.file = file;
    this.image = image;
  }

  Optional<FileTree> read(DataInputStream in) throws IOException {
    if (!in.readUTF().equals(TreeIndexWriter.VERSION)
        || !in.readUTF().equals(image.digest().toString())) {
      return Optional.empty();
    }
    storedAt = Files.size(file) - TreeIndex.CHECKSUM - in.readLong();
    int count = in.readInt();
    Map<TreePath, Entry> entries = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      entries.put(new TreePath(in.readUTF()), readEntry(in));
    }
    return Optional.of(FileTree.of(entries));
  }

  private Entry readEntry(DataInputStream in) throws IOException {
    return switch (in.readByte()) {
      case 'd' -> new Entry.Directory(readAttributes(in));
      case 'l' -> {
        String target = in.readUTF();
        yield new Entry.Symlink(readAttributes(in), target);
      }
      case 's' -> {
        var kind = Entry.Special.Kind.valueOf(in.readUTF());
        int major = in.readInt();
        int minor = in.readInt();
        yield new Entry.Special(readAttributes(in), kind, major, minor);
      }
      case 'f' -> {
        int group = in.readInt();
        LinkGroup links =
            group == 0 ? LinkGroup.NONE : groups.computeIfAbsent(group, _ -> new LinkGroup());
        Content content = readContent(in);
        yield new Entry.RegularFile(readAttributes(in), content, links);
      }
      default -> throw new IOException("not a kind of entry");
    };
  }

  private Content readContent(DataInputStream in) throws IOException {
    int layer = in.readInt();
    long offset = in.readLong();
    long size = in.readLong();
    if (layer == TreeIndexWriter.STORED) {
      return new Content.Slice(new Content.FileSource(file), storedAt + offset, size);
    }
    if (layer < 0 || layer >= image.layers().size()) {
      throw new IOException("not a layer of the image");
    }
    return new Content.Slice(image.layers().get(layer), offset, size);
  }

  private static Attributes readAttributes(DataInputStream in) throws IOException {
    int mode = in.readUnsignedShort();
    int uid = in.readInt();
    int gid = in.readInt();
    long modified = in.readLong();
    int count = in.readInt();
    var xattrs = new TreeMap<String, ExtendedAttribute>();
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      int length = in.readInt();
      byte[] value = in.readNBytes(length);
      if (value.length < length) {
        throw new EOFException("the listing ends early");
      }
      xattrs.put(name, new ExtendedAttribute(value));
    }
    return new Attributes(mode, new Owner(uid, gid), modified, xattrs);
  }
}
