package org.overpak.spec;

import java.util.List;

/// How packages are chosen, where dnf is told so by its configuration: keys of the section
/// `overpak`.
///
/// @param installWeakDeps `install-weak-deps`: whether what added packages recommend, and what
///   supplements them, is added too
/// @param modules `modules`: module streams that are enabled, each `NAME:STREAM`
/// @param exclude `exclude`: packages, or patterns of them, that are never added
/// @param assumeProvided `assume-provided`: capabilities, in rpm's form, that a runtime without an
///   RPM database has
public record ResolvingSpec(
    boolean installWeakDeps,
    List<String> modules,
    List<String> exclude,
    List<String> assumeProvided) {
  public ResolvingSpec {
    exclude = List.copyOf(exclude);
    modules = List.copyOf(modules);
    assumeProvided = List.copyOf(assumeProvided);
  }
}
