/// Which packages to add: universe, request, solution, and the explanation where there is none.
/// Touches neither files nor network.
@NullMarked
package org.overpak.solve;

import org.jspecify.annotations.NullMarked;
