/// Which packages to add to a runtime: universe, request, solution, and the explanation where there
/// is none. Knows packages only as metadata; touches neither files nor network.
///
/// The choice among many solutions is libsolv's, and so dnf's: the outcome of an order of decisions
/// and not the optimum of a formula. Decisions, propagation, backjumping and the taking back of
/// choices are one loop over shared state, which no SAT library's interface lets in between its own
/// steps; so the few hundred lines of clause learning are here ({@link org.overpak.solve.Sat}),
/// with Sat4j as the oracle of their tests.
@NullMarked
package org.overpak.solve;

import org.jspecify.annotations.NullMarked;
