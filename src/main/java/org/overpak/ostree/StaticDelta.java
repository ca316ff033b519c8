package org.overpak.ostree;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.function.Function;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.gvariant.Variant;
import org.overpak.gvariant.VariantType;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.Owner;
import org.overpak.tree.TreePath;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/// A commit with everything that it needs in one file: a static delta from nothing with its parts
/// inside (`ostree-repo-static-delta-private.h`), the form of Flatpak's bundles. Of the operations
/// of deltas only the one that such files have is read: an object as it is.
public final class StaticDelta {
  private static final String TYPE = "(a{sv}tayay" + Commit.TYPE + "aya(uayttay)a(yaytt))";
  private static final String PAYLOAD = "(a(uuu)aa(ayay)ayay)";
  private static final VariantType PART_HEADER = VariantType.parse("(uayttay)");
  private static final VariantType FALLBACK = VariantType.parse("(yaytt)");
  private static final VariantType MODE = VariantType.parse("(uuu)");
  private static final VariantType XATTRS = VariantType.parse("a(ayay)");

  private static final byte OPEN_SPLICE_AND_CLOSE = 'S';
  private static final byte XZ = 'x';

  /// `ostree-core.h:OstreeObjectType`, as the list of a part's objects has them.
  private static final List<ObjectType> TYPES =
      List.of(ObjectType.FILE, ObjectType.DIRTREE, ObjectType.DIRMETA, ObjectType.COMMIT);

  private static final int OBJECT_NAME = 33;

  /// As much content as a part has, unless one file has more; libostree's default.
  private static final int LARGEST_PART = 32 << 20;

  /// More than this cannot be read into memory.
  private static final int LARGEST_PAYLOAD = 2_000_000_000;

  private StaticDelta() {}

  /// What a file held.
  ///
  /// @param values what else its header says
  public record Read(Revision revision, SortedMap<String, Variant> values) {}

