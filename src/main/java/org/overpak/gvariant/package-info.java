/// GVariant serialisation, for OCI labels and OSTree objects: values to bytes and back. Knows of no
/// other format.
@NullMarked
package org.overpak.gvariant;

import org.jspecify.annotations.NullMarked;
