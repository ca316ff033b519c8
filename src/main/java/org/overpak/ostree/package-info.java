/// OSTree objects, commits, refs and summaries, written from a tree. Knows nothing of OCI or RPM.
@NullMarked
package org.overpak.ostree;

import org.jspecify.annotations.NullMarked;
