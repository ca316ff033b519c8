package org.overpak.flatpak;

import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.gvariant.Variant;

/// What the labels in an OCI image's config tell Flatpak: the ref, the metadata and the metadata of
/// the commit that Flatpak makes of the image (`flatpak-oci-registry.c`).
///
/// @param installedSize bytes, see {@link CommitTree#installedSize}
/// @param downloadSize bytes of the compressed layer
/// @param timestamp seconds since 1970, of the commit
/// @param subject of the commit, one line
/// @param body of the commit
/// @param more further labels: AppStream, runtime repository, more of the commit's metadata, or
///   another subject and body
public record ImageLabels(
    Ref ref,
    Metadata metadata,
    long installedSize,
    long downloadSize,
    long timestamp,
    String subject,
    String body,
    SortedMap<String, String> more) {
  public static final String REF = "org.flatpak.ref";
  public static final String METADATA = "org.flatpak.metadata";
  public static final String INSTALLED_SIZE = "org.flatpak.installed-size";
  public static final String DOWNLOAD_SIZE = "org.flatpak.download-size";
  public static final String TIMESTAMP = "org.flatpak.timestamp";
  public static final String SUBJECT = "org.flatpak.subject";
  public static final String BODY = "org.flatpak.body";

  public static final String COMMIT_METADATA = "org.flatpak.commit-metadata.";
  private static final String END_OF_LIFE = COMMIT_METADATA + "ostree.endoflife";

  public ImageLabels {
    more = Collections.unmodifiableSortedMap(new TreeMap<>(more));
  }

  /// Labels with the subject and body that `flatpak build-export` writes, except for the line that
  /// names Flatpak's version.
  public static ImageLabels of(
      Ref ref, Metadata metadata, long installedSize, long downloadSize, long timestamp) {
    return new ImageLabels(
        ref,
        metadata,
        installedSize,
        downloadSize,
        timestamp,
        "Export " + ref.id(),
        "Name: %s\nArch: %s\nBranch: %s\nBuilt with: Overpak\n"
            .formatted(ref.id(), ref.arch(), ref.branch()),
        Collections.emptySortedMap());
  }

  /// These labels and OTHERS; where both say something of the same, these decide.
  public ImageLabels with(Map<String, String> others) {
    var labels = new TreeMap<>(others);
    labels.putAll(more);
    return new ImageLabels(
        ref, metadata, installedSize, downloadSize, timestamp, subject, body, labels);
  }

  /// The labels that say that the Flatpak REF is no longer maintained, as `flatpak build-export
  /// --end-of-life=REASON --end-of-life-rebase=ID` says it in the commit; none if it is.
  public static SortedMap<String, String> of(EndOfLife endOfLife, Ref ref) {
    SortedMap<String, String> labels = new TreeMap<>();
    if (!endOfLife.reason().isEmpty()) {
      labels.put(END_OF_LIFE, encode(Variant.string(endOfLife.reason())));
    }
    if (!endOfLife.rebase().isEmpty()) {
      var successor = new Ref(ref.kind(), endOfLife.rebase(), ref.arch(), ref.branch());
      labels.put(END_OF_LIFE + "-rebase", encode(Variant.string(successor.toString())));
    }
    return labels;
  }

  /// All labels by name.
  ///
  /// @throws OverpakException if the metadata's extra data is malformed
  public SortedMap<String, String> toMap() {
    SortedMap<String, String> labels = new TreeMap<>(more);
    labels.put(REF, ref.toString());
    labels.put(METADATA, metadata.text());
    labels.put(INSTALLED_SIZE, Long.toString(installedSize));
    labels.put(DOWNLOAD_SIZE, Long.toString(downloadSize));
    labels.put(TIMESTAMP, Long.toString(timestamp));
    labels.putIfAbsent(SUBJECT, subject);
    labels.putIfAbsent(BODY, body);
    commitMetadata().forEach((key, value) -> labels.put(COMMIT_METADATA + key, encode(value)));
    return Collections.unmodifiableSortedMap(labels);
  }

  /// The metadata of the commit, by key.
  ///
  /// @throws OverpakException if the metadata's extra data is malformed, or a label that was added
  public SortedMap<String, Variant> commitMetadata() {
    SortedMap<String, Variant> values = decode(more);
    values.put("xa.metadata", Variant.string(metadata.text()));
    values.put("xa.ref", Variant.string(ref.toString()));
    values.put("ostree.ref-binding", Variant.strings(List.of(ref.toString())));
    // No collection; Flatpak's exporter writes that, too.
    values.put("ostree.collection-binding", Variant.string(""));
    values.put("xa.installed-size", Variant.UInt64.bigEndian(installedSize));
    values.put("xa.download-size", Variant.UInt64.bigEndian(downloadSize));
    List<ExtraData> extraData = ExtraData.of(metadata);
    if (!extraData.isEmpty()) {
      values.put("xa.extra-data-sources", ExtraData.sources(extraData));
    }
    return Collections.unmodifiableSortedMap(values);
  }

  /// VALUE as the labels of commit metadata have it.
  public static String encode(Variant value) {
    return Base64.getEncoder().encodeToString(new Variant.Boxed(value).serialize());
  }

  /// The commit's metadata that LABELS carry, by key.
  ///
  /// @throws OverpakException if a label is malformed, naming it
  public static SortedMap<String, Variant> decode(Map<String, String> labels) {
    SortedMap<String, Variant> values = new TreeMap<>();
    labels.forEach(
        (label, text) -> {
          if (label.startsWith(COMMIT_METADATA)) {
            values.put(label.substring(COMMIT_METADATA.length()), decode(label, text));
          }
        });
    return values;
  }

  private static Variant decode(String label, String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "label " + label + " is not base64",
          "Get the image again from its source.",
          e);
    }
    try {
      return ((Variant.Boxed) Variant.read("v", bytes)).value();
    } catch (OverpakException e) {
      throw e.in("label " + label);
    }
  }

  /// The ref that LABELS name.
  ///
  /// @throws OverpakException if they name none: then this is no Flatpak
  public static Ref ref(Map<String, String> labels) {
    try {
      return Ref.parse(require(labels, REF));
    } catch (IllegalArgumentException e) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "label " + REF + ": " + e.getMessage(),
          "Give the image of a Flatpak.",
          e);
    }
  }

  /// The metadata that LABELS carry.
  ///
  /// @throws OverpakException if there is none or it is malformed
  public static Metadata metadata(Map<String, String> labels) {
    return Metadata.parse(require(labels, METADATA), "label " + METADATA);
  }

  private static String require(Map<String, String> labels, String label) {
    String value = labels.get(label);
    if (value == null) {
      throw new OverpakException(
          ExitCode.IMAGE, "the image has no label " + label, "Give the image of a Flatpak.");
    }
    return value;
  }
}
