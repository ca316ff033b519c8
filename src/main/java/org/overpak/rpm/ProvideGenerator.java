package org.overpak.rpm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.overpak.tree.TreePath;

/// The generators by which rpm-build finds in a package's files what it provides
/// (`/usr/lib/rpm/fileattrs`), as far as a requirement can be about their results. What a file says
/// by itself and what its place says come one after the other, since whoever reads an image has the
/// one before the other.
public enum ProvideGenerator {
  /// elf.attr, of all ELF files but those that are only for debuggers.
  LIBRARY("libraries", "^/(?!usr/lib/debug/)") {
    @Override
    boolean mayBeOf(TreePath path, byte[] head) {
      return head.length >= Integer.BYTES && ByteBuffer.wrap(head).getInt() == ElfBytes.MAGIC;
    }

    @Override
    public boolean followsLinks() {
      return false; // whose kind is that of a link
    }

    @Override
    Collection<String> read(byte[] content) {
      return ElfProvides.of(content);
    }

    @Override
    List<String> provides(TreePath path, List<String> facts) {
      return facts.stream().flatMap(fact -> ElfProvides.named(fact, path.name()).stream()).toList();
    }
  },

  /// pkgconfig.attr, wherever a distribution has its libraries.
  PKG_CONFIG(
      "pkg-config modules",
      "^/usr/(lib(64|32)?|lib/[^/]+-linux-gnu[^/]*|share)/pkgconfig/.*\\.pc$") {
    @Override
    boolean mayBeOf(TreePath path, byte[] head) {
      return path.name().endsWith(".pc");
    }

    @Override
    Collection<String> read(byte[] content) {
      return PkgConfigFile.of(new String(content, StandardCharsets.UTF_8)).facts();
    }

    @Override
    List<String> provides(TreePath path, List<String> facts) {
      String name = path.name();
      return PkgConfigFile.provides(name.substring(0, name.length() - ".pc".length()), facts);
    }
  },

  /// gobject-introspection's, of SUSE (`gi-find-deps.sh`): a file's name says all.
  TYPELIB(
      "typelibs", "^/usr/lib(64|32)?/([^/]+-linux-gnu[^/]*/)?girepository-1\\.0/.+-.+\\.typelib$") {
    @Override
    List<String> atPlace(TreePath path) {
      String name = path.name().substring(0, path.name().length() - ".typelib".length());
      int dash = name.lastIndexOf('-');
      return List.of(
          "typelib(%s) = %s".formatted(name.substring(0, dash), name.substring(dash + 1)));
    }
  },

  /// python.attr: the path of the interpreter says all.
  PYTHON("Python interpreters", "^/usr/bin/python\\d+\\.\\d+$") {
    @Override
    List<String> atPlace(TreePath path) {
      return List.of("python(abi) = " + path.name().substring("python".length()));
    }
  },

  /// pythondist.attr, of Fedora.
  PYTHON_DISTRIBUTION(
      "Python distributions",
      "^/usr/lib(64)?/python\\d+\\.\\d+/site-packages/[^/]+\\.(dist-info/METADATA|egg-info(/PKG-INFO)?)$") {
    @Override
    boolean mayBeOf(TreePath path, byte[] head) {
      String name = path.name();
      return name.equals("METADATA") || name.equals("PKG-INFO") || name.endsWith(".egg-info");
    }

    @Override
    Collection<String> read(byte[] content) {
      return PythonDistribution.of(new String(content, StandardCharsets.UTF_8)).stream()
          .map(one -> one.name() + "\t" + one.version())
          .toList();
    }

    @Override
    List<String> provides(TreePath path, List<String> facts) {
      String python = path.value().replaceFirst("^usr/lib(64)?/python([^/]+)/.*", "$2");
      return facts.stream()
          .map(fact -> fact.split("\t", -1))
          .flatMap(fact -> new PythonDistribution(fact[0], fact[1]).provides(python).stream())
          .toList();
    }
  },

