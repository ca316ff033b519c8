package org.overpak.spec;

/// A package that the spec asks for.
///
/// @param name as dnf takes it: a name, or name with version, or something that is provided
public record PackageSpec(String name, Platforms platforms, SpecPosition position) {}
