package org.overpak.solve;

import java.util.List;
import org.overpak.rpm.Dependency;

/// What shall be there after the transaction, and how choices are made.
///
/// A spec is what dnf takes: `name`, `name.arch`, `name-version`, `name-version-release`,
/// `name-[epoch:]version-release.arch`, any of these with `*`, `?` and `[…]`, a capability
/// (`libfoo.so.1()(64bit)`, `foo >= 2`, `(a or b)`), or an absolute file path. A pattern asks for
/// each name that it matches.
///
/// Whether what packages recommend is added or not, it decides between candidates that are equal in
/// all else.
///
/// @param best whether the best candidate of each spec must be installed or the request fails, as
///   dnf's `best=1`; else an older one will do where the best cannot be installed
/// @param weak whether what added packages recommend, and what supplements them, is added too where
///   that breaks nothing, as dnf's `install_weak_deps=1`
public record Request(List<Spec> specs, boolean best, boolean weak) {
  public Request {
    specs = List.copyOf(specs);
  }

  /// One thing that is asked for.
  public sealed interface Spec {
    /// As the user wrote it.
    String text();

    /// What the text says, as above.
    record Named(String text) implements Spec {}

    /// A requirement, as packages have them: no name is looked for in it.
    record Needed(Dependency dependency) implements Spec {
      @Override
      public String text() {
        return dependency.toString();
      }
    }

    /// A group of packages: all members that are to be had; others are {@link
    /// Resolution.Solution#missing}.
    record Group(String text, List<Member> members) implements Spec {
      public Group {
        members = List.copyOf(members);
      }
    }

    /// The package at this position of a repository, and no other: a file that the user named.
    record Exactly(String text, String repository, int position) implements Spec {}
  }

  /// A package of a group.
  ///
  /// @param condition the package beside which it is wanted; empty where it is wanted anyway
  public record Member(String name, String condition) {}

  /// The best candidates, without weak dependencies. The first is dnf5's default, and an app that
  /// silently comes in an older version than its repository holds is no good surprise.
  public static Request of(List<String> specs) {
    return new Request(specs.stream().<Spec>map(Spec.Named::new).toList(), true, false);
  }

  public static Request of(String... specs) {
    return of(List.of(specs));
  }

  public Request withBest(boolean value) {
    return new Request(specs, value, weak);
  }

  public Request withWeak(boolean value) {
    return new Request(specs, best, value);
  }
}
