/// Laying packages over a root: order of the transaction, what their scripts need, payloads as one
/// tree, leaks. Knows nothing of images or Flatpak.
@NullMarked
package org.overpak.install;

import org.jspecify.annotations.NullMarked;
