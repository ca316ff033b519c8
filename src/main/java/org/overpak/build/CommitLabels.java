package org.overpak.build;

import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.gvariant.Variant;
import org.overpak.ostree.Commit;
import org.overpak.ostree.Detached;
import org.overpak.ostree.Revision;
import org.overpak.ostree.TreeObjects;
import org.overpak.tree.FileTree;

/// The commit that an image's labels speak of, so that an image and a commit can become each other
/// without loss.
///
/// Flatpak's labels hold what a commit says, but not in which order, on which the commit's checksum
/// depends; nor its signatures. Where labels alone would give another commit, two more hold it as
/// it is.
final class CommitLabels {
  private static final String COMMIT = "org.overpak.commit";
  private static final String DETACHED = "org.overpak.commitmeta";

  private CommitLabels() {}

  /// The commit of OBJECTS in an image with LABELS.
  ///
  /// @throws OverpakException (IMAGE) if a label is malformed
  static Revision revision(Map<String, String> labels, FileTree tree, TreeObjects objects) {
    String ref = ImageLabels.ref(labels).toString();
    Commit described = described(labels, objects);
    if (labels.containsKey(COMMIT)) {
      Commit exact = Commit.read(decode(labels, COMMIT));
      if (isOf(exact, objects)) {
        return new Revision(ref, exact, detached(labels), tree, objects);
      }
    }
    return new Revision(ref, described, Detached.NONE, tree, objects);
  }

  private static boolean isOf(Commit commit, TreeObjects objects) {
    return commit.tree().equals(objects.tree()) && commit.meta().equals(objects.meta());
  }

  private static Commit described(Map<String, String> labels, TreeObjects objects) {
    Ref ref = ImageLabels.ref(labels);
    Metadata metadata = ImageLabels.metadata(labels);
    var defaults =
        ImageLabels.of(
            ref,
            metadata,
            number(labels, ImageLabels.INSTALLED_SIZE),
            number(labels, ImageLabels.DOWNLOAD_SIZE),
            number(labels, ImageLabels.TIMESTAMP));
    SortedMap<String, Variant> values = ImageLabels.decode(labels);
    if (values.isEmpty()) {
      values.putAll(defaults.commitMetadata());
    }
    return Commit.of(
        values,
        labels.getOrDefault(ImageLabels.SUBJECT, defaults.subject()),
        labels.getOrDefault(ImageLabels.BODY, defaults.body()),
        defaults.timestamp(),
        objects);
  }

  private static Variant.Array detached(Map<String, String> labels) {
    return labels.containsKey(DETACHED)
        ? (Variant.Array) Variant.read("a{sv}", decode(labels, DETACHED))
        : Detached.NONE;
  }

  static long number(Map<String, String> labels, String label) {
    String text = labels.getOrDefault(label, "0");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw malformed(label, "'" + text + "' is no number", e);
    }
  }

  private static byte[] decode(Map<String, String> labels, String label) {
    try {
      return Base64.getDecoder().decode(labels.getOrDefault(label, ""));
    } catch (IllegalArgumentException e) {
      throw malformed(label, "it is not base64", e);
    }
  }

  private static OverpakException malformed(String label, String why, Exception cause) {
    return new OverpakException(
        ExitCode.IMAGE,
        "label " + label + ": " + why,
        "Get the image again from its source.",
        cause);
  }

  /// Labels of an image that holds REVISION, from which {@link #revision} gives it again.
  ///
  /// @throws OverpakException (IMAGE) if it is no commit of Flatpak
  static SortedMap<String, String> of(Revision revision) {
    Commit commit = revision.commit();
    SortedMap<String, Variant> values = commit.values();
    Metadata metadata =
        Metadata.parse(commit.text("xa.metadata"), "metadata of the commit of " + revision.ref());
    var labels =
        new TreeMap<>(
            new ImageLabels(
                    parse(revision.ref()),
                    metadata,
                    big(values, "xa.installed-size"),
                    big(values, "xa.download-size"),
                    commit.timestamp(),
                    commit.subject(),
                    commit.body(),
                    Collections.emptySortedMap())
                .toMap());
    labels.keySet().removeIf(label -> label.startsWith(ImageLabels.COMMIT_METADATA));
    values.forEach(
        (key, value) -> labels.put(ImageLabels.COMMIT_METADATA + key, ImageLabels.encode(value)));
    labels.put("org.flatpak.commit", commit.id().hex());
    commit.parent().ifPresent(parent -> labels.put("org.flatpak.parent-commit", parent.hex()));
    labels.putAll(exact(revision, labels));
    return labels;
  }

  /// What must be added to LABELS so that they give REVISION with its signatures again.
  static SortedMap<String, String> exact(Revision revision, Map<String, String> labels) {
    SortedMap<String, String> added = new TreeMap<>();
    boolean signed = !revision.detached().values().isEmpty();
    if (signed || !described(labels, revision.objects()).equals(revision.commit())) {
      added.put(COMMIT, encode(revision.commit().serialize()));
    }
    if (signed) {
      added.put(DETACHED, encode(revision.detached().serialize()));
    }
    return added;
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static long big(SortedMap<String, Variant> values, String key) {
    return values.get(key) instanceof Variant.UInt64 value ? value.swapped() : 0;
  }

  private static Ref parse(String ref) {
    try {
      return Ref.parse(ref);
    } catch (IllegalArgumentException e) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "the commit of " + ref + " is not one of Flatpak: " + e.getMessage(),
          "Name a ref that begins with app/ or runtime/.",
          e);
    }
  }
}
