package org.overpak.oci;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an image says of itself ([image-spec,
/// config](https://github.com/opencontainers/image-spec/blob/main/config.md)), without its layers.
///
/// @param architecture as Go names it: `amd64`, `arm64`, …
/// @param timestamp when the image was made, to the second; the field `created`
/// @param execution what a container engine runs
/// @param labels sorted by name
/// @param history oldest first; empty, or with one entry per layer that is not marked as empty
public record ImageConfig(
    String architecture,
    String os,
    @Nullable Instant timestamp,
    Execution execution,
    SortedMap<String, String> labels,
    List<History> history) {

  /// The defaults of a container's process; what is empty is not written.
  ///
  /// @param environment `NAME=VALUE`
  public record Execution(
      String user,
      List<String> environment,
      List<String> entrypoint,
      List<String> command,
      String workingDirectory) {
    public static final Execution NONE = new Execution("", List.of(), List.of(), List.of(), "");

    public Execution {
      environment = List.copyOf(environment);
      entrypoint = List.copyOf(entrypoint);
      command = List.copyOf(command);
    }
  }

  /// How a layer came to be.
  ///
  /// @param emptyLayer whether there is no layer for this step
  public record History(
      @Nullable Instant timestamp, String createdBy, String comment, boolean emptyLayer) {
    public Optional<Instant> created() {
      return Optional.ofNullable(timestamp);
    }
  }

  public ImageConfig {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    history = List.copyOf(history);
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
    return new ImageConfig(architecture, os, timestamp, other, labels, history);
  }

  public ImageConfig withLabels(SortedMap<String, String> other) {
    return new ImageConfig(architecture, os, timestamp, execution, other, history);
  }

  public ImageConfig withHistory(List<History> other) {
    return new ImageConfig(architecture, os, timestamp, execution, labels, other);
  }
}
