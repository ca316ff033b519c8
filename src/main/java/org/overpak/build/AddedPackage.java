package org.overpak.build;

import java.util.List;
import org.overpak.Digest;
import org.overpak.rpm.Nevra;

/// A package that a build added to what was there: a runtime, or nothing.
///
/// @param digest that its repository gives it
/// @param size of its file, in bytes
/// @param why in a few words; see {@link Selection.Added#why}
/// @param chain from the spec down to it, one clause for each step; see {@link Selection#chain}
public record AddedPackage(
    Nevra nevra, String repository, Digest digest, long size, String why, List<String> chain) {
  public AddedPackage {
    chain = List.copyOf(chain);
  }

  static List<AddedPackage> of(Selection selection) {
    return selection.added().stream()
        .map(
            one ->
                new AddedPackage(
                    one.nevra(),
                    one.metadata().repository(),
                    one.metadata().digest(),
                    one.metadata().size(),
                    one.why(),
                    selection.chain(one.nevra())))
        .toList();
  }
}
