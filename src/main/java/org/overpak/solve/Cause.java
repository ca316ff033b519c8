package org.overpak.solve;

import java.util.List;
import org.overpak.rpm.Dependency;

/// Why a clause must hold.
sealed interface Cause {
  /// The request says so.
  record Requested(Job job) implements Cause {}

  /// The request wants the best candidate of its spec.
  record Best(Job job) implements Cause {}

  /// DEPENDENT requires it, or where it is installed, required it before.
  record Requires(int dependent, Dependency dependency) implements Cause {}

  /// SOURCE conflicts with OTHER; with a rich conflict, which names more than one, OTHER is 0.
  record Conflicts(int source, Dependency dependency, int other) implements Cause {}

  /// Installing SOURCE would remove OTHER.
  record Obsoletes(int source, Dependency dependency, int other) implements Cause {}

  /// Only one package of a name can be there.
  record SameName(int one, int other) implements Cause {}

  /// A 32-bit package comes only beside its 64-bit twin.
  record InferiorArchitecture(int inferior) implements Cause {}

  /// It follows from these, taken together.
  record Learnt(List<Clause> antecedents) implements Cause {}
}
