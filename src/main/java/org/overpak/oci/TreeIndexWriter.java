package org.overpak.oci;

import static java.util.Objects.requireNonNull;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.LinkGroup;

/// Writes version, listing and content of a {@link TreeIndex}; {@link TreeIndexReader} is its
/// mirror.
final class TreeIndexWriter {
  /// To be changed with anything that follows, and with what trees are made of layers.
  static final String VERSION = "overpak tree index 2";

  /// In the place of a layer: content that lies in the index.
  static final int STORED = -1;

  private final Image image;
  private final Map<LinkGroup, Integer> groups = new HashMap<>();
  private final Map<Content, Long> offsets = new HashMap<>();
  private final List<Content.Bytes> stored = new ArrayList<>();
  private long storedBytes;

  TreeIndexWriter(Image image) {
    this.image = image;
  }

  void write(FileTree tree, OutputStream stream) throws IOException {
    // Names are bounded by what a tar may have, far below what writeUTF takes.
    var out = new DataOutputStream(new BufferedOutputStream(stream, 1 << 16));
    out.writeUTF(VERSION);
    out.writeUTF(image.digest().toString());
    place(tree);
    out.writeLong(storedBytes);
    out.writeInt(tree.entries().size());
    for (var entry : tree.entries().entrySet()) {
      out.writeUTF(entry.getKey().value());
      write(entry.getValue(), out);
    }
    for (Content.Bytes content : stored) {
      out.write(content.readAll());
    }
    out.flush();
  }

  /// Gives each content in memory its place after the listing; hard links share one.
  private void place(FileTree tree) {
    for (Entry entry : tree.entries().values()) {
      if (entry instanceof Entry.RegularFile file
          && file.content() instanceof Content.Bytes bytes
          && offsets.putIfAbsent(bytes, storedBytes) == null) {
        stored.add(bytes);
        storedBytes += bytes.size();
      }
    }
  }

  private void write(Entry entry, DataOutputStream out) throws IOException {
    switch (entry) {
      case Entry.Directory _ -> out.writeByte('d');
      case Entry.Symlink link -> {
        out.writeByte('l');
        out.writeUTF(link.target());
      }
      case Entry.Special special -> {
        out.writeByte('s');
        out.writeUTF(special.kind().name());
        out.writeInt(special.major());
        out.writeInt(special.minor());
      }
      case Entry.RegularFile file -> {
        out.writeByte('f');
        out.writeInt(
            file.links() == LinkGroup.NONE
                ? 0
                : groups.computeIfAbsent(file.links(), _ -> groups.size() + 1));
        write(file.content(), out);
      }
    }
    write(entry.attributes(), out);
  }

  private void write(Content content, DataOutputStream out) throws IOException {
    switch (content) {
      case Content.Bytes bytes -> {
        out.writeInt(STORED);
        out.writeLong(requireNonNull(offsets.get(bytes)));
      }
      case Content.Slice(Content.Source source, long offset, _) -> {
        int layer = image.layers().indexOf(source);
        if (layer < 0) {
          throw new IllegalArgumentException("content of no layer of " + image.name());
        }
        out.writeInt(layer);
        out.writeLong(offset);
      }
    }
    out.writeLong(content.size());
  }

  private static void write(Attributes attributes, DataOutputStream out) throws IOException {
    out.writeShort(attributes.mode());
    out.writeInt(attributes.owner().uid());
    out.writeInt(attributes.owner().gid());
    out.writeLong(attributes.modified());
    out.writeInt(attributes.xattrs().size());
    for (var xattr : attributes.xattrs().entrySet()) {
      byte[] value = xattr.getValue().value();
      out.writeUTF(xattr.getKey());
      out.writeInt(value.length);
      out.write(value);
    }
  }
}
