/// Builds that read as the list of their steps: app, runtime. How bytes are laid out is the
/// business of lower rooms.
@NullMarked
package org.overpak.build;

import org.jspecify.annotations.NullMarked;
