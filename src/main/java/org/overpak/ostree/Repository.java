package org.overpak.ostree;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.gvariant.Variant;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// A repository that is read, wherever it lies: the files of one are a tree. All that is read from
/// it is what its checksums say, or refused.
public final class Repository {
  /// As much as one metadata object may be (`ostree-core.h:OSTREE_MAX_METADATA_SIZE`).
  private static final int LARGEST_METADATA = 128 << 20;

  /// More than any system has; a few objects can describe more entries than memory holds.
  private static final int MOST_ENTRIES = 4_000_000;

  private static final Pattern MODE = Pattern.compile("(?m)^\\s*mode\\s*=\\s*(\\S+)\\s*$");
  private static final TreePath HEADS = new TreePath("refs/heads");

  private final FileTree files;
  private final String origin;
  private final Mode mode;

  /// How content is stored. Modes that keep attributes where trees do not see them are not read.
  private enum Mode {
    ARCHIVE,
    BARE,
    BARE_USER_ONLY;

    static @Nullable Mode named(String name) {
      return switch (name) {
        case "archive", "archive-z2" -> ARCHIVE;
        case "bare", "bare-split-xattrs" -> BARE;
        case "bare-user-only" -> BARE_USER_ONLY;
        default -> null;
      };
    }
  }

  private Repository(FileTree files, String origin, Mode mode) {
    this.files = files;
    this.origin = origin;
    this.mode = mode;
  }

  /// The repository with FILES: `config`, `objects`, `refs`.
  ///
  /// @param origin where it is, for messages
  /// @throws OverpakException (IMAGE) if it is none, or of a mode that cannot be read
  public static Repository of(FileTree files, String origin) {
    if (!(files.get("config").orElse(null) instanceof Entry.RegularFile config)) {
      throw new OverpakException(
          ExitCode.IMAGE,
          origin + " is no OSTree repository: it has no file 'config'",
          "Give the directory that holds 'config' and 'objects'.");
    }
    String text = new String(bytes(config.content(), origin + ": config"), StandardCharsets.UTF_8);
    String name = modeOf(text);
    Mode mode = Mode.named(name);
    if (mode == null) {
      throw new OverpakException(
          ExitCode.IMAGE,
          origin + " is a repository of mode " + name + ", which Overpak does not read",
          "Pull it into one of mode archive: ostree init --mode=archive, ostree pull-local.");
    }
    return new Repository(files, origin, mode);
  }

  /// The mode that CONFIG names; `bare` if it names none, as libostree takes it.
  static String modeOf(String config) {
    Matcher matcher = MODE.matcher(config);
    return matcher.find() ? matcher.group(1) : "bare";
  }

  /// Whether PATH, inside a repository, is of a file that is read whole, not content.
  public static boolean isMetadata(TreePath path) {
    String value = path.value();
    return !value.startsWith("objects/")
        || value.endsWith(".commit")
        || value.endsWith(".commitmeta")
        || value.endsWith(".dirtree")
        || value.endsWith(".dirmeta");
  }

  /// The commits that its own refs name.
  ///
  /// @throws OverpakException (IMAGE) if a ref is malformed
  public SortedMap<String, Digest> refs() {
    SortedMap<String, Digest> refs = new TreeMap<>(TreePath::compare);
    files
        .subtree(HEADS)
        .entries()
        .forEach(
            (path, entry) -> {
              if (entry instanceof Entry.RegularFile file) {
                refs.put(path.value(), parseRef(path, file));
              }
            });
    return Collections.unmodifiableSortedMap(refs);
  }

  private Digest parseRef(TreePath path, Entry.RegularFile file) {
    String text =
        new String(bytes(file.content(), origin + path), StandardCharsets.US_ASCII).strip();
    try {
      return new Digest(Digest.Algorithm.SHA256, text);
    } catch (IllegalArgumentException e) {
      throw damaged("ref " + path.value(), String.valueOf(e.getMessage()), e);
    }
  }

  /// @throws OverpakException (IMAGE) if it is missing or damaged
  public Commit commit(Digest id) {
    byte[] bytes = metadata(ObjectType.COMMIT, id);
    try {
      Commit commit = Commit.read(bytes);
      if (!commit.id().equals(id)) {
        throw new OverpakException(ExitCode.IMAGE, "it would be written otherwise", "");
      }
      return commit;
    } catch (OverpakException e) {
      throw e.in(origin + ", commit " + id.hex());
    }
  }

  /// What was added to the commit ID.
  ///
  /// @throws OverpakException (IMAGE) if it is damaged
  public Variant.Array detached(Digest id) {
    Optional<Entry> entry = files.get(ObjectType.DETACHED_METADATA.path(id));
    if (!(entry.orElse(null) instanceof Entry.RegularFile file)) {
      return Detached.NONE;
    }
    String what = origin + ", detached metadata of " + id.hex();
    try {
      return (Variant.Array) Variant.read(Detached.TYPE, bytes(file.content(), what));
    } catch (OverpakException e) {
      throw e.in(what);
    }
  }

  /// What REFS name, every object of it verified.
  ///
  /// @param ids learns those of all files
  /// @throws OverpakException (IMAGE) if there is no such ref or anything is missing or damaged
  public List<Revision> revisions(List<String> refs, FileIds ids, Progress progress) {
    SortedMap<String, Digest> known = refs();
    List<TreeReader> readers = new ArrayList<>();
    for (String ref : refs) {
      Digest id = known.get(ref);
      if (id == null) {
        throw new OverpakException(
            ExitCode.IMAGE,
            origin + " has no ref " + ref,
            known.isEmpty() ? "" : "Name one of: " + String.join(", ", known.keySet()) + ".");
      }
      readers.add(new TreeReader(ref, commit(id)));
    }
    ids.add(readers.stream().map(TreeReader::tree).toList(), progress);
    return readers.stream().map(reader -> reader.revision(ids)).toList();
  }

