package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;

/// The three parallel arrays in which a header keeps one kind of dependencies.
enum DependencyTags {
  PROVIDES(Tag.PROVIDENAME, Tag.PROVIDEFLAGS, Tag.PROVIDEVERSION),
  REQUIRES(Tag.REQUIRENAME, Tag.REQUIREFLAGS, Tag.REQUIREVERSION),
  CONFLICTS(Tag.CONFLICTNAME, Tag.CONFLICTFLAGS, Tag.CONFLICTVERSION),
  OBSOLETES(Tag.OBSOLETENAME, Tag.OBSOLETEFLAGS, Tag.OBSOLETEVERSION),
  RECOMMENDS(Tag.RECOMMENDNAME, Tag.RECOMMENDFLAGS, Tag.RECOMMENDVERSION),
  SUGGESTS(Tag.SUGGESTNAME, Tag.SUGGESTFLAGS, Tag.SUGGESTVERSION),
  SUPPLEMENTS(Tag.SUPPLEMENTNAME, Tag.SUPPLEMENTFLAGS, Tag.SUPPLEMENTVERSION),
  ENHANCES(Tag.ENHANCENAME, Tag.ENHANCEFLAGS, Tag.ENHANCEVERSION),
  ORDER(Tag.ORDERNAME, Tag.ORDERFLAGS, Tag.ORDERVERSION),
  TRIGGERS(Tag.TRIGGERNAME, Tag.TRIGGERFLAGS, Tag.TRIGGERVERSION);

  private static final int LESS = 2;
  private static final int GREATER = 4;
  private static final int EQUAL = 8;

  private final Tag names;
  private final Tag flags;
  private final Tag versions;

  DependencyTags(Tag names, Tag flags, Tag versions) {
    this.names = names;
    this.flags = flags;
    this.versions = versions;
  }

  List<Requirement> read(Header header) {
    List<String> name = header.strings(names);
    if (name.isEmpty()) {
      return List.of();
    }
    long[] flag = header.numbers(flags);
    List<String> version = header.strings(versions);
    if (flag.length != name.size() || version.size() != name.size()) {
      throw header
          .origin()
          .malformed(
              "%d values of %s, but %d flags and %d versions",
              name.size(), names, flag.length, version.size());
    }
    var result = new ArrayList<Requirement>(name.size());
    for (int i = 0; i < flag.length; i++) {
      try {
        result.add(
            new Requirement(dependency(name.get(i), (int) flag[i], version.get(i)), (int) flag[i]));
      } catch (IllegalArgumentException e) {
        throw header.origin().malformed("%s: %s", names, e.getMessage());
      }
    }
    return result;
  }

  List<Dependency> readPlain(Header header) {
    return read(header).stream().map(Requirement::dependency).toList();
  }

  private static Dependency dependency(String name, int flags, String version) {
    if (name.startsWith("(")) {
      return Dependency.parse(name);
    }
    // rpmds.cc, `rpmdsCompare`: without a version, whatever the flags say, any version is meant.
    if (version.isEmpty()) {
      return Dependency.named(name);
    }
    Evr evr = Evr.parse(version);
    return switch (flags & (LESS | GREATER | EQUAL)) {
      case LESS -> new Dependency.Simple(name, Dependency.Operator.LESS, evr);
      case LESS | EQUAL -> new Dependency.Simple(name, Dependency.Operator.LESS_OR_EQUAL, evr);
      case EQUAL -> new Dependency.Simple(name, Dependency.Operator.EQUAL, evr);
      case GREATER | EQUAL ->
          new Dependency.Simple(name, Dependency.Operator.GREATER_OR_EQUAL, evr);
      case GREATER -> new Dependency.Simple(name, Dependency.Operator.GREATER, evr);
      case LESS | GREATER -> new Dependency.Simple(name, Dependency.Operator.NOT_EQUAL, evr);
      default -> Dependency.named(name);
    };
  }
}
