/// What Flatpak reads and writes: refs, metadata, finish-args, exports, image labels, and the
/// hybrid layout. Knows nothing of RPM or of how an image travels.
@NullMarked
package org.overpak.flatpak;

import org.jspecify.annotations.NullMarked;
