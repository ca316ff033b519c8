package org.overpak.tree;

import java.util.Map;
import net.jqwik.api.SampleReportingFormat;

/// How jqwik shows a tree for which a property does not hold: its first paths, such that each
/// letter of them can be seen, with modes and sizes.
public final class FileTreeReport implements SampleReportingFormat {
  private static final int MOST = 40;

  @Override
  public boolean appliesTo(Object value) {
    return value instanceof FileTree;
  }

  @Override
  public Object report(Object value) {
    return ((FileTree) value)
        .entries().entrySet().stream().limit(MOST).map(FileTreeReport::line).toList();
  }

  private static String line(Map.Entry<TreePath, Entry> at) {
    String what =
        switch (at.getValue()) {
          case Entry.Directory _ -> "directory";
          case Entry.RegularFile file -> "file of %d bytes".formatted(file.content().size());
          case Entry.Symlink link -> "link to " + visible(link.target());
          case Entry.Special special -> special.kind().name();
        };
    return "/%s: %s, %04o"
        .formatted(visible(at.getKey().value()), what, at.getValue().attributes().mode());
  }

  private static String visible(String name) {
    var text = new StringBuilder();
    name.codePoints()
        .forEach(
            point ->
                text.append(
                    point > ' ' && point < 0x7f
                        ? Character.toString(point)
                        : "<U+%04X>".formatted(point)));
    return text.toString();
  }
}
