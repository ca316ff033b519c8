/// The spec, `container.yaml`: its keys as values, checked, each with its place in the file. What a
/// build does about them is no business of this room.
@NullMarked
package org.overpak.spec;

import org.jspecify.annotations.NullMarked;
