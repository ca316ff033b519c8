package org.overpak;

/// Hears of work that takes long enough for a person to wonder. What is shown, if anything, is
/// decided by the listener. Implementations must accept calls from several threads.
public interface Progress {
  /// Hears nothing.
  Progress SILENT = (_, _) -> _ -> {};

  /// Begins a step, named in the present participle ("downloading hello-2.10-3.x86_64").
  ///
  /// @param total how many bytes there are to do; 0 if not known
  Step begin(String name, long total);

  /// One step under way; closing it says that it is over, done or not.
  interface Step extends AutoCloseable {
    /// So many more bytes are done; less than 0, if some must be done again.
    void advance(long amount);

    @Override
    default void close() {}
  }
}
