package org.overpak.flatpak;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.TreePath;

/// The permissions and the environment that metadata give, gathered from several layers: runtime,
/// app, command line. A later layer adds to the earlier ones and overrides them where both speak of
/// the same.
///
/// Reading, merging and writing are those of Flatpak 1.14's `flatpak-context.c`; where its output
/// depends on a hash table, this sorts by bytes. Names that Flatpak does not know are kept, as
/// newer versions do.
final class Context {
  private static final String GROUP = "Context";
  private static final String SESSION_BUS = "Session Bus Policy";
  private static final String SYSTEM_BUS = "System Bus Policy";
  private static final String ENVIRONMENT = "Environment";
  private static final String POLICY_PREFIX = "Policy ";
  private static final String FILESYSTEMS = "filesystems";
  private static final String PERSISTENT = "persistent";
  private static final String UNSET_ENVIRONMENT = "unset-environment";

  private final Map<PermissionKind, SortedMap<String, Permission>> permissions =
      new EnumMap<>(PermissionKind.class);
  private final SortedMap<String, FilesystemPermission> filesystems = byBytes();
  private final SortedSet<String> persistent = new TreeSet<>(TreePath::compare);
  private final SortedMap<String, BusPolicy> sessionBus = byBytes();
  private final SortedMap<String, BusPolicy> systemBus = byBytes();
  private final SortedMap<String, String> environment = byBytes();
  private final SortedSet<String> unset = new TreeSet<>(TreePath::compare);

  /// Values of generic policies, in order, by `SUBSYSTEM.KEY`.
  private final SortedMap<String, List<String>> policies = byBytes();

  Context() {
    for (PermissionKind kind : PermissionKind.values()) {
      Comparator<String> tableOrder =
          Comparator.comparingInt(
              name -> kind.names().contains(name) ? kind.names().indexOf(name) : Integer.MAX_VALUE);
      permissions.put(kind, new TreeMap<>(tableOrder.thenComparing(TreePath::compare)));
    }
  }

  private static <V> SortedMap<String, V> byBytes() {
    return new TreeMap<>(TreePath::compare);
  }

  void permit(PermissionKind kind, String name, boolean allowed) {
    permissionsOf(kind).put(name, allowed ? Permission.ALLOWED : Permission.DENIED);
  }

  /// Permits NAME where CONDITION is true, as far as it is not permitted already.
  void permitIf(PermissionKind kind, String name, String condition) {
    SortedMap<String, Permission> permissions = permissionsOf(kind);
    permissions.put(
        name, permissions.getOrDefault(name, Permission.UNTOUCHED).allowedIf(condition));
  }

  private SortedMap<String, Permission> permissionsOf(PermissionKind kind) {
    return permissions.computeIfAbsent(kind, _ -> byBytes());
  }

  void permit(FilesystemPermission filesystem) {
    filesystems.put(filesystem.location(), filesystem);
    if (filesystem.location().equals(FilesystemPermission.HOST_RESET)) {
      permit(new FilesystemPermission("host", FilesystemPermission.Access.DENIED));
    }
  }

  void persist(String path) {
    persistent.add(path);
  }

  void permitOnSessionBus(String name, BusPolicy policy) {
    sessionBus.put(name, policy);
  }

  void permitOnSystemBus(String name, BusPolicy policy) {
    systemBus.put(name, policy);
  }

  void set(String variable, String value) {
    environment.put(variable, value);
    unset.remove(variable);
  }

  void unset(String variable) {
    environment.remove(variable);
    unset.add(variable);
  }

  /// VALUE of a generic policy, denied if it starts with `!`; takes the place of an earlier word on
  /// the same value, at the end.
  void addPolicy(String key, String value) {
    List<String> values = policies.computeIfAbsent(key, _ -> new ArrayList<>());
    values.removeIf(earlier -> withoutBang(earlier).equals(withoutBang(value)));
    values.add(value);
  }

  private static String withoutBang(String value) {
    return value.startsWith("!") ? value.substring(1) : value;
  }