  /// perllib.attr, of all modules in Perl's directories: which of them file(1) would take for such
  /// is not asked.
  PERL("Perl modules", "^/usr/(share|lib|lib64|lib/[^/]+-linux-gnu[^/]*)/perl(5|-base)?/.*\\.pm$") {
    @Override
    boolean mayBeOf(TreePath path, byte[] head) {
      return path.name().endsWith(".pm");
    }

    @Override
    Collection<String> read(byte[] content) {
      return PerlModule.provides(content);
    }

    @Override
    List<String> provides(TreePath path, List<String> facts) {
      return facts;
    }
  },

  /// font.attr, but for the languages that a font is good for.
  FONT("fonts", "^/usr/share/fonts/") {
    @Override
    boolean mayBeOf(TreePath path, byte[] head) {
      return FontNames.isFont(head);
    }

    @Override
    public boolean followsLinks() {
      return false;
    }

    @Override
    Collection<String> read(byte[] content) {
      return FontNames.of(content).stream().map(family -> "font(" + family + ")").toList();
    }

    @Override
    List<String> provides(TreePath path, List<String> facts) {
      return facts;
    }
  };

  /// The longest file that is read. No library is as long; some hundred MiB have the largest.
  private static final long LONGEST = 1L << 29;

  private static final Pattern GENERATED =
      Pattern.compile("^((lib|ld)[^ (]*\\.so[^ (]*\\(|pkgconfig\\()");

  private final String title;
  private final Pattern places;

  ProvideGenerator(String title, String places) {
    this.title = title;
    this.places = Pattern.compile(places);
  }

  /// Whether PROVIDE, of a package, can only be one that a generator found.
  public static boolean isGenerated(String provide) {
    return GENERATED.matcher(provide).find();
  }

  /// What it finds, in the plural.
  public String title() {
    return title;
  }

  /// Whether a symbolic link to a file provides what the file would in the link's place.
  public boolean followsLinks() {
    return true;
  }

  /// Whether the content of a file, which may be seen at another path than the system's, is read.
  boolean mayBeOf(TreePath path, byte[] head) {
    return false;
  }

  Collection<String> read(byte[] content) {
    return List.of();
  }

  /// What a file that says FACTS provides at PATH, which is a place of the generator's.
  List<String> provides(TreePath path, List<String> facts) {
    return List.of();
  }

  /// What any file at PATH provides, which is a place of the generator's.
  List<String> atPlace(TreePath path) {
    return List.of();
  }

  /// What a file or link at PATH of a system provides, whatever it says.
  public List<String> byPlace(TreePath path) {
    return places.matcher(path.toString()).find() ? atPlace(path) : List.of();
  }

  /// What a file says, wherever it is.
  ///
  /// @param facts in a form that only the generator knows; one line each
  public record Finding(ProvideGenerator generator, List<String> facts) {
    public Finding {
      facts = List.copyOf(facts);
    }

    /// Of a file that says nothing.
    public static final Finding NOTHING = new Finding(LIBRARY, List.of());

    /// What the file provides at PATH of a system.
    public List<String> provides(TreePath path) {
      return generator.places.matcher(path.toString()).find()
          ? generator.provides(path, facts)
          : List.of();
    }

    /// For {@link #parse}.
    public String toText() {
      return generator + "\n" + String.join("\n", facts);
    }

    /// @throws IllegalArgumentException if TEXT is of no finding
    public static Finding parse(String text) {
      List<String> lines = text.lines().toList();
      if (lines.isEmpty()) {
        throw new IllegalArgumentException("no generator is named");
      }
      return new Finding(valueOf(lines.getFirst()), lines.subList(1, lines.size()));
    }
  }

  /// The one that reads the file at PATH, which may be a path in an image instead of in a system.
  ///
  /// @param head its first four bytes, or all
  public static Optional<ProvideGenerator> of(TreePath path, byte[] head, long size) {
    return size > LONGEST
        ? Optional.empty()
        : Arrays.stream(values()).filter(one -> one.mayBeOf(path, head)).findFirst();
  }

  /// Reads CONTENT, of a file that is the generator's.
  public Finding find(byte[] content) {
    return new Finding(
        this, read(content).stream().filter(fact -> fact.lines().limit(2).count() == 1).toList());
  }
}
