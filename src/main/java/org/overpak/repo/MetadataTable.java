package org.overpak.repo;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.overpak.Digest;
import org.overpak.IntList;
import org.overpak.repo.PackageTableWriter.Entries;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Dependency.Operator;
import org.overpak.rpm.Dependency.Simple;
import org.overpak.rpm.Evr;
import org.overpak.rpm.PackageMetadata;
import org.overpak.rpm.Relations;

/// Writes packages that are known from elsewhere, such as an RPM database, into a table.
final class MetadataTable {
  /// There is no file to be had.
  private static final Digest NO_FILE = Digest.sha256(new byte[0]);

  private final PackageTableWriter table = new PackageTableWriter();
  private final Entries[] lists = new Entries[PackageTableFormat.LISTS];

  private MetadataTable() {
    Arrays.setAll(lists, _ -> new Entries());
  }

  /// The bytes of a {@link PackageTable}, whose packages have no location.
  static ByteBuffer of(List<PackageMetadata> packages) {
    var writer = new MetadataTable();
    packages.forEach(writer::add);
    return writer.table.bytes();
  }

  private void add(PackageMetadata metadata) {
    Relations relations = metadata.relations();
    // in the order of Relations
    write(0, relations.provides());
    write(1, relations.requires());
    write(2, relations.conflicts());
    write(3, relations.obsoletes());
    write(4, relations.recommends());
    write(5, relations.suggests());
    write(6, relations.supplements());
    write(7, relations.enhances());
    var files = new IntList();
    metadata.files().forEach(path -> files.add(table.string(path)));
    var row =
        new PackageTableWriter.Row(
            table.string(metadata.nevra().name()),
            evr(metadata.nevra().evr()),
            table.string(metadata.nevra().arch()),
            table.string(metadata.sourceRpm()),
            "",
            NO_FILE,
            0,
            metadata.installedSize(),
            0);
    table.add(row, lists, files);
  }

  private void write(int list, List<Dependency> dependencies) {
    Entries entries = lists[list];
    entries.clear();
    for (Dependency dependency : dependencies) {
      if (dependency instanceof Simple(var name, var operator, var evr)) {
        entries.add(
            table.string(name), operator, operator == Operator.ANY || evr == null ? 0 : evr(evr));
      } else {
        entries.addRich(table.string(dependency.toString()));
      }
    }
  }

  private int evr(Evr evr) {
    return table.evr(evr.epoch(), evr.version(), evr.release());
  }
}
