package org.overpak.build;

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
    if (spec.flatpak().kind() != FlatpakSpec.Kind.APP) {
      throw unsupported(
          "build-runtime",
          "A runtime is built by 'overpak build', or imported by 'overpak runtime import'.");
    }
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

  /// Refuses a runtime that is not the one that the spec names.
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
        "Give the image of the runtime that the spec names, or correct the spec.");
  }

  private OverpakException unsupported(String key, String advice) {
    return new OverpakException(
        ExitCode.SPEC,
        spec.positionOf(key) + ": this version cannot carry out '" + key + "'",
        advice);
  }
}
