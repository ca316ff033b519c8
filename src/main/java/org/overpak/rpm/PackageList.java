package org.overpak.rpm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.overpak.rpm.Dependency.Simple;

/// Packages in memory, as few as a runtime has.
final class PackageList implements PackageIndex {
  private final List<PackageMetadata> packages;
  private @Nullable Tables tables;

  PackageList(List<PackageMetadata> packages) {
    this.packages = List.copyOf(packages);
  }

  /// A provide, and the position of the package whose it is.
  private record Provide(int position, Simple entry) {}

  private static final class Tables {
    final Map<String, List<Integer>> byName = new LinkedHashMap<>();
    final Map<String, List<Provide>> provides = new HashMap<>();
    final Map<String, List<Integer>> obsoleting = new HashMap<>();
    final Map<String, List<Integer>> owning = new HashMap<>();
  }

  private Tables tables() {
    Tables result = tables;
    if (result == null) {
      result = new Tables();
      for (int position = 0; position < packages.size(); position++) {
        add(result, position, packages.get(position));
      }
      tables = result;
    }
    return result;
  }

  private static void add(Tables tables, int position, PackageMetadata metadata) {
    add(tables.byName, metadata.nevra().name(), position);
    addProvide(tables, position, metadata.nevra().asProvide());
    for (Dependency provide : metadata.relations().provides()) {
      if (provide instanceof Simple simple) {
        addProvide(tables, position, simple);
      }
    }
    for (Dependency obsolete : metadata.relations().obsoletes()) {
      if (obsolete instanceof Simple(var name, _, _)) {
        add(tables.obsoleting, name, position);
      }
    }
    metadata.files().forEach(path -> add(tables.owning, path, position));
  }

  private static void addProvide(Tables tables, int position, Simple entry) {
    tables
        .provides
        .computeIfAbsent(entry.name(), _ -> new ArrayList<>())
        .add(new Provide(position, entry));
  }

  private static void add(Map<String, List<Integer>> table, String key, int position) {
    table.computeIfAbsent(key, _ -> new ArrayList<>()).add(position);
  }

  @Override
  public int size() {
    return packages.size();
  }

  @Override
  public Nevra nevra(int position) {
    return packages.get(position).nevra();
  }

  @Override
  public PackageMetadata metadata(int position) {
    return packages.get(position);
  }

  @Override
  public int[] named(String name) {
    return positions(tables().byName, name);
  }

  @Override
  public int[] providing(Simple requirement) {
    return tables().provides.getOrDefault(requirement.name(), List.of()).stream()
        .filter(provide -> requirement.satisfiedBy(provide.entry))
        .mapToInt(Provide::position)
        .distinct()
        .toArray();
  }

  @Override
  public int[] obsoleting(String name) {
    return positions(tables().obsoleting, name);
  }

  @Override
  public int[] owning(String path) {
    return positions(tables().owning, path);
  }

  @Override
  public int[] supplementing() {
    return IntStream.range(0, packages.size())
        .filter(position -> !packages.get(position).relations().supplements().isEmpty())
        .toArray();
  }

  @Override
  public Collection<String> names() {
    return tables().byName.keySet();
  }

  private static int[] positions(Map<String, List<Integer>> table, String key) {
    return table.getOrDefault(key, List.of()).stream()
        .mapToInt(Integer::intValue)
        .distinct()
        .toArray();
  }
}
