package org.overpak.build;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.overpak.Progress;
import org.overpak.flatpak.AppStreamLabels;
import org.overpak.flatpak.CommitTree;
import org.overpak.flatpak.HybridLayout;
import org.overpak.flatpak.ImageLabels;
import org.overpak.flatpak.Metadata;
import org.overpak.flatpak.Ref;
import org.overpak.flatpak.SplitRefs;
import org.overpak.oci.ImageConfig;
import org.overpak.oci.ImageLayout;
import org.overpak.oci.ImageName;
import org.overpak.oci.LayerCompression;
import org.overpak.oci.LayerFormat;
import org.overpak.oci.LayerWriter;
import org.overpak.oci.WrittenLayer;
import org.overpak.ostree.FileIds;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// An image about to be written: one layer, since Flatpak cannot remove what a lower one has and
/// remembers the last one only.
///
/// @param tree what the layer holds
/// @param timestamp of the image, in seconds since 1970
/// @param execution what a container engine starts
/// @param labels besides those that follow from the rest; of an image that was made of another, all
///   that the other one had, which stay but for the size of the download
/// @param origin what else that other one said
record CommitImage(
    Ref ref,
    Metadata metadata,
    FileTree tree,
    long timestamp,
    ImageConfig.Execution execution,
    SortedMap<String, String> labels,
    ImageOrigin origin) {

  CommitImage(
      Ref ref,
      Metadata metadata,
      FileTree tree,
      long timestamp,
      ImageConfig.Execution execution,
      SortedMap<String, String> labels) {
    this(ref, metadata, tree, timestamp, execution, labels, ImageOrigin.NONE);
  }

  CommitImage(
      Ref ref, Metadata metadata, FileTree tree, long timestamp, ImageConfig.Execution execution) {
    this(ref, metadata, tree, timestamp, execution, Collections.emptySortedMap());
  }

  /// The image of EXTENSION, which was split off what is as old as TIMESTAMP.
  static CommitImage of(SplitRefs.Extension extension, long timestamp) {
    return new CommitImage(
        extension.ref(),
        extension.metadata(),
        CommitTree.ofRuntime(extension.files(), extension.metadata(), timestamp),
        timestamp,
        ImageConfig.Execution.NONE);
  }

  /// Writes the image and returns what it became.
  ///
  /// @param parts paths that are written and compressed together, in this order; all others follow
  WrittenImage writeInto(
      ImageName.Layout output,
      LayerCompression compression,
      List<Set<TreePath>> parts,
      WorkDirectory work,
      Progress progress) {
    Instant created = Instant.ofEpochSecond(timestamp);
    WrittenLayer layer = layer(compression, parts, work, progress);
    long downloadSize = layer.descriptor().size();
    long installedSize = CommitTree.installedSize(tree);
    ImageConfig config =
        origin.config(ref, created, execution, labels(installedSize, downloadSize), 1);
    ImageName.Layout name = output.hasReference() ? output : output.withReference(ref.toString());
    return new WrittenImage(
        name, ImageLayout.write(name, config, List.of(layer)), ref, downloadSize, installedSize);
  }

  /// What reading the image would give. Its layer is written for that, and belongs to nothing: the
  /// commit says how large it is.
  FlatpakSource source(
      LayerCompression compression,
      List<Set<TreePath>> parts,
      WorkDirectory work,
      Progress progress) {
    CommitImage unpacked = with(Unpacked.of(tree, work));
    long downloadSize = unpacked.layer(compression, parts, work, progress).descriptor().size();
    return new FlatpakSource(
        labels(CommitTree.installedSize(tree), downloadSize),
        HybridLayout.removeFrom(unpacked.tree()),
        new FileIds(),
        null);
  }

  private CommitImage with(FileTree other) {
    return new CommitImage(ref, metadata, other, timestamp, execution, labels, origin);
  }

  private WrittenLayer layer(
      LayerCompression compression,
      List<Set<TreePath>> parts,
      WorkDirectory work,
      Progress progress) {
    var format = new LayerFormat(compression, Instant.ofEpochSecond(timestamp));
    if (compression.isQuick()) {
      return new LayerWriter(format).write(split(parts), work.path(), progress);
    }
    try (var cache = work.parts()) {
      return new LayerWriter(format, cache).write(split(parts), work.path(), progress);
    }
  }

  private SortedMap<String, String> labels(long installedSize, long downloadSize) {
    SortedMap<String, String> all =
        new TreeMap<>(
            ImageLabels.of(ref, metadata, installedSize, downloadSize, timestamp)
                .with(AppStreamLabels.of(tree, ref, metadata))
                .toMap());
    all.putAll(labels);
    all.put(ImageLabels.DOWNLOAD_SIZE, Long.toString(downloadSize));
    return all;
  }

  private List<FileTree> split(List<Set<TreePath>> parts) {
    Map<TreePath, Integer> numbers = new HashMap<>();
    for (int number = 0; number < parts.size(); number++) {
      for (TreePath path : parts.get(number)) {
        numbers.putIfAbsent(path, number);
      }
    }
    int rest = parts.size();
    List<Map<TreePath, Entry>> entries = new ArrayList<>();
    for (int number = 0; number <= rest; number++) {
      entries.add(new HashMap<>());
    }
    tree.entries()
        .forEach((path, entry) -> entries.get(numbers.getOrDefault(path, rest)).put(path, entry));
    return entries.stream().map(FileTree::of).toList();
  }
}
