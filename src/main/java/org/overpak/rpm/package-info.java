/// RPM itself: versions, dependencies, package headers and payloads, and the RPM database. Knows
/// nothing of repositories, of solving, or of what a package is installed into.
@NullMarked
package org.overpak.rpm;

import org.jspecify.annotations.NullMarked;
