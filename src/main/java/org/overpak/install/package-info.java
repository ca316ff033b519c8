/// Laying packages over a root: the transaction as a plan (order, scriptlets, triggers), payloads
/// as one tree, leaks. Knows nothing of images or Flatpak.
@NullMarked
package org.overpak.install;

import org.jspecify.annotations.NullMarked;
