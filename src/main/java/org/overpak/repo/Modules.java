package org.overpak.repo;

import java.util.List;
import java.util.Map;

/// The module streams of a repository
/// ([modulemd](https://github.com/fedora-modularity/libmodulemd)).
///
/// @param defaults for each module that has one, the stream that is active unless another is
///   enabled
public record Modules(List<Stream> streams, Map<String, String> defaults) {
  public static final Modules NONE = new Modules(List.of(), Map.of());

  public Modules {
    streams = List.copyOf(streams);
    defaults = Map.copyOf(defaults);
  }

  /// One build of a stream.
  ///
  /// @param artifacts its packages, `NAME-EPOCH:VERSION-RELEASE.ARCH`
  public record Stream(String module, String stream, List<String> artifacts) {
    public Stream {
      artifacts = List.copyOf(artifacts);
    }
  }
}
