package org.overpak.build;

import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.flatpak.Ref;
import org.overpak.oci.ImageName;
import org.overpak.spec.ContainerSpec;
import org.overpak.spec.FlatpakSpec;
import org.overpak.spec.RuntimeSpec;

/// Which keys of a spec an app build carries out: none that was given is passed over in silence.
record SpecSupport(ContainerSpec spec) {

  /// Refuses a spec that is not of an app.
  ///
  /// @throws OverpakException (SPEC) with the place of the key
  void requireApp() {
    switch (spec.flatpak().kind()) {
      case APP -> {}
      case RUNTIME -> throw runtime();
      case EXTENSION ->
          throw unsupported("build-extension", "An extension is built by 'overpak build'.");
    }
  }

  /// Refuses a spec of what is not built on a runtime.
  ///
  /// @param extended the image of an app that is extended
  /// @throws OverpakException (SPEC) with the place of the key; (USAGE) if nothing is extended
  void requireOnRuntime(@Nullable ImageName extended) {
    if (spec.flatpak().kind() == FlatpakSpec.Kind.RUNTIME) {
      throw runtime();
    }
    if (extended != null && spec.flatpak().kind() == FlatpakSpec.Kind.APP) {
      throw new OverpakException(
          ExitCode.USAGE,
          "--extends " + extended + " is out of place: the spec is of an app",
          "Leave it out, or say 'build-extension: true' in the spec.");
    }
  }

  /// Refuses an engine that cannot build what the spec is of.
  ///
  /// @throws OverpakException (USAGE) if it cannot
  void requireEngine(Engine engine) {
    if (engine != Engine.NATIVE && spec.flatpak().kind() == FlatpakSpec.Kind.EXTENSION) {
      throw new OverpakException(
          ExitCode.USAGE,
          "the engine '" + engine + "' builds apps only",
          "Build the extension with the engine '" + Engine.NATIVE + "'.");
    }
  }

  private OverpakException runtime() {
    return unsupported(
        "build-runtime",
        "A runtime is built by 'overpak build', or imported by 'overpak runtime import'.");
  }

  /// Refuses a spec that is not of a runtime or SDK.
  ///
  /// @throws OverpakException (SPEC) with the place of its ID
  void requireRuntime() {
    if (spec.flatpak().kind() != FlatpakSpec.Kind.RUNTIME) {
      throw new OverpakException(
          ExitCode.SPEC,
          spec.positionOf("id") + ": the spec is not one of a runtime",
          "Say 'build-runtime: true', or build the app with 'overpak build'.");
    }
  }

  /// Refuses a runtime that is not the one that the spec names; of an extension, what it extends.
  ///
  /// @param image of RUNTIME, for the message
  /// @throws OverpakException (SPEC) with the place of the key
  void requireBuiltOn(Ref runtime, ImageName image) {
    RuntimeSpec wanted = spec.flatpak().runtime();
    if (!wanted.id().isEmpty() && !wanted.id().equals(runtime.id())) {
      throw mismatch("runtime", wanted.id(), runtime, image);
    }
    // Koji's names of a release (f41) are not branches, so a version alone decides only with an ID.
    if (!wanted.id().isEmpty()
        && !wanted.version().isEmpty()
        && !wanted.version().equals(runtime.branch())) {
      throw mismatch("runtime-version", wanted.version(), runtime, image);
    }
  }

  private OverpakException mismatch(String key, String wanted, Ref runtime, ImageName image) {
    return new OverpakException(
        ExitCode.SPEC,
        "%s: '%s' is %s, but %s is %s".formatted(spec.positionOf(key), key, wanted, image, runtime),
        "Give the image of what the spec names, or correct the spec.");
  }

  private OverpakException unsupported(String key, String advice) {
    return new OverpakException(
        ExitCode.SPEC,
        spec.positionOf(key) + ": this version cannot carry out '" + key + "'",
        advice);
  }
}
