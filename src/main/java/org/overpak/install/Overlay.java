package org.overpak.install;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.rpm.Nevra;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreeBuilder;
import org.overpak.tree.TreePath;

/// Payloads laid over a root, as one tree, before any content has moved.
///
/// @param root the base with all payloads
/// @param parts what is left of each payload, in the order given; a path that several packages
///   share is in the first of them
/// @param leaks what was installed outside the prefix, sorted by path
public record Overlay(FileTree root, List<Payload> parts, List<Leak> leaks) {
  public Overlay {
    parts = List.copyOf(parts);
    leaks = List.copyOf(leaks);
  }

  /// Lays PAYLOADS over BASE, in order. Directories that BASE has are no leaks.
  ///
  /// @param prefix where the packages belong, `/app`
  /// @throws OverpakException (PACKAGE) if two packages have different files at one path, or a path
  ///   goes through a symbolic link to or from the prefix
  public static Overlay of(FileTree base, List<Payload> payloads, TreePath prefix) {
    return new Layer(base, prefix).lay(payloads);
  }

  /// Lays PAYLOADS over nothing, in order: a system of its own, so nothing is a leak, and links
  /// among its directories lead where they say.
  ///
  /// @throws OverpakException (PACKAGE) if two packages have different files or directories at one
  ///   path
  public static Overlay ofSystem(List<Payload> payloads) {
    return new Layer(FileTree.EMPTY, null).lay(payloads);
  }

  /// The state while laying.
  private static final class Layer {
    private final FileTree base;

    /// Null where all packages belong everywhere.
    private final @Nullable TreePath prefix;

    private final TreeBuilder builder;
    private final NavigableMap<TreePath, Nevra> owners = new TreeMap<>();
    private final Map<TreePath, Nevra> leaks = new TreeMap<>();

    Layer(FileTree base, @Nullable TreePath prefix) {
      this.base = base;
      this.prefix = prefix;
      this.builder = new TreeBuilder(base);
    }

    Overlay lay(List<Payload> payloads) {
      List<Payload> parts = new ArrayList<>();
      for (Payload payload : payloads) {
        parts.add(lay(payload));
      }
      return new Overlay(
          builder.build(),
          parts,
          leaks.entrySet().stream().map(e -> new Leak(e.getValue(), e.getKey())).toList());
    }

    private Payload lay(Payload payload) {
      Map<TreePath, Entry> kept = new HashMap<>();
      TreePath parent = TreePath.ROOT;
      TreePath realParent = TreePath.ROOT;
      for (Map.Entry<TreePath, Entry> item : payload.files().entries().entrySet()) {
        TreePath path = item.getKey();
        if (!path.parent().equals(parent)) {
          parent = path.parent();
          realParent = realDirectory(payload, path);
        }
        TreePath real = path.isRoot() ? path : realParent.resolve(path.name());
        if (put(payload.nevra(), real, item.getValue())) {
          kept.put(real, item.getValue());
        }
      }
      return new Payload(payload.nevra(), FileTree.of(kept));
    }

    /// Where the directory of PATH is. A merged /usr (`/lib64` a link to `usr/lib64`) is followed,
    /// as rpm follows a link that root owns; a link into or out of the prefix would put files
    /// elsewhere than the package says, and is refused.
    private TreePath realDirectory(Payload payload, TreePath path) {
      TreePath real;
      try {
        real = builder.resolveParents(path).parent();
      } catch (IllegalArgumentException e) {
        throw throughLink(payload, path, String.valueOf(e.getMessage()));
      }
      TreePath directory = path.parent();
      if (prefix != null
          && !real.equals(directory)
          && (directory.startsWith(prefix) || real.startsWith(prefix))) {
        throw throughLink(payload, path, directory + " really is " + real);
      }
      if (builder.get(real).filter(entry -> !(entry instanceof Entry.Directory)).isPresent()) {
        throw throughLink(payload, path, real + " is no directory");
      }
      return real;
    }

    private OverpakException throughLink(Payload payload, TreePath path, String why) {
      return new OverpakException(
          ExitCode.PACKAGE,
          "the package "
              + payload.nevra()
              + " installs "
              + path
              + " through something that is not a directory: "
              + why
              + ownerAbove(path),
          "Rebuild the package so that it owns real directories on that path.");
    }

    /// Whose package put a link or file above PATH, if one did.
    private String ownerAbove(TreePath path) {
      for (TreePath above = path.parent(); !above.isRoot(); above = above.parent()) {
        Nevra owner = owners.get(above);
        if (owner != null && !(builder.get(above).orElse(null) instanceof Entry.Directory)) {
          return ", by the package " + owner;
        }
      }
      return "";
    }

    /// Whether ENTRY is now what stands at PATH.
    private boolean put(Nevra nevra, TreePath path, Entry entry) {
      Optional<Entry> before = builder.get(path);
      Nevra owner = owners.get(path);
      boolean bothDirectories =
          entry instanceof Entry.Directory && before.orElse(null) instanceof Entry.Directory;
      // Over a base, packages that differ in the mode of a directory have always been installed.
      if (owner != null && (!bothDirectories || prefix == null)) {
        if (!isSame(before.orElseThrow(), entry)) {
          throw new OverpakException(
              ExitCode.PACKAGE,
              "the packages " + owner + " and " + nevra + " both install " + path + ", differently",
              "Only one of them can be installed: drop one from 'packages', or have it rebuilt"
                  + " without that file.");
        }
        return false;
      }
      if (bothDirectories && (owner != null || base.contains(path))) {
        return false;
      }
      if (!(entry instanceof Entry.Directory)) {
        refuseBelow(nevra, path);
      }
      if (prefix != null && !path.startsWith(prefix)) {
        leaks.putIfAbsent(path, nevra);
      }
      owners.put(path, nevra);
      builder.put(path, entry);
      return true;
    }

    /// Packages need not own the directories above their files, so what an earlier one has put
    /// below PATH may be all that says that it is a directory.
    private void refuseBelow(Nevra nevra, TreePath path) {
      FileTree.below(owners, path).entrySet().stream()
          .findFirst()
          .ifPresent(
              below -> {
                throw new OverpakException(
                    ExitCode.PACKAGE,
                    "the package "
                        + nevra
                        + " installs "
                        + path
                        + ", which is not a directory, but "
                        + below.getValue()
                        + " installs "
                        + below.getKey()
                        + " below it",
                    "Only one of them can be installed: drop one from 'packages', or have it"
                        + " rebuilt.");
              });
    }

    /// As rpm compares two packages' claims to one path (rpmfi.cc, `rpmfilesCompare`): type, mode,
    /// owner and content or target.
    private static boolean isSame(Entry a, Entry b) {
      try {
        return compare(a, b);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static boolean compare(Entry a, Entry b) throws IOException {
      if (a.attributes().mode() != b.attributes().mode()
          || !a.attributes().owner().equals(b.attributes().owner())) {
        return a instanceof Entry.Symlink x
            && b instanceof Entry.Symlink y
            && x.target().equals(y.target());
      }
      return switch (a) {
        case Entry.Directory _ -> b instanceof Entry.Directory;
        case Entry.Symlink link ->
            b instanceof Entry.Symlink other && link.target().equals(other.target());
        case Entry.RegularFile file ->
            b instanceof Entry.RegularFile other && file.content().hasSameBytes(other.content());
        case Entry.Special special ->
            b instanceof Entry.Special other
                && special.kind() == other.kind()
                && special.major() == other.major()
                && special.minor() == other.minor();
      };
    }
  }
}
