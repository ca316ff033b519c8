/// The few words that every room shares: a failure that a person can mend, the name that was
/// probably meant, digests, and progress. Nothing of any format may enter here.
@NullMarked
package org.overpak;

import org.jspecify.annotations.NullMarked;
