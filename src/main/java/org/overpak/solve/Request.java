package org.overpak.solve;

import java.util.List;

/// What shall be there after the transaction, and how choices are made.
///
/// A spec is what dnf takes: `name`, `name.arch`, `name-version`, `name-version-release`,
/// `name-[epoch:]version-release.arch`, any of these with `*`, `?` and `[…]`, a capability
/// (`libfoo.so.1()(64bit)`, `foo >= 2`, `(a or b)`), or an absolute file path. A pattern asks for
/// each name that it matches.
///
/// What packages recommend is never added, as with dnf's `install_weak_deps=0`; it still decides
/// between candidates that are equal in all else.
///
/// @param best whether the best candidate of each spec must be installed or the request fails, as
///   dnf's `best=1`; else an older one will do where the best cannot be installed
public record Request(List<String> specs, boolean best) {
  public Request {
    specs = List.copyOf(specs);
  }

  /// The best candidates. That is dnf5's default, and an app that silently comes in an older
  /// version than its repository holds is no good surprise.
  public static Request of(List<String> specs) {
    return new Request(specs, true);
  }

  public static Request of(String... specs) {
    return of(List.of(specs));
  }

  public Request withBest(boolean value) {
    return new Request(specs, value);
  }
}
