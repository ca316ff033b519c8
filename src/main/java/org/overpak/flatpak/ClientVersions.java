package org.overpak.flatpak;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Since which Flatpak an argument of `build-finish` has its effect, where 1.14 has none of it
/// (Flatpak's `NEWS`). An older client installs the app and ignores what it does not know; of a
/// permission with a condition it ignores the condition.
final class ClientVersions {
  /// Of options, and of those with one value.
  private static final Map<String, String> SINCE =
      Map.ofEntries(
          Map.entry("--device=input", "1.15.6"),
          Map.entry("--socket=inherit-wayland-socket", "1.15.7"),
          Map.entry("--device=usb", "1.15.11"),
          Map.entry("--usb", "1.15.11"),
          Map.entry("--nousb", "1.15.11"),
          Map.entry("--usb-list", "1.15.11"),
          Map.entry("--usb-list-file", "1.15.11"),
          Map.entry("--a11y-own-name", "1.15.11"),
          Map.entry("--filesystem=host-root", "1.17.0"),
          Map.entry("--socket-if", "1.17.0"),
          Map.entry("--device-if", "1.17.0"),
          Map.entry("--share-if", "1.17.1"),
          Map.entry("--allow-if", "1.17.1"));

  /// Of conditions, as they stand behind the name that they are for.
  private static final Map<String, String> CONDITION_SINCE =
      Map.of("has-usb-device", "1.17.7", "has-usb-portal", "1.17.7");

  /// By number, as versions are ordered.
  private static final Comparator<String> ORDER =
      Comparator.comparing(ClientVersions::numbers, Arrays::compare);

  private final Map<String, String> needed = new LinkedHashMap<>();

  /// Hears of an argument that was given.
  void add(FinishOption option, String value) {
    String whole = option + "=" + value;
    Optional.ofNullable(SINCE.get(whole.replaceFirst(":(ro|rw|create)?$", "")))
        .or(() -> Optional.ofNullable(SINCE.get(option.toString())))
        .map(since -> latest(since, value))
        .ifPresent(since -> needed.putIfAbsent(isLong(option) ? option.toString() : whole, since));
  }

  private static boolean isLong(FinishOption option) {
    return option == FinishOption.USB_LIST;
  }

  private static String latest(String since, String value) {
    String condition = value.substring(value.indexOf(':') + 1).replaceFirst("^!", "");
    String other = CONDITION_SINCE.getOrDefault(condition, since);
    return ORDER.compare(since, other) < 0 ? other : since;
  }

  /// One sentence for each argument that needs a newer client than the app demands.
  ///
  /// @param required the value of `required-flatpak`, if it has one
  List<String> notes(@Nullable String required) {
    String oldest =
        required == null ? "1.14.0" : Arrays.stream(required.split(";")).min(ORDER).orElseThrow();
    return needed.entrySet().stream()
        .filter(need -> ORDER.compare(oldest, need.getValue()) < 0)
        .map(
            need ->
                "needs Flatpak ≥ %s for %s: older ones ignore %s"
                    .formatted(
                        need.getValue(),
                        need.getKey(),
                        need.getKey().contains("-if=") ? "the condition" : "it"))
        .toList();
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
  }
}
