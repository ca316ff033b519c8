package org.overpak.repo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.IntList;
import org.overpak.repo.PackageTableFormat.Field;
import org.overpak.repo.PackageTableFormat.Section;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Dependency.Operator;
import org.overpak.rpm.Dependency.Simple;
import org.overpak.rpm.Evr;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageIndex;
import org.overpak.rpm.PackageMetadata;
import org.overpak.rpm.Relations;

/// The packages of a repository in the order of `primary.xml`, over bytes that may be a file mapped
/// into memory: what is not asked for is not read, and nothing is parsed but what is asked for.
///
/// For one thread.
public final class PackageTable extends AbstractList<RepositoryPackage>
    implements PackageIndex, RandomAccess {
  private final String repository;
  private final Map<Section, IntBuffer> sections = new EnumMap<>(Section.class);
  private final ByteBuffer text;
  private final IntBuffer stringStarts;
  private final IntBuffer entries;
  private final IntBuffer entryStarts;
  private final IntBuffer packages;
  private final @Nullable String[] strings;
  private final @Nullable Evr[] evrs;
  private final Map<Integer, Dependency> rich = new HashMap<>();

  private PackageTable(ByteBuffer bytes, String repository) {
    this.repository = repository;
    int at = PackageTableFormat.HEADER_BYTES;
    int header = 4 * PackageTableFormat.FIXED_HEADER;
    for (Section section : Section.values()) {
      int length = bytes.getInt(header);
      header += 4;
      sections.put(
          section, bytes.slice(at, 4 * length).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer());
      at += 4 * length;
    }
    text = bytes.slice(at, bytes.limit() - at);
    stringStarts = section(Section.STRING_STARTS);
    entries = section(Section.ENTRIES);
    entryStarts = section(Section.ENTRY_STARTS);
    packages = section(Section.PACKAGES);
    strings = new String[stringStarts.limit() - 1];
    evrs = new Evr[section(Section.EVRS).limit() / PackageTableFormat.EVR];
  }

  /// The table in BYTES, which are not changed any more.
  ///
  /// @param repository id of the repository, whose name its packages bear
  /// @return nothing if BYTES are of another version, or damaged
  static Optional<PackageTable> of(ByteBuffer bytes, String repository) {
    ByteBuffer ordered = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    return isIntact(ordered)
        ? Optional.of(new PackageTable(ordered, repository))
        : Optional.empty();
  }

  private static boolean isIntact(ByteBuffer bytes) {
    if (bytes.limit() < PackageTableFormat.HEADER_BYTES
        || bytes.getInt(0) != PackageTableFormat.MAGIC
        || bytes.getInt(4) != PackageTableFormat.VERSION) {
      return false;
    }
    long size = PackageTableFormat.HEADER_BYTES + Integer.toUnsignedLong(bytes.getInt(12));
    int header = 4 * PackageTableFormat.FIXED_HEADER;
    while (header < PackageTableFormat.HEADER_BYTES) {
      size += 4 * Integer.toUnsignedLong(bytes.getInt(header));
      header += 4;
    }
    if (size != bytes.limit()) {
      return false;
    }
    var crc = new CRC32();
    crc.update(bytes.duplicate().position(PackageTableFormat.HEADER_BYTES));
    return (int) crc.getValue() == bytes.getInt(8);
  }

  private IntBuffer section(Section section) {
    IntBuffer numbers = sections.get(section);
    if (numbers == null) {
      throw new IllegalStateException("no section " + section);
    }
    return numbers;
  }

  @Override
  public int size() {
    return packages.limit() / PackageTableFormat.FIELDS;
  }

  @Override
  public RepositoryPackage get(int position) {
    return new RepositoryPackage(
        metadata(position),
        repository,
        string(field(position, Field.HREF)),
        Digest.parse(string(field(position, Field.DIGEST))),
        wide(position, Field.SIZE),
        wide(position, Field.BUILD_TIME));
  }

  /// The digest of the package file in hexadecimal, by which filelists name the package.
  String packageId(int position) {
    String digest = string(field(position, Field.DIGEST));
    return digest.substring(digest.indexOf(':') + 1);
  }

  @Override
  public Nevra nevra(int position) {
    return new Nevra(
        string(field(position, Field.NAME)),
        evr(field(position, Field.EVR)),
        string(field(position, Field.ARCH)));
  }

  @Override
  public PackageMetadata metadata(int position) {
    List<String> files = new ArrayList<>();
    IntBuffer starts = section(Section.FILE_STARTS);
    for (int at = starts.get(position); at < starts.get(position + 1); at++) {
      files.add(string(section(Section.FILES).get(at)));
    }
    return new PackageMetadata(
        nevra(position),
        string(field(position, Field.SOURCE_RPM)),
        new Relations(
            list(position, 0),
            list(position, 1),
            list(position, 2),
            list(position, 3),
            list(position, 4),
            list(position, 5),
            list(position, 6),
            list(position, 7)),
        files,
        wide(position, Field.INSTALLED_SIZE));
  }

  private List<Dependency> list(int position, int list) {
    int at = position * PackageTableFormat.LISTS + list;
    int from = entryStarts.get(at);
    int to = entryStarts.get(at + 1);
    if (from == to) {
      return List.of();
    }
    List<Dependency> result = new ArrayList<>(to - from);
    for (int entry = from; entry < to; entry++) {
      result.add(dependency(entry));
    }
    return result;
  }

  private Dependency dependency(int entry) {
    int name = entries.get(2 * entry);
    int rest = entries.get(2 * entry + 1);
    return PackageTableFormat.isRich(rest)
        ? rich.computeIfAbsent(name, number -> Dependency.parse(string(number)))
        : simple(name, rest);
  }

  private Simple simple(int name, int rest) {
    Operator operator = PackageTableFormat.operator(rest);
    return new Simple(string(name), operator, operator == Operator.ANY ? null : evr(rest >>> 3));
  }

  private int field(int position, Field field) {
    return packages.get(position * PackageTableFormat.FIELDS + field.at());
  }

  private long wide(int position, Field field) {
    int at = position * PackageTableFormat.FIELDS + field.at();
    return Integer.toUnsignedLong(packages.get(at)) | ((long) packages.get(at + 1) << 32);
  }

  private String string(int number) {
    String known = strings[number];
    if (known == null) {
      int start = stringStarts.get(number);
      byte[] bytes = new byte[stringStarts.get(number + 1) - start];
      text.get(start, bytes);
      known = new String(bytes, StandardCharsets.UTF_8);
      strings[number] = known;
    }
    return known;
  }

  private Evr evr(int number) {
    Evr known = evrs[number];
    if (known == null) {
      IntBuffer numbers = section(Section.EVRS);
      int at = number * PackageTableFormat.EVR;
      known = new Evr(numbers.get(at), string(numbers.get(at + 1)), string(numbers.get(at + 2)));
      evrs[number] = known;
    }
    return known;
  }

  /// The number of a string that may be looked for, or -1.
  private int find(String wanted) {
    byte[] bytes = wanted.getBytes(StandardCharsets.UTF_8);
    IntBuffer slots = section(Section.STRING_SLOTS);
    int mask = slots.limit() - 1;
    int slot = StringTable.spread(wanted.hashCode()) & mask;
    while (true) {
      int number = slots.get(slot) - 1;
      if (number < 0) {
        return -1;
      }
      int start = stringStarts.get(number);
      if (stringStarts.get(number + 1) - start == bytes.length && isAt(start, bytes)) {
        return number;
      }
      slot = (slot + 1) & mask;
    }
  }

  private boolean isAt(int start, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (text.get(start + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /// The values of a sorted table of pairs for the string KEY.
  private int[] values(Section keys, Section values, String key) {
    int number = find(key);
    if (number < 0) {
      return new int[0];
    }
    IntBuffer sorted = section(keys);
    int at = first(sorted, number);
    var found = new IntList();
    while (at < sorted.limit() && sorted.get(at) == number) {
      found.add(section(values).get(at++));
    }
    return found.toArray();
  }

  private static int first(IntBuffer sorted, int key) {
    int low = 0;
    int high = sorted.limit();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle) < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public int[] named(String name) {
    return values(Section.NAME_KEYS, Section.NAME_VALUES, name);
  }

  @Override
  public int[] providing(Simple requirement) {
    int[] found = values(Section.PROVIDE_KEYS, Section.PROVIDE_VALUES, requirement.name());
    return Arrays.stream(found)
        .filter(
            entry ->
                requirement.operator() == Operator.ANY
                    || requirement.satisfiedBy(
                        entry < 0
                            ? nevra(-1 - entry).asProvide()
                            : simple(entries.get(2 * entry), entries.get(2 * entry + 1))))
        .map(entry -> entry < 0 ? -1 - entry : owner(entry))
        .sorted()
        .distinct()
        .toArray();
  }

  /// The package that an entry is of.
  private int owner(int entry) {
    int low = 0;
    int high = size();
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (entryStarts.get(middle * PackageTableFormat.LISTS) <= entry) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public int[] obsoleting(String name) {
    return Arrays.stream(values(Section.OBSOLETE_KEYS, Section.OBSOLETE_VALUES, name))
        .distinct()
        .toArray();
  }

  @Override
  public int[] owning(String path) {
    return Arrays.stream(values(Section.FILE_KEYS, Section.FILE_VALUES, path)).distinct().toArray();
  }

  @Override
  public int[] supplementing() {
    int[] result = new int[section(Section.SUPPLEMENTING).limit()];
    section(Section.SUPPLEMENTING).get(0, result);
    return result;
  }

  @Override
  public List<String> names() {
    return new AbstractList<>() {
      @Override
      public String get(int position) {
        return string(field(position, Field.NAME));
      }

      @Override
      public int size() {
        return PackageTable.this.size();
      }
    };
  }
}