  /// The names on the session bus that the app may own, which it may export services for.
  List<String> ownNames() {
    return sessionBus.entrySet().stream()
        .filter(entry -> entry.getValue() == BusPolicy.OWN)
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Lays UPPER over this.
  void merge(Context upper) {
    upper.permissions.forEach(
        (kind, names) ->
            names.forEach(
                (name, permission) ->
                    permissionsOf(kind).merge(name, permission, Permission::with)));
    if (upper.filesystems.containsKey(FilesystemPermission.HOST_RESET)) {
      filesystems.clear();
    }
    filesystems.putAll(upper.filesystems);
    persistent.addAll(upper.persistent);
    sessionBus.putAll(upper.sessionBus);
    systemBus.putAll(upper.systemBus);
    upper.environment.forEach(this::set);
    upper.unset.forEach(this::unset);
    upper.policies.forEach((key, values) -> values.forEach(value -> addPolicy(key, value)));
  }

  /// Lays what FILE gives over this.
  ///
  /// @throws OverpakException if a path or bus name in FILE is malformed
  void load(Keyfile file) {
    for (PermissionKind kind : PermissionKind.values()) {
      Map<String, List<Permission.Word>> words =
          file.list(GROUP, kind.key()).stream()
              .map(Permission.Word::parse)
              .collect(Collectors.groupingBy(Permission.Word::name));
      words.forEach(
          (name, own) -> permissionsOf(kind).merge(name, Permission.of(own), Permission::with));
    }
    file.list(GROUP, FILESYSTEMS).forEach(this::loadFilesystem);
    for (String path : file.list(GROUP, PERSISTENT)) {
      checked("[Context] persistent", path, () -> FilesystemPermission.requireVisible(path));
      persist(path);
    }
    loadBus(file, SESSION_BUS, sessionBus);
    loadBus(file, SYSTEM_BUS, systemBus);
    for (String variable : file.keys(ENVIRONMENT)) {
      set(variable, file.string(ENVIRONMENT, variable).orElse(""));
    }
    // After the variables: an old Flatpak is told by an empty value, a newer one by this list.
    file.list(GROUP, UNSET_ENVIRONMENT).forEach(this::unset);
    for (String group : file.groups()) {
      if (group.startsWith(POLICY_PREFIX)) {
        String subsystem = group.substring(POLICY_PREFIX.length());
        for (String key : file.keys(group)) {
          file.list(group, key).forEach(value -> addPolicy(subsystem + "." + key, value));
        }
      }
    }
  }

  private void loadFilesystem(String text) {
    checked("[Context] filesystems", text, () -> FilesystemPermission.requireVisible(text));
    try {
      permit(FilesystemPermission.parse(withoutBang(text), text.startsWith("!")));
    } catch (IllegalArgumentException e) {
      // Flatpak drops locations it does not know: they may be those of a newer version.
    }
  }

  private static void loadBus(Keyfile file, String group, SortedMap<String, BusPolicy> bus) {
    for (String name : file.keys(group)) {
      checked("[" + group + "]", name, () -> BusPolicy.requireName(name));
      BusPolicy.parse(file.string(group, name).orElse(""))
          .ifPresent(policy -> bus.put(name, policy));
    }
  }

  private static void checked(String where, String text, Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw new OverpakException(
          ExitCode.IMAGE,
          "metadata: %s: '%s': %s".formatted(where, text, e.getMessage()),
          "Correct the metadata.",
          e);
    }
  }

  /// Forgets what an app gets from its runtime when it runs, without inheriting it at build time.
  void forgetEnvironment() {
    environment.clear();
    unset.clear();
  }

  /// FILE with all permissions and the environment as they are here, and no others.
  ///
  /// @throws IllegalArgumentException if a variable or policy has a name that cannot be a key
  Keyfile saveTo(Keyfile file) {
    Keyfile result = file;
    for (PermissionKind kind : PermissionKind.values()) {
      List<String> words =
          permissionsOf(kind).entrySet().stream()
              .flatMap(entry -> entry.getValue().words(entry.getKey()).stream())
              .toList();
      result = withList(result, GROUP, kind.key(), words);
    }
    result = withList(result, GROUP, FILESYSTEMS, filesystemWords());
    result = withList(result, GROUP, PERSISTENT, persistent);
    result = withBus(result, SESSION_BUS, sessionBus);
    result = withBus(result, SYSTEM_BUS, systemBus);
    result = withEnvironment(result);
    result = withList(result, GROUP, UNSET_ENVIRONMENT, unset);
    return withPolicies(result);
  }

  private static Keyfile withList(
      Keyfile file, String group, String key, Collection<String> words) {
    return words.isEmpty() ? file.without(group, key) : file.with(group, key, List.copyOf(words));
  }

  /// The reset first, as all others add to what it leaves.
  private List<String> filesystemWords() {
    List<String> words = new ArrayList<>();
    filesystems.forEach(
        (location, filesystem) ->
            words.add(
                location.equals(FilesystemPermission.HOST_RESET) ? 0 : words.size(),
                filesystem.text()));
    return words;
  }

  private static Keyfile withBus(Keyfile file, String group, SortedMap<String, BusPolicy> bus) {
    Keyfile result = file.without(group);
    for (Map.Entry<String, BusPolicy> entry : bus.entrySet()) {
      result = result.with(group, entry.getKey(), entry.getValue().toString());
    }
    return result;
  }

  private Keyfile withEnvironment(Keyfile file) {
    SortedMap<String, String> all = byBytes();
    all.putAll(environment);
    unset.forEach(variable -> all.put(variable, ""));
    Keyfile result = file.without(ENVIRONMENT);
    for (Map.Entry<String, String> entry : all.entrySet()) {
      result = result.with(ENVIRONMENT, entry.getKey(), entry.getValue());
    }
    return result;
  }

  private Keyfile withPolicies(Keyfile file) {
    Keyfile result = file;
    for (String group : file.groups()) {
      result = group.startsWith(POLICY_PREFIX) ? result.without(group) : result;
    }
    for (Map.Entry<String, List<String>> entry : policies.entrySet()) {
      int dot = entry.getKey().indexOf('.');
      String group = POLICY_PREFIX + entry.getKey().substring(0, dot);
      result = result.with(group, entry.getKey().substring(dot + 1), entry.getValue());
    }
    return result;
  }
}