  /// The bytes of a delta that gives REVISION.
  ///
  /// @param values what else its header says, in this order, first
  /// @throws OverpakException (FILESYSTEM) if a content cannot be read
  public static byte[] write(Revision revision, SequencedMap<String, Variant> values) {
    Commit commit = revision.commit();
    List<Variant> entries = new ArrayList<>();
    values.forEach((key, value) -> entries.add(entry(key, value)));
    entries.add(entry("ostree.endianness", new Variant.UInt8((byte) 'l')));
    List<Variant> headers = new ArrayList<>();
    try {
      for (Part part : parts(revision.objects())) {
        Variant stored = part.stored();
        entries.add(entry(place(commit.id()) + "/" + headers.size(), stored));
        headers.add(part.header(stored.serialize()));
      }
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "reading what goes into the bundle: " + e.getMessage(),
          "Check that nothing changes these files meanwhile.",
          e);
    }
    if (!revision.detached().values().isEmpty()) {
      entries.add(entry(place(commit.id()) + "/commitmeta", revision.detached()));
    }
    var nothing = new Variant.Bytes(new byte[0]);
    return Variant.tuple(
            new Variant.Array(
                new VariantType.EntryOf(VariantType.Basic.STRING, VariantType.Basic.VARIANT),
                entries),
            Variant.UInt64.bigEndian(commit.timestamp()),
            nothing,
            DirTree.id(commit.id()),
            commit.variant(),
            nothing,
            new Variant.Array(PART_HEADER, headers),
            new Variant.Array(FALLBACK, List.of()))
        .serialize();
  }

  private static Variant entry(String key, Variant value) {
    return new Variant.DictEntry(Variant.string(key), new Variant.Boxed(value));
  }

  /// Where a repository would have the delta to TO: base64 with `_` for `/`
  /// (`ostree-core.c:static_delta_path_base`).
  private static String place(Digest to) {
    String name = Base64.getEncoder().withoutPadding().encodeToString(to.bytes()).replace('/', '_');
    return "deltas/" + name.substring(0, 2) + "/" + name.substring(2);
  }

  /// Objects whose content lies in one stretch.
  private static final class Part {
    private final List<Variant> modes = new ArrayList<>();
    private final List<Variant> xattrs = new ArrayList<>();
    private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
    private final ByteArrayOutputStream operations = new ByteArrayOutputStream();
    private final ByteArrayOutputStream names = new ByteArrayOutputStream();

    void add(ObjectType type, Digest id, byte[] content) {
      begin(type, id);
      number(content.length);
      number(payload.size());
      payload.writeBytes(content);
    }

    void add(Digest id, FileHeader header, byte[] content) {
      begin(ObjectType.FILE, id);
      number(
          index(
              modes,
              Variant.tuple(
                  Variant.UInt32.bigEndian(header.owner().uid()),
                  Variant.UInt32.bigEndian(header.owner().gid()),
                  Variant.UInt32.bigEndian(header.mode()))));
      number(index(xattrs, Xattrs.variant(header.xattrs())));
      number(content.length);
      number(payload.size());
      payload.writeBytes(content);
    }

    private void begin(ObjectType type, Digest id) {
      names.write(TYPES.indexOf(type) + 1);
      names.writeBytes(id.bytes());
      operations.write(OPEN_SPLICE_AND_CLOSE);
    }

    private static int index(List<Variant> values, Variant value) {
      int index = values.indexOf(value);
      if (index < 0) {
        values.add(value);
        return values.size() - 1;
      }
      return index;
    }

    /// Seven bits a byte, the lowest first (`ostree-varint.c`).
    private void number(long value) {
      long left = value;
      while (left > 0x7f) {
        operations.write((int) (left & 0x7f) | 0x80);
        left >>>= 7;
      }
      operations.write((int) left);
    }

    boolean isFull(long more) {
      return names.size() > 0 && payload.size() + more > LARGEST_PART;
    }

    Variant stored() throws IOException {
      byte[] content =
          Variant.tuple(
                  new Variant.Array(MODE, modes),
                  new Variant.Array(XATTRS, xattrs),
                  new Variant.Bytes(payload.toByteArray()),
                  new Variant.Bytes(operations.toByteArray()))
              .serialize();
      var compressed = new ByteArrayOutputStream();
      try (var xz = new XZOutputStream(compressed, new LZMA2Options())) {
        xz.write(content);
      }
      return Variant.tuple(new Variant.UInt8(XZ), new Variant.Bytes(compressed.toByteArray()));
    }

    Variant header(byte[] stored) {
      return Variant.tuple(
          new Variant.UInt32(0),
          DirTree.id(Digest.sha256(stored)),
          new Variant.UInt64(stored.length),
          new Variant.UInt64(payload.size()),
          new Variant.Bytes(names.toByteArray()));
    }
  }

  private static List<Part> parts(TreeObjects objects) throws IOException {
    List<Part> parts = new ArrayList<>(List.of(new Part()));
    objects
        .metadata()
        .forEach(
            (path, bytes) -> {
              boolean tree = path.value().endsWith(".dirtree");
              parts
                  .getLast()
                  .add(tree ? ObjectType.DIRTREE : ObjectType.DIRMETA, Digest.sha256(bytes), bytes);
            });
    for (Map.Entry<Digest, TreeObjects.FileObject> object : objects.files().entrySet()) {
      Entry entry = object.getValue().entry();
      long size = entry instanceof Entry.RegularFile file ? file.content().size() : 0;
      if (size > LARGEST_PAYLOAD) {
        throw new IOException(object.getValue().paths().getFirst() + " is too large for a bundle");
      }
      if (parts.getLast().isFull(size)) {
        parts.add(new Part());
      }
      Part part = parts.getLast();
      switch (entry) {
        case Entry.RegularFile file ->
            part.add(object.getKey(), FileHeader.of(file), file.content().readAll());
        case Entry.Symlink link ->
            part.add(
                object.getKey(),
                FileHeader.of(link),
                link.target().getBytes(StandardCharsets.UTF_8));
        case Entry.Directory _, Entry.Special _ ->
            throw new IllegalArgumentException("no file: " + entry);
      }
    }
    return parts;
  }

  /// Reads what {@link #write} or libostree wrote, every object verified.
  ///
  /// @param ref finds in the header which ref the commit has
  /// @param ids learns those of all files
  /// @param origin file, for messages
  /// @throws OverpakException (IMAGE) if it is no such file, is damaged, or needs another commit
  public static Read read(
      byte[] bytes,
      Function<SortedMap<String, Variant>, String> ref,
      FileIds ids,
      String origin,
      Progress progress) {
    try {
      List<Variant> members = ((Variant.Tuple) Variant.read(TYPE, bytes)).members();
      SortedMap<String, Variant> values = Commit.dictionary((Variant.Array) members.getFirst());
      Commit commit = Commit.of((Variant.Tuple) members.get(4));
      if (((Variant.Bytes) members.get(2)).value().length > 0
          || !((Variant.Array) members.get(7)).values().isEmpty()) {
        throw new IllegalArgumentException("it does not hold all that its commit needs");
      }
      var reader = new Reader(commit, place(commit.id()));
      List<Variant> headers = ((Variant.Array) members.get(6)).values();
      for (int number = 0; number < headers.size(); number++) {
        Variant part = values.get(reader.place + "/" + number);
        if (!(part instanceof Variant.Tuple stored)) {
          throw new IllegalArgumentException("its part " + number + " is missing");
        }
        reader.part(((Variant.Tuple) headers.get(number)).members(), stored.members());
      }
      if (values.get(reader.place + "/commitmeta") instanceof Variant.Array detached) {
        reader.put(ObjectType.DETACHED_METADATA, commit.id(), detached.serialize());
      }
      String name = ref.apply(values);
      return new Read(
          Repository.of(reader.repository(name), origin)
              .revisions(List.of(name), ids, progress)
              .getFirst(),
          values);
    } catch (IOException
        | IllegalArgumentException
        | ClassCastException
        | IndexOutOfBoundsException e) {
      throw new OverpakException(
          ExitCode.IMAGE,
          origin + " is no bundle, or damaged: " + e.getMessage(),
          "Get the bundle again from its source.",
          e);
    } catch (OverpakException e) {
      throw e.in("reading " + origin);
    }
  }

  /// Turns parts into the files of a repository, whose reader verifies them.
  private static final class Reader {
    private final Map<TreePath, Entry> files = new HashMap<>();
    private final Commit commit;
    private final String place;

    Reader(Commit commit, String place) {
      this.commit = commit;
      this.place = place;
      put(ObjectType.COMMIT, commit.id(), commit.serialize());
    }

    void put(ObjectType type, Digest id, byte[] bytes) {
      put(type.path(id), bytes);
    }

    private void put(TreePath path, byte[] bytes) {
      files.put(path, new Entry.RegularFile(Attributes.of(0644, 0), Content.of(bytes)));
    }

    FileTree repository(String ref) {
      put(new TreePath("config"), "[core]\nmode=bare\n".getBytes(StandardCharsets.US_ASCII));
      put(new TreePath("refs/heads/" + ref), commit.id().hex().getBytes(StandardCharsets.US_ASCII));
      return FileTree.of(files);
    }

    void part(List<Variant> header, List<Variant> stored) throws IOException {
      byte compression = ((Variant.UInt8) stored.getFirst()).value();
      byte[] bytes = ((Variant.Bytes) stored.getLast()).value();
      long size = ((Variant.UInt64) header.get(3)).value();
      byte[] content =
          switch (compression) {
            case 0 -> bytes;
            case XZ -> decompress(bytes, size);
            default -> throw new IOException("a part is compressed in an unknown way");
          };
      List<Variant> payload = ((Variant.Tuple) Variant.read(PAYLOAD, content)).members();
      objects(
          ((Variant.Bytes) header.get(4)).value(),
          ((Variant.Array) payload.get(0)).values(),
          ((Variant.Array) payload.get(1)).values(),
          ((Variant.Bytes) payload.get(2)).value(),
          ByteBuffer.wrap(((Variant.Bytes) payload.get(3)).value()));
    }

    private static byte[] decompress(byte[] bytes, long size) throws IOException {
      // The sizes in headers are those of the objects; what frames them is small beside.
      try (InputStream xz = new XZInputStream(new ByteArrayInputStream(bytes), 1 << 20)) {
        byte[] content = xz.readNBytes(LARGEST_PAYLOAD);
        if (xz.read() >= 0) {
          throw new IOException("a part of " + size + " bytes is too large");
        }
        return content;
      }
    }

    private void objects(
        byte[] names, List<Variant> modes, List<Variant> xattrs, byte[] payload, ByteBuffer code)
        throws IOException {
      for (int at = 0; at < names.length; at += OBJECT_NAME) {
        ObjectType type = TYPES.get(names[at] - 1);
        var id =
            new Digest(
                Digest.Algorithm.SHA256, HexFormat.of().formatHex(names, at + 1, at + OBJECT_NAME));
        if (!code.hasRemaining() || code.get() != OPEN_SPLICE_AND_CLOSE) {
          throw new IOException("it has an operation that only updates have");
        }
        if (type == ObjectType.FILE) {
          Variant mode = modes.get(number(code));
          Variant set = xattrs.get(number(code));
          byte[] content = slice(payload, code);
          files.put(type.path(id), file(mode, (Variant.Array) set, content));
        } else {
          put(type, id, slice(payload, code));
        }
      }
    }

    private static byte[] slice(byte[] payload, ByteBuffer code) throws IOException {
      int size = number(code);
      int offset = number(code);
      if (size > payload.length - offset) {
        throw new IOException("an object leads behind its part");
      }
      byte[] bytes = new byte[size];
      System.arraycopy(payload, offset, bytes, 0, size);
      return bytes;
    }

    private static Entry file(Variant owner, Variant.Array xattrs, byte[] content) {
      List<Variant> members = ((Variant.Tuple) owner).members();
      int mode = FileHeader.bigEndian(members.get(2));
      var header =
          new FileHeader(
              mode,
              new Owner(FileHeader.bigEndian(members.get(0)), FileHeader.bigEndian(members.get(1))),
              "",
              Xattrs.of(xattrs));
      return header.isSymlink()
          ? new Entry.Symlink(header.attributes(0), TreePath.decode(content))
          : new Entry.RegularFile(header.attributes(0), Content.of(content));
    }

    private static int number(ByteBuffer code) throws IOException {
      long value = 0;
      for (int shift = 0; shift < 35 && code.hasRemaining(); shift += 7) {
        int octet = code.get();
        value |= (octet & 0x7fL) << shift;
        if (octet >= 0) {
          if (value > Integer.MAX_VALUE) {
            break;
          }
          return (int) value;
        }
      }
      throw new IOException("a number is too large or cut off");
    }
  }
}
