package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What rpm says that a library provides: its soname, and each version of symbols that it defines,
/// `libc.so.6(GLIBC_2.34)(64bit)` (elfdeps.c). As there, only sections are looked at.
final class ElfProvides {
  /// Stands for the name of the file, which a library goes by that says no soname.
  private static final String FILE_NAME = "*";

  private static final int EXECUTABLE = 2;
  private static final int SHARED = 3;

  /// The old number and the registered one.
  private static final List<Integer> ALPHA = List.of(0x9026, 41);

  private static final int DYNAMIC_SECTION = 6;
  private static final int VERSIONS_SECTION = 0x6ffffffd;
  private static final int SONAME = 14;
  private static final int DEBUG = 21;

  /// Marks the entry that names the library itself.
  private static final int BASE = 1;

  /// More than any library has, against one built to exhaust.
  private static final int MOST_NAMES = 100_000;

  private final ElfBytes bytes;
  private final int table;
  private final int entrySize;
  private final String marker;
  private final SortedSet<String> provides = new TreeSet<>();
  private Optional<String> soname = Optional.empty();
  private boolean isProgram;
  private int namesRead;

  private ElfProvides(ElfBytes bytes) {
    this.bytes = bytes;
    this.table = Math.toIntExact(bytes.word(bytes.isWide() ? 40 : 32));
    this.entrySize = bytes.half(bytes.isWide() ? 58 : 46);
    // A machine whose first system was a 64-bit one has no mark.
    this.marker = bytes.isWide() && !ALPHA.contains(bytes.half(18)) ? "(64bit)" : "";
  }

  /// Of a file; none if CONTENT is no ELF file, or a damaged one. One with {@link #FILE_NAME} in it
  /// is to be {@link #named}.
  static SortedSet<String> of(byte[] content) {
    try {
      return ElfBytes.of(content)
          .map(bytes -> new ElfProvides(bytes).read())
          .orElse(new TreeSet<>());
    } catch (IndexOutOfBoundsException | ArithmeticException _) {
      return new TreeSet<>();
    }
  }

  /// PROVIDE of the file called NAME, if it is one then.
  static Optional<String> named(String provide, String name) {
    if (!provide.startsWith(FILE_NAME)) {
      return Optional.of(provide);
    }
    return isSane(name)
        ? Optional.of(name + provide.substring(FILE_NAME.length()))
        : Optional.empty();
  }

  private SortedSet<String> read() {
    int type = bytes.half(16);
    if (type != SHARED && type != EXECUTABLE) {
      return provides;
    }
    int count = bytes.half(bytes.isWide() ? 60 : 48);
    for (int number = 0; number < count; number++) {
      int at = section(number);
      switch (bytes.integer(at + 4)) {
        case DYNAMIC_SECTION -> readDynamic(at);
        case VERSIONS_SECTION -> readVersions(at);
        default -> {}
      }
    }
    if (type == SHARED && !isProgram) {
      add(soname.orElse(FILE_NAME), "");
    }
    return provides;
  }

  private int section(int number) {
    return Math.addExact(table, Math.multiplyExact(number, entrySize));
  }

  private int offset(int section) {
    return Math.toIntExact(bytes.word(section + (bytes.isWide() ? 24 : 16)));
  }

  private int size(int section) {
    return Math.toIntExact(bytes.word(section + (bytes.isWide() ? 32 : 20)));
  }

  private int info(int section) {
    return bytes.integer(section + (bytes.isWide() ? 44 : 28));
  }

  /// The text at INDEX of the section with those of SECTION.
  private String text(int section, long index) {
    int strings = section(bytes.integer(section + (bytes.isWide() ? 40 : 24)));
    return bytes.text(offset(strings) + index);
  }

  private void readDynamic(int section) {
    int step = bytes.step();
    int end = Math.addExact(offset(section), size(section));
    for (int at = offset(section); at < end; at += 2 * step) {
      switch ((int) bytes.word(at)) {
        case SONAME -> soname = Optional.of(text(section, bytes.word(at + step)));
        case DEBUG -> isProgram = true;
        default -> {}
      }
    }
  }

  /// Definitions follow each other, each with its names: the first is its own, the others those of
  /// versions that it goes on from.
  private void readVersions(int section) {
    Optional<String> base = Optional.empty();
    int at = offset(section);
    for (int left = info(section); left > 0; left--) {
      List<String> names = names(section, at);
      if ((bytes.half(at + 2) & BASE) != 0) {
        base = names.isEmpty() ? base : Optional.of(names.getLast());
      } else {
        base.ifPresent(library -> names.forEach(name -> add(library, name)));
      }
      long next = Integer.toUnsignedLong(bytes.integer(at + 16));
      if (next == 0) {
        return;
      }
      at = Math.toIntExact(at + next);
    }
  }

  private List<String> names(int section, int definition) {
    List<String> names = new ArrayList<>();
    long at = definition + Integer.toUnsignedLong(bytes.integer(definition + 12));
    for (int left = bytes.half(definition + 6); left > 0; left--) {
      if (++namesRead > MOST_NAMES) {
        throw new ArithmeticException("definitions lie over each other");
      }
      int name = Math.toIntExact(at);
      names.add(text(section, Integer.toUnsignedLong(bytes.integer(name))));
      at = name + Integer.toUnsignedLong(bytes.integer(name + 4));
    }
    return names;
  }

  private void add(String library, String version) {
    if (library.equals(FILE_NAME) || isSane(library)) {
      provides.add(
          version.isEmpty() && marker.isEmpty() ? library : library + "(" + version + ")" + marker);
    }
  }

  /// elfdeps.c, `skipSoname`: plugins and the like are nobody's libraries.
  private static boolean isSane(String soname) {
    return soname.contains(".so")
        && (soname.startsWith("lib")
            || soname.startsWith("ld.")
            || soname.startsWith("ld-")
            || soname.startsWith("ld64.")
            || soname.startsWith("ld64-"));
  }
}
