/// OCI images: names, layouts on disk, manifests, configurations, and layers as trees. Knows
/// nothing of Flatpak or RPM.
@NullMarked
package org.overpak.oci;

import org.jspecify.annotations.NullMarked;
