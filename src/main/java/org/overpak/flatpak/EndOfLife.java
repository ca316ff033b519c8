package org.overpak.flatpak;

/// That an app or runtime is no longer maintained; both empty if it is.
///
/// @param reason `end-of-life`: the sentence that Flatpak shows
/// @param rebase `end-of-life-rebase`: the ID that Flatpak moves users to
public record EndOfLife(String reason, String rebase) {}
