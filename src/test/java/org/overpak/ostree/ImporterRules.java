package org.overpak.ostree;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.overpak.Digest;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.Owner;

/// What ostree-rs-ext checks when it imports the layer with the commit (`tar/import.rs`), written
/// from its rules. The importer itself is no program that Debian has.
public final class ImporterRules {
  private static final String PREFIX = "sysroot/ostree/repo/";

  /// What an import would have taken.
  ///
  /// @param objects ids of files, dirtrees and dirmetas
  public record Imported(String commit, Set<String> objects) {}

  private final Map<String, byte[]> xattrs = new HashMap<>();
  private final Set<String> objects = new HashSet<>();
  private String commit = "";
  private String nextXattrs = "";

  private ImporterRules() {}

  /// Imports TAR.
  ///
  /// @param rename what a tool on the way did to the names in it
  /// @throws IllegalStateException if the importer would refuse it, with its words
  public static Imported run(InputStream tar, UnaryOperator<String> rename) throws IOException {
    var rules = new ImporterRules();
    try (var entries = new TarArchiveInputStream(tar)) {
      List<String> seen = new ArrayList<>();
      for (TarArchiveEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        String name = rename.apply(entry.getName());
        // Path::strip_prefix compares components; a leading `.` is one.
        if (!entry.isDirectory() && name.startsWith(PREFIX)) {
          rules.entry(name.substring(PREFIX.length()), entry, entries.readAllBytes(), seen);
        }
      }
    }
    if (rules.commit.isEmpty()) {
      throw new IllegalStateException("Expected commit object");
    }
    return new Imported(rules.commit, Set.copyOf(rules.objects));
  }

  private void entry(String path, TarArchiveEntry entry, byte[] content, List<String> seen)
      throws IOException {
    if (path.endsWith("config") || path.startsWith("refs")) {
      return;
    }
    if (entry.getLastModifiedTime().toMillis() != 0) {
      throw new IllegalStateException("taken for a change in a container: " + path);
    }
    seen.add(path);
    if (!path.startsWith("objects/")) {
      if (seen.size() <= 2) {
        throw new IllegalStateException("Invalid object path: " + path);
      }
      return;
    }
    String file = path.substring("objects/".length());
    String id = file.replace("/", "").replaceAll("\\..*", "");
    String type = file.substring(file.indexOf('.') + 1);
    if (seen.size() == 1 && !(type.equals("commit") && entry.isFile())) {
      throw new IllegalStateException("Expected commit, found " + path);
    }
    switch (type) {
      case "commit" -> commit(id, content);
      case "commitmeta" -> {
        if (seen.size() != 2) {
          throw new IllegalStateException("Found multiple commitmeta");
        }
      }
      case "dirtree", "dirmeta" -> put(id, Digest.sha256(content));
      case "file-xattrs" -> {
        put(id, Digest.sha256(content));
        xattrs.put(id, content);
      }
      case "file-xattrs-link" -> {
        String target = entry.getLinkName();
        if (!entry.isLink() || !target.startsWith(PREFIX)) {
          throw new IllegalStateException("no link to extended attributes: " + path);
        }
        String setId =
            target
                .substring((PREFIX + "objects/").length())
                .replace("/", "")
                .replaceAll("\\..*", "");
        if (!xattrs.containsKey(setId)) {
          throw new IllegalStateException("Failed to find xattrs content " + setId);
        }
        nextXattrs = id;
      }
      case "file" -> {
        if (!nextXattrs.equals(id)) {
          throw new IllegalStateException("Missing xattrs reference");
        }
        nextXattrs = "";
        put(id, fileId(entry, content));
      }
      default -> throw new IllegalStateException("Invalid object type " + type);
    }
  }

  private void commit(String id, byte[] content) {
    if (!commit.isEmpty()) {
      throw new IllegalStateException("Found multiple commit objects");
    }
    if (!Commit.read(content).id().hex().equals(id)) {
      throw new IllegalStateException("Corrupted commit object");
    }
    commit = id;
  }

  private static Digest fileId(TarArchiveEntry entry, byte[] content) throws IOException {
    int mode = entry.getMode() & 07777;
    var owner = new Owner((int) entry.getLongUserId(), (int) entry.getLongGroupId());
    if (entry.isSymbolicLink()) {
      // libostree makes its links with mode 0777, whatever the entry says.
      return FileHeader.of(
              new Entry.Symlink(
                  new Attributes(0777, owner, 0, new java.util.TreeMap<>()), entry.getLinkName()))
          .id();
    }
    if (!entry.isFile() || entry.isLink()) {
      throw new IllegalStateException("Invalid tar entry of type " + entry.getLinkFlag());
    }
    return FileHeader.of(
            new Entry.RegularFile(
                new Attributes(mode, owner, 0, new java.util.TreeMap<>()), Content.of(content)))
        .id(new ByteArrayInputStream(content), new byte[1 << 16]);
  }

  private void put(String id, Digest actual) {
    if (!actual.hex().equals(id)) {
      throw new IllegalStateException("Corrupted object " + id + ": " + actual.hex());
    }
    objects.add(id);
  }
}
