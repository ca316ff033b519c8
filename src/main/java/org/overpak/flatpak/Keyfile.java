package org.overpak.flatpak;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.overpak.OverpakException;

/// An immutable file of groups and keys, as GLib's
/// [GKeyFile](https://docs.gtk.org/glib/struct.KeyFile.html) reads and writes it: Flatpak's
/// `metadata`, `.desktop` and D-Bus service files.
///
/// Groups and keys stay in the order in which they first came; a value that is not changed is
/// written as it was read. Comments are dropped, a later key of the same name replaces the value of
/// the earlier one.
public final class Keyfile {
  public static final Keyfile EMPTY = new Keyfile(new LinkedHashMap<>());

  /// Values as they stand in the file, with escapes, by group and key.
  private final SequencedMap<String, SequencedMap<String, String>> groups;

  Keyfile(SequencedMap<String, SequencedMap<String, String>> groups) {
    this.groups = groups;
  }

  /// Reads TEXT, which stands in WHERE (a file, a label).
  ///
  /// @throws OverpakException if a line is no group, key or comment, naming WHERE and the line
  public static Keyfile parse(String text, String where) {
    return new KeyfileParser(where).parse(text);
  }

  /// The names of all groups, in order.
  public List<String> groups() {
    return List.copyOf(groups.keySet());
  }

  public boolean hasGroup(String group) {
    return groups.containsKey(group);
  }

  /// The keys of GROUP, in order; none if there is no such group.
  public List<String> keys(String group) {
    return List.copyOf(groups.getOrDefault(group, Collections.emptySortedMap()).keySet());
  }

  /// The text of a key, escapes resolved.
  ///
  /// @throws OverpakException if its escapes are not GKeyFile's
  public Optional<String> string(String group, String key) {
    return raw(group, key).map(raw -> KeyfileValue.text(raw, group, key));
  }

  /// The elements of a key that is a list; none if it is missing.
  ///
  /// @throws OverpakException if its escapes are not GKeyFile's
  public List<String> list(String group, String key) {
    return raw(group, key).map(raw -> KeyfileValue.list(raw, group, key)).orElse(List.of());
  }

  /// Whether a key is there and `true` or `1`, as GKeyFile reads booleans.
  public boolean isTrue(String group, String key) {
    return raw(group, key).map(raw -> raw.strip()).filter(Keyfile::isTrue).isPresent();
  }

  private static boolean isTrue(String raw) {
    return raw.equals("true") || raw.equals("1");
  }

  private Optional<String> raw(String group, String key) {
    return Optional.ofNullable(groups.get(group)).map(keys -> keys.get(key));
  }

  /// This file with KEY of GROUP set to VALUE: in its place if it is there, else at the end.
  ///
  /// @throws IllegalArgumentException if GROUP or KEY cannot be written as such
  public Keyfile with(String group, String key, String value) {
    return withRaw(group, key, KeyfileValue.escape(value));
  }

  /// As {@link #with(String, String, String)}, of a list.
  public Keyfile with(String group, String key, List<String> values) {
    return withRaw(group, key, KeyfileValue.escape(values));
  }

  private Keyfile withRaw(String group, String key, String raw) {
    if (!KeyfileParser.isGroupName(group) || !KeyfileParser.isKeyName(key)) {
      throw new IllegalArgumentException("no name of a group and a key: [" + group + "] " + key);
    }
    return change(copy -> copy.computeIfAbsent(group, _ -> new LinkedHashMap<>()).put(key, raw));
  }

  /// This file without GROUP, if it has it.
  public Keyfile without(String group) {
    return change(copy -> copy.remove(group));
  }

  /// This file without KEY of GROUP; the group stays, even if it is empty then.
  public Keyfile without(String group, String key) {
    return change(
        copy -> {
          if (copy.containsKey(group)) {
            copy.get(group).remove(key);
          }
        });
  }

  private interface Change {
    void apply(SequencedMap<String, SequencedMap<String, String>> copy);
  }

  private Keyfile change(Change change) {
    SequencedMap<String, SequencedMap<String, String>> copy = new LinkedHashMap<>();
    groups.forEach((group, keys) -> copy.put(group, new LinkedHashMap<>(keys)));
    change.apply(copy);
    return new Keyfile(copy);
  }

  /// The file as text: groups apart by an empty line, ending with a newline.
  public String text() {
    var text = new StringBuilder();
    for (Map.Entry<String, SequencedMap<String, String>> group : groups.entrySet()) {
      if (!text.isEmpty()) {
        text.append('\n');
      }
      text.append('[').append(group.getKey()).append("]\n");
      group.getValue().forEach((key, raw) -> text.append(key).append('=').append(raw).append('\n'));
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Keyfile that && text().equals(that.text());
  }

  @Override
  public int hashCode() {
    return groups.hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
