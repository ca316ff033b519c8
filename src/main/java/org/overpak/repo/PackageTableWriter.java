package org.overpak.repo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.overpak.Digest;
import org.overpak.IntList;
import org.overpak.repo.PackageTableFormat.Section;
import org.overpak.rpm.Dependency.Operator;

/// Makes the bytes of a {@link PackageTable}, package by package.
final class PackageTableWriter {
  private final StringTable strings = new StringTable();
  private final Map<String, Map<String, Integer>> versions = new HashMap<>();
  private final IntList evrs = new IntList();
  private final IntList packages = new IntList();
  private final IntList entryStarts = IntList.of(0);
  private final IntList entries = new IntList();
  private final IntList fileStarts = IntList.of(0);
  private final IntList files = new IntList();
  private final IntList supplementing = new IntList();
  private final PairList names = new PairList();
  private final PairList provides = new PairList();
  private final PairList obsoletes = new PairList();
  private final PairList owners = new PairList();

  /// Dependencies of one package of one kind, each two numbers.
  static final class Entries {
    private final IntList numbers = new IntList();

    /// @param evr from {@link PackageTableWriter#evr}; 0 where OPERATOR is ANY
    void add(int name, Operator operator, int evr) {
      addRaw(name, PackageTableFormat.entry(operator, evr));
    }

    void addRich(int text) {
      addRaw(text, PackageTableFormat.RICH);
    }

    private void addRaw(int name, int rest) {
      int size = numbers.size();
      // One that is needed before and after installation is there twice, with and without `pre`.
      if (size == 0 || numbers.get(size - 2) != name || numbers.get(size - 1) != rest) {
        numbers.add(name);
        numbers.add(rest);
      }
    }

    void clear() {
      numbers.clear();
    }
  }

  /// A package but for its dependencies; numbers are of strings.
  record Row(
      int name,
      int evr,
      int arch,
      int sourceRpm,
      String href,
      Digest digest,
      long size,
      long installedSize,
      long buildTime) {}

  int size() {
    return packages.size() / PackageTableFormat.FIELDS;
  }

  int string(String text) {
    return strings.add(text);
  }

  int evr(int epoch, String version, String release) {
    // Packages of one source have one version: hardly ever do two epochs share it.
    String key = epoch == 0 ? release : epoch + ":" + release;
    Map<String, Integer> releases = versions.computeIfAbsent(version, _ -> new HashMap<>(2));
    Integer known = releases.get(key);
    if (known == null) {
      known = evrs.size() / PackageTableFormat.EVR;
      releases.put(key, known);
      evrs.add(epoch);
      evrs.add(strings.add(version));
      evrs.add(strings.add(release));
    }
    return known;
  }

  /// @param lists in the order of {@link org.overpak.rpm.Relations}
  /// @param ownFiles numbers of its paths
  void add(Row pkg, Entries[] lists, IntList ownFiles) {
    int position = size();
    packages.add(pkg.name);
    packages.add(pkg.evr);
    packages.add(pkg.arch);
    packages.add(pkg.sourceRpm);
    packages.add(strings.addUnshared(pkg.href));
    packages.add(strings.addUnshared(pkg.digest.toString()));
    addLong(pkg.size);
    addLong(pkg.installedSize);
    addLong(pkg.buildTime);
    names.add(pkg.name, position);
    boolean providesItself = false;
    for (int list = 0; list < PackageTableFormat.LISTS; list++) {
      IntList numbers = lists[list].numbers;
      for (int i = 0; i < numbers.size(); i += 2) {
        int name = numbers.get(i);
        int rest = numbers.get(i + 1);
        if (list == PackageTableFormat.PROVIDES) {
          provides.add(name, entries.size() / 2);
          providesItself |=
              name == pkg.name && rest == PackageTableFormat.entry(Operator.EQUAL, pkg.evr);
        } else if (list == PackageTableFormat.OBSOLETES) {
          obsoletes.add(name, position);
        }
        entries.add(name);
        entries.add(rest);
      }
      entryStarts.add(entries.size() / 2);
    }
    if (!providesItself) {
      provides.add(pkg.name, -1 - position);
    }
    if (!lists[PackageTableFormat.SUPPLEMENTS].numbers.isEmpty()) {
      supplementing.add(position);
    }
    for (int i = 0; i < ownFiles.size(); i++) {
      files.add(ownFiles.get(i));
      owners.add(ownFiles.get(i), position);
    }
    fileStarts.add(files.size());
  }

  private void addLong(long value) {
    packages.add((int) value);
    packages.add((int) (value >>> 32));
  }

  /// The table, complete.
  ByteBuffer bytes() {
    Map<Section, int[]> sections = new EnumMap<>(Section.class);
    sections.put(Section.STRING_STARTS, strings.starts());
    sections.put(Section.STRING_SLOTS, strings.slots());
    sections.put(Section.EVRS, evrs.toArray());
    sections.put(Section.PACKAGES, packages.toArray());
    sections.put(Section.ENTRY_STARTS, entryStarts.toArray());
    sections.put(Section.ENTRIES, entries.toArray());
    sections.put(Section.FILE_STARTS, fileStarts.toArray());
    sections.put(Section.FILES, files.toArray());
    sections.put(Section.SUPPLEMENTING, supplementing.toArray());
    names.put(sections, Section.NAME_KEYS, Section.NAME_VALUES);
    provides.put(sections, Section.PROVIDE_KEYS, Section.PROVIDE_VALUES);
    obsoletes.put(sections, Section.OBSOLETE_KEYS, Section.OBSOLETE_VALUES);
    owners.put(sections, Section.FILE_KEYS, Section.FILE_VALUES);
    byte[] text = strings.bytes();
    long size = PackageTableFormat.HEADER_BYTES + (long) text.length;
    for (int[] numbers : sections.values()) {
      size += 4L * numbers.length;
    }
    var bytes = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(PackageTableFormat.HEADER_BYTES);
    for (int[] numbers : sections.values()) {
      bytes.asIntBuffer().put(numbers);
      bytes.position(bytes.position() + 4 * numbers.length);
    }
    bytes.put(text);
    var crc = new CRC32();
    crc.update(bytes.flip().position(PackageTableFormat.HEADER_BYTES));
    bytes.rewind();
    bytes.putInt(PackageTableFormat.MAGIC);
    bytes.putInt(PackageTableFormat.VERSION);
    bytes.putInt((int) crc.getValue());
    bytes.putInt(text.length);
    sections.values().forEach(numbers -> bytes.putInt(numbers.length));
    return bytes.rewind();
  }

  /// Pairs of a key and a value, to be sorted by key, then by value.
  private static final class PairList {
    private long[] pairs = new long[1 << 10];
    private int size;

    void add(int key, int value) {
      if (size == pairs.length) {
        pairs = Arrays.copyOf(pairs, 2 * size);
      }
      pairs[size++] = ((long) key << 32) | (value & 0xffff_ffffL);
    }

    void put(Map<Section, int[]> sections, Section keys, Section values) {
      Arrays.sort(pairs, 0, size);
      int[] keyNumbers = new int[size];
      int[] valueNumbers = new int[size];
      for (int i = 0; i < size; i++) {
        keyNumbers[i] = (int) (pairs[i] >>> 32);
        valueNumbers[i] = (int) pairs[i];
      }
      sections.put(keys, keyNumbers);
      sections.put(values, valueNumbers);
    }
  }
}