  /// Walks one commit.
  private final class TreeReader {
    private final String ref;
    private final Commit commit;
    private final FileTree tree;
    private final Map<TreePath, Entry> entries = new HashMap<>();
    private final Map<TreePath, Digest> expected = new TreeMap<>();
    private final Map<Digest, DirTree> known = new HashMap<>();

    TreeReader(String ref, Commit commit) {
      this.ref = ref;
      this.commit = commit;
      directory(TreePath.ROOT, new DirTree.Directory(commit.tree(), commit.meta()));
      this.tree = FileTree.of(entries);
    }

    FileTree tree() {
      return tree;
    }

    Revision revision(FileIds ids) {
      verify(ids);
      return new Revision(ref, commit, detached(commit.id()), tree, TreeObjects.of(tree, ids));
    }

    private void directory(TreePath path, DirTree.Directory ids) {
      put(path, new Entry.Directory(attributes(ids.meta())));
      DirTree tree = known.computeIfAbsent(ids.tree(), this::dirTree);
      tree.files().forEach((name, id) -> file(path.resolve(name), id));
      tree.directories().forEach((name, child) -> directory(path.resolve(name), child));
    }

    private void put(TreePath path, Entry entry) {
      if (entries.size() >= MOST_ENTRIES) {
        throw damaged(
            "commit " + commit.id().hex(), "it has more than " + MOST_ENTRIES + " entries", null);
      }
      entries.put(path, entry);
    }

    private Attributes attributes(Digest id) {
      try {
        return DirMeta.read(metadata(ObjectType.DIRMETA, id), commit.timestamp());
      } catch (IllegalArgumentException e) {
        throw damaged("dirmeta " + id.hex(), String.valueOf(e.getMessage()), e);
      }
    }

    private DirTree dirTree(Digest id) {
      try {
        return DirTree.read(metadata(ObjectType.DIRTREE, id));
      } catch (IllegalArgumentException e) {
        throw damaged("dirtree " + id.hex(), String.valueOf(e.getMessage()), e);
      }
    }

    private void file(TreePath path, Digest id) {
      Entry entry =
          switch (mode) {
            case ARCHIVE -> archived(id);
            case BARE, BARE_USER_ONLY -> bare(id);
          };
      expected.put(path, id);
      put(path, entry);
    }

    private Entry bare(Digest id) {
      Entry entry = object(ObjectType.FILE, id);
      Attributes attributes = entry.attributes().withModified(commit.timestamp());
      if (mode == Mode.BARE_USER_ONLY) {
        attributes = Attributes.of(attributes.mode(), commit.timestamp());
      }
      return entry instanceof Entry.RegularFile file
          ? new Entry.RegularFile(attributes, file.content())
          : entry.with(attributes);
    }

    private Entry archived(Digest id) {
      if (!(object(ObjectType.ARCHIVED_FILE, id) instanceof Entry.RegularFile file)) {
        throw damaged("file " + id.hex(), "it is no regular file", null);
      }
      try (InputStream stream = new BufferedInputStream(file.content().open())) {
        FileHeader.Archived object = FileHeader.readArchived(stream);
        Attributes attributes = object.header().attributes(commit.timestamp());
        return object.header().isSymlink()
            ? new Entry.Symlink(attributes, object.header().target())
            : new Entry.RegularFile(
                attributes,
                new Content.Slice(
                    new ArchivedContent(file.content(), object.length()), 0, object.size()));
      } catch (IOException | IllegalArgumentException | OverpakException e) {
        throw damaged("file " + id.hex(), String.valueOf(e.getMessage()), e);
      }
    }

    /// That every file is what its directory says.
    private void verify(FileIds ids) {
      expected.forEach(
          (path, id) -> {
            Digest actual =
                switch (entries.get(path)) {
                  case Entry.RegularFile file -> ids.of(file);
                  case Entry.Symlink link -> FileHeader.of(link).id();
                  case null, default -> null;
                };
            if (!id.equals(actual)) {
              throw damaged("file " + id.hex(), path + " has other content or another mode", null);
            }
          });
    }
  }

  private Entry object(ObjectType type, Digest id) {
    return files
        .get(type.path(id))
        .orElseThrow(() -> damaged("object " + type.path(id).name(), "it is missing", null));
  }

  private byte[] metadata(ObjectType type, Digest id) {
    String what = type.path(id).value();
    if (!(object(type, id) instanceof Entry.RegularFile file)) {
      throw damaged(what, "it is no regular file", null);
    }
    byte[] bytes = bytes(file.content(), origin + ", " + what);
    if (!Digest.sha256(bytes).equals(id)) {
      throw damaged(what, "its checksum is " + Digest.sha256(bytes).hex(), null);
    }
    return bytes;
  }

  private static byte[] bytes(Content content, String what) {
    if (content.size() > LARGEST_METADATA) {
      throw new OverpakException(
          ExitCode.IMAGE, what + " is larger than " + LARGEST_METADATA + " bytes", "");
    }
    try {
      return content.readAll();
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.IMAGE, what + " cannot be read: " + e.getMessage(), "Check the repository.", e);
    }
  }

  private OverpakException damaged(String what, String why, @Nullable Exception cause) {
    String message = "%s is damaged: %s: %s".formatted(origin, what, why);
    String advice = "Get the repository again from its source; 'ostree fsck' lists what is wrong.";
    return cause == null
        ? new OverpakException(ExitCode.IMAGE, message, advice)
        : new OverpakException(ExitCode.IMAGE, message, advice, cause);
  }
}
