package org.overpak.oci;

import java.io.IOException;

/// A tar that is not right, or that is made to harm; the message says what and at which entry or
/// offset.
final class MalformedArchive extends IOException {
  MalformedArchive(String message) {
    super(message);
  }

  MalformedArchive(String message, Throwable cause) {
    super(message, cause);
  }
}
