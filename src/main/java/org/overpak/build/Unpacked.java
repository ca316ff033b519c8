package org.overpak.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;

/// Decompresses what the content of a tree lies in, for whoever reads contents several times or in
/// an order of his own: in a layer each step back would begin at its start again.
final class Unpacked {
  private final WorkDirectory work;
  private final Map<Content.Source, Content.Source> files = new HashMap<>();

  private Unpacked(WorkDirectory work) {
    this.work = work;
  }

  /// TREE with all content in files, or in memory.
  ///
  /// @throws OverpakException (FILESYSTEM) if WORK cannot take it
  static FileTree of(FileTree tree, WorkDirectory work) {
    var unpacked = new Unpacked(work);
    return tree.map(
        entry ->
            entry instanceof Entry.RegularFile file
                    && file.content() instanceof Content.Slice slice
                    && !(slice.source() instanceof Content.FileSource)
                ? new Entry.RegularFile(file.attributes(), unpacked.slice(slice), file.links())
                : entry);
  }

  private Content slice(Content.Slice slice) {
    Content.Source file = files.computeIfAbsent(slice.source(), this::unpack);
    return new Content.Slice(file, slice.offset(), slice.size());
  }

  private Content.Source unpack(Content.Source source) {
    try (InputStream stream = source.open()) {
      Path file = Files.createTempFile(work.path(), "unpacked-", "");
      Files.copy(stream, file, StandardCopyOption.REPLACE_EXISTING);
      return new Content.FileSource(file);
    } catch (IOException e) {
      throw new OverpakException(
          ExitCode.FILESYSTEM,
          "unpacking into " + work.path() + ": " + e.getMessage(),
          "Free some space, or choose another cache with --cache DIRECTORY.",
          e);
    }
  }
}
