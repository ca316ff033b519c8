/// What tests of several rooms share: the judges, real programs that Overpak is compared with, and
/// the record of what they were asked. Fixtures live beside the concept that they are about.
@NullMarked
package org.overpak.testing;

import org.jspecify.annotations.NullMarked;
