/// How XML is read that may have been written to harm: by one set of bounds and prohibitions, for
/// repository metadata and for files of apps alike. What a document means is the business of
/// whoever reads it.
@NullMarked
package org.overpak.xml;

import org.jspecify.annotations.NullMarked;
