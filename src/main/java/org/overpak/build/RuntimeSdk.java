package org.overpak.build;

import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;

/// Which SDK metadata names.
final class RuntimeSdk {
  private RuntimeSdk() {}

  /// The SDK called ID, of the runtime's architecture and branch; where ID is empty, the one that
  /// the runtime itself names, else the runtime.
  static Ref of(String id, Ref runtime, Metadata metadata) {
    return id.isEmpty()
        ? metadata.sdk().orElse(runtime)
        : new Ref(Ref.Kind.RUNTIME, id, runtime.arch(), runtime.branch());
  }
}
