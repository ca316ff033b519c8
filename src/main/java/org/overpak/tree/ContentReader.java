package org.overpak.tree;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads many contents in one pass: a slice that lies behind the last one in the same source goes
/// on from there, so that a payload or layer whose slices are asked for in order is decompressed
/// once. A slice before the last one starts the source anew. Not for several threads.
public final class ContentReader implements Closeable {
  private Content.@Nullable Source source;
  private @Nullable InputStream stream;
  private @Nullable BoundedStream last;
  private long position;

  /// ITEMS in an order in which each source of their contents is read once: source after source, as
  /// they first appear, each from lower to higher offsets.
  public static <T> List<T> inOrder(Collection<T> items, Function<T, Content> content) {
    Map<Content.Source, Integer> sources = new HashMap<>();
    for (T item : items) {
      if (content.apply(item) instanceof Content.Slice slice) {
        sources.putIfAbsent(slice.source(), sources.size());
      }
    }
    List<T> result = new ArrayList<>(items);
    result.sort(
        Comparator.<T>comparingInt(
                item ->
                    content.apply(item) instanceof Content.Slice slice
                        ? sources.getOrDefault(slice.source(), -1)
                        : -1)
            .thenComparingLong(
                item -> content.apply(item) instanceof Content.Slice slice ? slice.offset() : 0));
    return result;
  }

  /// The bytes of CONTENT; the stream is good until the next call and need not be closed.
  public InputStream open(Content content) throws IOException {
    return switch (content) {
      case Content.Bytes bytes -> bytes.open();
      case Content.Slice slice -> open(slice);
    };
  }

  private InputStream open(Content.Slice slice) throws IOException {
    if (last != null) {
      last.drain();
    }
    InputStream current = stream;
    if (current == null || !slice.source().equals(source) || slice.offset() < position) {
      close();
      current = new BufferedInputStream(slice.source().open(), 1 << 16);
      stream = current;
      source = slice.source();
      position = 0;
    }
    current.skipNBytes(slice.offset() - position);
    position = slice.offset() + slice.size();
    last = new BoundedStream(current, slice.size(), false);
    return last;
  }

  @Override
  public void close() throws IOException {
    InputStream current = stream;
    stream = null;
    source = null;
    last = null;
    if (current != null) {
      current.close();
    }
  }
}
