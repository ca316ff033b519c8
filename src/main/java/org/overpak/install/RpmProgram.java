package org.overpak.install;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.rpm.ElfFile;
import org.overpak.sandbox.SandboxCommand;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The rpm that runs what rpm runs within itself, Lua and macros: that of the root; or, where a
/// root is made from nothing, the one that it will have, carried into the sandbox beside the root.
/// There it is started by its own loader, with its own libraries and configuration, so a script in
/// Lua sees the root as it is, be it empty, as under an rpm that is outside.
///
/// @param words that start it
/// @param environment that it needs
/// @param files that it needs in {@link SandboxCommand#FILES}
record RpmProgram(
    List<String> words, SortedMap<String, String> environment, SortedMap<String, Content> files) {
  /// Where the configuration is looked for; that is no option.
  static final String CONFIGURATION = "RPM_CONFIGDIR";

  static final TreePath PATH = new TreePath("usr/bin/rpm");

  /// That of the root.
  static final RpmProgram INSTALLED =
      new RpmProgram(List.of("rpm"), new TreeMap<>(), new TreeMap<>());

  private static final TreePath CONFIGURED = new TreePath("usr/lib/rpm");

  /// Nothing that rpm consists of is nearly as large.
  private static final int LARGEST = 64 << 20;

  RpmProgram {
    words = List.copyOf(words);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /// The one that ROOT has once all packages are there, to be carried.
  ///
  /// @throws OverpakException (PACKAGE) if it is not all there
  static RpmProgram carriedFrom(FileTree root) {
    return new Collector(root).collect();
  }

  /// COMMAND with the files that this needs.
  SandboxCommand addTo(SandboxCommand command) {
    SandboxCommand result = command;
    for (Map.Entry<String, Content> file : files.entrySet()) {
      result = result.withFile(file.getKey(), file.getValue());
    }
    return result;
  }

  /// As a shell takes it.
  String shellWords() {
    var text = new StringBuilder();
    environment.forEach((name, value) -> text.append(name).append('=').append(value).append(' '));
    return text.append(String.join(" ", words)).toString();
  }

  /// Gathers a program and all that it needs.
  private static final class Collector {
    private final FileTree root;
    private final SortedMap<String, Content> files = new TreeMap<>();
    private final Deque<String> needed = new ArrayDeque<>();

    Collector(FileTree root) {
      this.root = root;
    }

    RpmProgram collect() {
      ElfFile program =
          add(PATH)
              .filter(elf -> !elf.interpreter().isEmpty())
              .orElseThrow(() -> failure("it is no program with a loader"));
      Map<String, List<TreePath>> libraries = libraries();
      String loader = program.interpreter().substring(program.interpreter().lastIndexOf('/') + 1);
      needed.add(loader);
      while (!needed.isEmpty()) {
        String name = needed.remove();
        boolean found =
            files.containsKey(name)
                || libraries.getOrDefault(name, List.of()).stream()
                    .anyMatch(path -> add(path).filter(program::goesWith).isPresent());
        if (!found) {
          throw failure("no package has " + name);
        }
      }
      addConfiguration();
      return new RpmProgram(
          List.of(
              SandboxCommand.FILES + "/" + loader,
              "--library-path",
              SandboxCommand.FILES,
              SandboxCommand.FILES + "/" + PATH.name()),
          new TreeMap<>(Map.of(CONFIGURATION, SandboxCommand.FILES)),
          files);
    }

    private static OverpakException failure(String what) {
      return new OverpakException(
          ExitCode.PACKAGE,
          "a script is in Lua, for which rpm is needed, but " + PATH + " cannot run: " + what,
          "Add what is missing to 'packages' in the spec, or rebuild the package of the script.");
    }

    /// Paths by file name. Of several of one name, as for several kinds of processors, the least
    /// special has the shortest path.
    private Map<String, List<TreePath>> libraries() {
      return root.entries().keySet().stream()
          .filter(path -> path.value().startsWith("lib") || path.value().startsWith("usr/lib"))
          .filter(path -> path.name().contains(".so"))
          .sorted(Comparator.comparingInt((TreePath path) -> path.value().length()))
          .collect(Collectors.groupingBy(TreePath::name));
    }

    /// Adds the program or library at PATH, if it is one.
    private Optional<ElfFile> add(TreePath path) {
      byte[] bytes = bytes(path);
      Optional<ElfFile> elf = ElfFile.of(bytes);
      elf.ifPresent(
          file -> {
            files.put(path.name(), Content.of(bytes));
            needed.addAll(file.needed());
          });
      return elf;
    }

    /// Macros and architectures, at the same paths below that directory.
    private void addConfiguration() {
      root.subtree(CONFIGURED).entries().keySet().stream()
          .filter(path -> path.name().equals("rpmrc") || path.name().startsWith("macros"))
          .forEach(path -> files.put(path.value(), Content.of(bytes(CONFIGURED.resolve(path)))));
    }

    /// Of a file; none of anything else, or if it is larger than any that rpm consists of.
    private byte[] bytes(TreePath path) {
      try {
        return root.get(root.resolve(path)).orElse(null) instanceof Entry.RegularFile file
                && file.content().size() <= LARGEST
            ? file.content().readAll()
            : new byte[0];
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
