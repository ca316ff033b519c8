package org.overpak.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Which users and groups of the machine those of the sandbox are ([user_namespaces(7)]
/// (https://man7.org/linux/man-pages/man7/user_namespaces.7.html)).
sealed interface IdMapping {
  /// Ids that a sandbox has, where it has more than one.
  int COUNT = 65536;

  /// The user of the sandbox that owns what ID of the machine owns.
  int inside(int id, boolean group);

  /// Root's own: each id is itself, which lets a root's files be seen as they are.
  record Identity() implements IdMapping {
    @Override
    public int inside(int id, boolean group) {
      return id;
    }
  }

  /// The user is 0, and there is nobody else: changing an owner to another fails.
  record Alone(int uid, int gid) implements IdMapping {
    @Override
    public int inside(int id, boolean group) {
      return 0;
    }
  }

  /// The user is 0, and others are those that the administrator gave the user in `/etc/subuid` and
  /// `/etc/subgid`.
  record Subordinate(int uid, int gid, int firstUid, int firstGid, int count) implements IdMapping {
    @Override
    public int inside(int id, boolean group) {
      int first = group ? firstGid : firstUid;
      return id >= first && id < first + count ? id - first + 1 : 0;
    }
  }

  /// What this process may use.
  static IdMapping ofProcess() {
    int uid = id("uid");
    int gid = id("gid");
    if (uid == 0) {
      return new Identity();
    }
    Optional<Range> users = Range.find(Path.of("/etc/subuid"), uid);
    Optional<Range> groups = Range.find(Path.of("/etc/subgid"), uid);
    return users.isPresent()
            && groups.isPresent()
            && Programs.has("newuidmap")
            && Programs.has("newgidmap")
        ? new Subordinate(
            uid,
            gid,
            users.get().first(),
            groups.get().first(),
            Math.min(Math.min(users.get().count(), groups.get().count()), COUNT - 1))
        : new Alone(uid, gid);
  }

  private static int id(String name) {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), "unix:" + name);
    } catch (IOException e) {
      throw new IllegalStateException("/proc/self cannot be read", e);
    }
  }

  /// A line of `/etc/subuid`: `NAME-OR-ID:FIRST:COUNT`.
  record Range(int first, int count) {
    static Optional<Range> find(Path file, int uid) {
      String name = System.getProperty("user.name", "");
      try {
        for (String line : Files.readAllLines(file)) {
          List<String> fields = List.of(line.split(":", -1));
          if (fields.size() == 3
              && (fields.getFirst().equals(name)
                  || fields.getFirst().equals(Integer.toString(uid)))) {
            return Optional.of(
                new Range(Integer.parseInt(fields.get(1)), Integer.parseInt(fields.get(2))));
          }
        }
      } catch (IOException | NumberFormatException _) {
        // Without the file, or with what is no number, the user has no others.
      }
      return Optional.empty();
    }
  }
}
