/// RPM repositories: configuration, metadata, downloads, trusted keys, and the caches of all three.
/// Does not choose packages: that is solving.
@NullMarked
package org.overpak.repo;

import org.jspecify.annotations.NullMarked;
