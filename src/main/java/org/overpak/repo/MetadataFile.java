package org.overpak.repo;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;

/// A file of metadata, as `repomd.xml` describes it.
public final class MetadataFile {
  static final long UNKNOWN = -1;

  private final String type;
  private final String href;
  private final Digest digest;
  private final long size;
  private final @Nullable Digest openDigest;
  private final long openSize;

  /// @param openDigest of the content after decompression; null where the file is not compressed
  /// @param size in bytes, or {@link #UNKNOWN}
  MetadataFile(
      String type,
      String href,
      Digest digest,
      long size,
      @Nullable Digest openDigest,
      long openSize) {
    this.type = type;
    this.href = href;
    this.digest = digest;
    this.size = size;
    this.openDigest = openDigest;
    this.openSize = openSize;
  }

  public String type() {
    return type;
  }

  /// As in {@link RepositoryPackage#href}.
  public String href() {
    return href;
  }

  /// Of the file as it is stored, compressed.
  public Digest digest() {
    return digest;
  }

  long size() {
    return size;
  }

  Optional<Digest> openDigest() {
    return Optional.ofNullable(openDigest);
  }

  long openSize() {
    return openSize;
  }
}
