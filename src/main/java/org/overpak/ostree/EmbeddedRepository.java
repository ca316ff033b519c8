package org.overpak.ostree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.Digest;
import org.overpak.OverpakException;
import org.overpak.gvariant.Variant;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.LinkGroup;
import org.overpak.tree.TreePath;

/// A repository inside the system that it holds, as
/// [ostree-rs-ext](https://github.com/ostreedev/ostree-rs-ext) puts it into images: the objects in
/// `sysroot/ostree/repo`, the system at the root as hard links to them. Beside it, further commits
/// that share what they can.
///
/// The order of all entries is part of the format: its importer wants the commit first, and before
/// each file the link that says which extended attributes it has (`ostree-rs-ext: tar/export.rs,
/// tar/import.rs`). It takes one commit only, so what belongs to the others alone must be kept from
/// it; see {@link #beside}.
///
/// The repository's mode is `bare-user-only`, which libostree and Flatpak read as it is after any
/// extraction that keeps modes, also by an ordinary user; the importer does not look at the mode.
///
/// @param system all of the system's commit, the repository's directories and the checkout
/// @param beside objects of the other commits alone
/// @param index refs and summary
public record EmbeddedRepository(
    SequencedMap<TreePath, Entry> system,
    SequencedMap<TreePath, Entry> beside,
    SequencedMap<TreePath, Entry> index) {
  /// Where the repository is.
  public static final TreePath PLACE = new TreePath("sysroot/ostree/repo");

  public static final String MODE = "bare-user-only";

  private static final String CONFIG = "[core]\nrepo_version=1\nmode=" + MODE + "\n";

  private static final List<String> DIRECTORIES =
      List.of(
          "extensions",
          "refs",
          "refs/heads",
          "refs/mirrors",
          "refs/remotes",
          "state",
          "tmp",
          "tmp/cache");

  /// The repository with SYSTEM, checked out as CHECKOUT, and OTHERS.
  ///
  /// @param checkout what stands at the root; its files are those of the system's commit, which may
  ///   have them at other paths
  /// @param signatures of the summary; empty if it is not signed
  /// @throws OverpakException (IMAGE) if a commit has what such a repository cannot hold: owners,
  ///   extended attributes, modes that only some may read
  public static EmbeddedRepository of(
      Revision system,
      FileTree checkout,
      FileIds ids,
      List<Revision> others,
      byte[] summary,
      Variant.Array signatures) {
    var writer = new Layout(ids, checkout);
    writer.putSystem(system);
    others.forEach(writer::putBeside);
    List<Revision> all = new ArrayList<>(List.of(system));
    all.addAll(others);
    writer.putIndex(all, summary, signatures);
    return new EmbeddedRepository(writer.system, writer.beside, writer.index);
  }

  private static final class Layout {
    private final FileIds ids;
    private final FileTree checkout;
    private final SequencedMap<TreePath, Entry> system = new LinkedHashMap<>();
    private final SequencedMap<TreePath, Entry> beside = new LinkedHashMap<>();
    private final SequencedMap<TreePath, Entry> index = new LinkedHashMap<>();

    Layout(FileIds ids, FileTree checkout) {
      this.ids = ids;
      this.checkout = checkout;
    }

    void putSystem(Revision revision) {
      putDirectories();
      putFile(system, new TreePath("config"), CONFIG.getBytes(StandardCharsets.UTF_8));
      putCommit(system, revision);
      revision.objects().metadata().forEach((path, bytes) -> putFile(system, path, bytes));
      putFiles(revision);
    }

    private void putDirectories() {
      checkout
          .entries()
          .forEach(
              (path, entry) -> {
                if (entry instanceof Entry.Directory) {
                  system.put(path, entry.with(entry.attributes().withModified(0)));
                }
              });
      for (String above = PLACE.value();
          !above.isEmpty();
          above = new TreePath(above).parent().value()) {
        system.putIfAbsent(new TreePath(above), directory());
      }
      DIRECTORIES.forEach(name -> system.put(PLACE.resolve(name), directory()));
      for (int octet = 0; octet <= 0xff; octet++) {
        system.put(PLACE.resolve("objects/%02x".formatted(octet)), directory());
      }
    }

    private static Entry directory() {
      return new Entry.Directory(Attributes.of(0755, 0));
    }

    /// Each object, after what says that it has no extended attributes, and before its names in the
    /// checkout. A file that is empty has no other names, so that writing into one of them in a
    /// container does not fill the others.
    private void putFiles(Revision revision) {
      Map<Digest, List<TreePath>> names = namesInCheckout();
      var noXattrs = new Entry.RegularFile(Attributes.of(0644, 0), Content.of(""), new LinkGroup());
      system.put(PLACE.resolve(ObjectType.XATTRS.path(Digest.sha256(new byte[0]))), noXattrs);
      revision
          .objects()
          .files()
          .forEach(
              (id, object) -> {
                Entry stored = stored(revision, object);
                system.put(PLACE.resolve(ObjectType.XATTRS_LINK.path(id)), noXattrs);
                system.put(PLACE.resolve(ObjectType.FILE.path(id)), stored);
                for (TreePath name : names.getOrDefault(id, List.of())) {
                  system.put(name, stored instanceof Entry.RegularFile file ? named(file) : stored);
                }
              });
    }

    private static Entry named(Entry.RegularFile file) {
      return file.content().size() > 0
          ? file
          : new Entry.RegularFile(file.attributes(), file.content());
    }

    private Map<Digest, List<TreePath>> namesInCheckout() {
      Map<Digest, List<TreePath>> names = new HashMap<>();
      checkout
          .entries()
          .forEach(
              (path, entry) -> {
                switch (entry) {
                  case Entry.RegularFile file ->
                      names.computeIfAbsent(ids.of(file), _ -> new ArrayList<>()).add(path);
                  case Entry.Symlink link ->
                      names
                          .computeIfAbsent(FileHeader.of(link).id(), _ -> new ArrayList<>())
                          .add(path);
                  case Entry.Directory _, Entry.Special _ -> {
                    // Directories are there already, and what is special is in no commit.
                  }
                }
              });
      return names;
    }

    void putBeside(Revision revision) {
      putCommit(beside, revision);
      revision
          .objects()
          .metadata()
          .forEach(
              (path, bytes) -> {
                if (!system.containsKey(PLACE.resolve(path))) {
                  putFile(beside, path, bytes);
                }
              });
      revision
          .objects()
          .files()
          .forEach(
              (id, object) -> {
                TreePath path = PLACE.resolve(ObjectType.FILE.path(id));
                if (!system.containsKey(path)) {
                  beside.put(path, stored(revision, object));
                }
              });
    }

    private static void putCommit(SequencedMap<TreePath, Entry> part, Revision revision) {
      Digest id = revision.commit().id();
      putFile(part, ObjectType.COMMIT.path(id), revision.commit().serialize());
      revision
          .detachedBytes()
          .ifPresent(bytes -> putFile(part, ObjectType.DETACHED_METADATA.path(id), bytes));
    }

    void putIndex(List<Revision> revisions, byte[] summary, Variant.Array signatures) {
      SortedMap<String, Digest> refs = new TreeMap<>();
      revisions.forEach(revision -> refs.put(revision.ref(), revision.commit().id()));
      refs.forEach(
          (ref, id) ->
              putFile(
                  index,
                  new TreePath("refs/heads/" + ref),
                  (id.hex() + "\n").getBytes(StandardCharsets.US_ASCII)));
      putFile(index, new TreePath("summary"), summary);
      if (!signatures.values().isEmpty()) {
        putFile(index, new TreePath("summary.sig"), signatures.serialize());
      }
    }

    private static void putFile(SequencedMap<TreePath, Entry> part, TreePath path, byte[] bytes) {
      part.put(
          PLACE.resolve(path), new Entry.RegularFile(Attributes.of(0644, 0), Content.of(bytes)));
    }

    private static Entry stored(Revision revision, TreeObjects.FileObject object) {
      Entry entry = object.entry();
      BareUserOnly.require(revision.ref(), object.paths().getFirst(), entry);
      Attributes attributes = entry.attributes().withModified(0);
      return entry instanceof Entry.RegularFile file
          ? new Entry.RegularFile(attributes, file.content(), new LinkGroup())
          : entry.with(attributes);
    }
  }
}
