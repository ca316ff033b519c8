package org.overpak.repo;

import java.net.URI;

/// A small file as it was fetched, and what its server says to recognise it again. Its content is
/// not copied: nobody changes it.
final class Document {
  private final URI url;
  private final byte[] content;
  private final String etag;
  private final String lastModified;

  /// @param etag empty where there is none
  /// @param lastModified empty where there is none
  Document(URI url, byte[] content, String etag, String lastModified) {
    this.url = url;
    this.content = content;
    this.etag = etag;
    this.lastModified = lastModified;
  }

  URI url() {
    return url;
  }

  byte[] content() {
    return content;
  }

  String etag() {
    return etag;
  }

  String lastModified() {
    return lastModified;
  }
}
