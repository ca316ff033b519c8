package org.overpak.build;

/// The way in which an engine brings an app's packages into `/app`.
interface AppInstall {
  /// What is to be installed. Nothing of it has run yet.
  AppPlan plan();

  /// Installs it, each time anew.
  ///
  /// @param timestamp what scripts are told to take for the time, in seconds since 1970
  /// @throws org.overpak.OverpakException if it fails
  InstalledApp install(long timestamp);
}
