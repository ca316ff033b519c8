package org.overpak.oci;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an image says of itself ([image-spec,
/// config](https://github.com/opencontainers/image-spec/blob/main/config.md), and the annotations
/// of its manifest), without its layers.
///
/// @param architecture as Go names it: `amd64`, `arm64`, …
/// @param timestamp when the image was made; the field `created`
/// @param execution what a container engine runs
/// @param labels sorted by name
/// @param history oldest first; empty, or with one entry per layer that is not marked as empty
/// @param annotations of the manifest, sorted by name
public record ImageConfig(
    String architecture,
    String os,
    @Nullable Instant timestamp,
    Execution execution,
    SortedMap<String, String> labels,
    List<History> history,
    SortedMap<String, String> annotations,
    OtherFields others) {

  /// The defaults of a container's process; what is empty is not written.
  ///
  /// @param environment `NAME=VALUE`
  public record Execution(
      String user,
      List<String> environment,
      List<String> entrypoint,
      List<String> command,
      String workingDirectory,
      OtherFields others) {
    public static final Execution NONE = new Execution("", List.of(), List.of(), List.of(), "");

    public Execution {
      environment = List.copyOf(environment);
      entrypoint = List.copyOf(entrypoint);
      command = List.copyOf(command);
    }

    public Execution(
        String user,
        List<String> environment,
        List<String> entrypoint,
        List<String> command,
        String workingDirectory) {
      this(user, environment, entrypoint, command, workingDirectory, OtherFields.NONE);
    }
  }

  /// How a layer came to be.
  ///
  /// @param emptyLayer whether there is no layer for this step
  public record History(
      @Nullable Instant timestamp,
      String createdBy,
      String comment,
      boolean emptyLayer,
      OtherFields others) {
    public History(
        @Nullable Instant timestamp, String createdBy, String comment, boolean emptyLayer) {
      this(timestamp, createdBy, comment, emptyLayer, OtherFields.NONE);
    }

    /// The same step of an image in which it has no layer of its own.
    public History withoutLayer() {
      return new History(timestamp, createdBy, comment, true, others);
    }

    public Optional<Instant> created() {
      return Optional.ofNullable(timestamp);
    }
  }

  public ImageConfig {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    history = List.copyOf(history);
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
  }

  public ImageConfig(
      String architecture,
      String os,
      @Nullable Instant timestamp,
      Execution execution,
      SortedMap<String, String> labels,
      List<History> history) {
    this(
        architecture,
        os,
        timestamp,
        execution,
        labels,
        history,
        Collections.emptySortedMap(),
        OtherFields.NONE);
  }

  /// An image for Linux on ARCHITECTURE, made at CREATED, with nothing else said.
  public static ImageConfig of(String architecture, Instant created) {
    return new ImageConfig(
        architecture, "linux", created, Execution.NONE, Collections.emptySortedMap(), List.of());
  }

  public Optional<Instant> created() {
    return Optional.ofNullable(timestamp);
  }

  public ImageConfig withExecution(Execution other) {
    return new ImageConfig(
        architecture, os, timestamp, other, labels, history, annotations, others);
  }

  public ImageConfig withLabels(SortedMap<String, String> other) {
    return new ImageConfig(
        architecture, os, timestamp, execution, other, history, annotations, others);
  }

  public ImageConfig withHistory(List<History> other) {
    return new ImageConfig(
        architecture, os, timestamp, execution, labels, other, annotations, others);
  }

  public ImageConfig withAnnotations(SortedMap<String, String> other) {
    return new ImageConfig(architecture, os, timestamp, execution, labels, history, other, others);
  }
}
