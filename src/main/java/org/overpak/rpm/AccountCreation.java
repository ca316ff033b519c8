package org.overpak.rpm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.Owner;
import org.overpak.tree.TreePath;

/// Makes users and groups as `systemd-sysusers` does (systemd: src/sysusers/sysusers.c): an id that
/// is wished for if it is free, else that of the group or user of the same name, else the highest
/// free one of the system's.
final class AccountCreation {
  /// `login.defs` does not count: it may be gone when an id is looked at.
  private static final SysusersLine.Range SYSTEM = new SysusersLine.Range(1, 999);

  private final FileTree root;
  private final long time;
  private final Map<String, SysusersLine.User> users = new LinkedHashMap<>();
  private final Map<String, SysusersLine.Group> groups = new LinkedHashMap<>();
  private final Map<String, Set<String>> members = new LinkedHashMap<>();
  private final List<SysusersLine.Range> ranges = new ArrayList<>();
  private final AccountTable passwd;
  private final AccountTable group;
  private final Map<Long, NewUser> newUsers = new LinkedHashMap<>();
  private final Map<Long, String> newGroups = new LinkedHashMap<>();
  private final Map<String, Long> newGroupIds = new LinkedHashMap<>();

  /// The last id that was given to whom any would do.
  private long lastGiven = Long.MAX_VALUE;

  private record NewUser(SysusersLine.User user, long gid) {}

  AccountCreation(FileTree root, long time) {
    this.root = root;
    this.time = time;
    this.passwd = AccountTable.of(root, "etc/passwd");
    this.group = AccountTable.of(root, "etc/group");
  }

  FileTree create(List<SysusersLine> lines) {
    lines.forEach(this::take);
    addImplied();
    if (ranges.isEmpty()) {
      ranges.add(SYSTEM);
    }
    for (SysusersLine.Group each : groups.values()) {
      createGroup(each.name(), each.gid(), SysusersLine.ANY, each.idPath(), false);
    }
    for (SysusersLine.User each : users.values()) {
      createUser(each);
    }
    return new AccountFiles(root, time).with(newUserLines(), newUserShadows(), newGroups, members);
  }

  private void take(SysusersLine line) {
    switch (line) {
      // The first of a name counts.
      case SysusersLine.User user -> users.putIfAbsent(user.name(), user);
      case SysusersLine.Group wanted -> groups.putIfAbsent(wanted.name(), wanted);
      case SysusersLine.Member member ->
          members.computeIfAbsent(member.group(), _ -> new LinkedHashSet<>()).add(member.user());
      case SysusersLine.Range range -> ranges.add(range);
    }
  }

  private void addImplied() {
    members.forEach(
        (name, all) -> {
          all.forEach(user -> users.putIfAbsent(user, SysusersLine.User.named(user)));
          if (!users.containsKey(name)) {
            groups.putIfAbsent(name, new SysusersLine.Group(name, SysusersLine.ANY, ""));
          }
        });
  }

  private void createUser(SysusersLine.User user) {
    long gid = user.gid();
    boolean groupIsGiven = gid != SysusersLine.ANY;
    if (!groupIsGiven) {
      String name = user.group().isEmpty() ? user.name() : user.group();
      Long queued = newGroupIds.get(name);
      if (queued != null) {
        gid = queued;
        groupIsGiven = true;
      } else if (!user.group().isEmpty()) {
        gid =
            group
                .id(name)
                .orElseThrow(() -> failure(user.name(), "the group " + name + " is missing"));
        groupIsGiven = true;
      }
    }
    if (!groupIsGiven || user.gid() != SysusersLine.ANY) {
      gid = createGroup(user.name(), gid, user.uid(), user.idPath(), groupIsGiven);
    }
    if (passwd.id(user.name()).isPresent()) {
      return;
    }
    newUsers.put(uid(user, gid, groupIsGiven), new NewUser(user, gid));
  }

  /// @param strict whether the group of that id must be there already, under whatever name
  private long createGroup(String name, long wanted, long uid, String idPath, boolean strict) {
    Optional<Long> present = group.id(name);
    if (present.isPresent()) {
      return present.get();
    }
    if (strict) {
      if (isFreeGid(wanted, false)) {
        throw failure(name, "there is no group with the id " + wanted);
      }
      return wanted;
    }
    long gid = wanted != SysusersLine.ANY && isFreeGid(wanted, false) ? wanted : SysusersLine.ANY;
    if (gid == SysusersLine.ANY && uid != SysusersLine.ANY && isFreeGid(uid, true)) {
      gid = uid;
    }
    if (gid == SysusersLine.ANY) {
      gid =
          owner(idPath)
              .map(id -> (long) id.gid())
              .filter(id -> isInRange(id) && isFreeGid(id, true))
              .orElse(SysusersLine.ANY);
    }
    while (gid == SysusersLine.ANY) {
      long next = nextId(name);
      gid = isFreeGid(next, true) ? next : SysusersLine.ANY;
    }
    newGroups.put(gid, name);
    newGroupIds.put(name, gid);
    return gid;
  }

  private long uid(SysusersLine.User user, long gid, boolean groupIsGiven) {
    String name = user.name();
    if (user.uid() != SysusersLine.ANY && isFreeUid(user.uid(), name, !groupIsGiven)) {
      return user.uid();
    }
    Optional<Long> ofFile =
        owner(user.idPath())
            .map(id -> (long) id.uid())
            .filter(id -> isInRange(id) && isFreeUid(id, name, true));
    if (ofFile.isPresent()) {
      return ofFile.get();
    }
    if (isFreeUid(gid, name, true)) {
      return gid;
    }
    while (true) {
      long next = nextId(name);
      if (isFreeUid(next, name, true)) {
        return next;
      }
    }
  }

  private boolean isFreeUid(long uid, String name, boolean alsoAsGid) {
    if (newUsers.containsKey(uid) || passwd.name(uid) != null) {
      return false;
    }
    return !alsoAsGid
        || (isNameOrNull(newGroups.get(uid), name) && isNameOrNull(group.name(uid), name));
  }

  private static boolean isNameOrNull(@Nullable String found, String name) {
    return found == null || found.equals(name);
  }

  private boolean isFreeGid(long gid, boolean alsoAsUid) {
    return !newGroups.containsKey(gid)
        && group.name(gid) == null
        && !(alsoAsUid && (newUsers.containsKey(gid) || passwd.name(gid) != null));
  }

  private boolean isInRange(long id) {
    return id > 0 && ranges.stream().anyMatch(r -> r.first() <= id && id <= r.last());
  }

  /// Users and groups draw from one pool, from its upper end.
  private long nextId(String name) {
    lastGiven =
        ranges.stream()
            .filter(range -> range.first() < lastGiven)
            .mapToLong(range -> Math.min(range.last(), lastGiven - 1))
            .max()
            .orElseThrow(() -> failure(name, "no id is free"));
    return lastGiven;
  }

  private Optional<Owner> owner(String path) {
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try {
      return root.get(root.resolve(TreePath.parse(path))).map(e -> e.attributes().owner());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static OverpakException failure(String name, String why) {
    return new OverpakException(
        ExitCode.PACKAGE,
        "the account " + name + " cannot be made: " + why,
        "Install the package that makes it first, or have sysusers.d of that package mended.");
  }

  private Collection<String> newUserLines() {
    List<String> result = new ArrayList<>();
    newUsers.forEach(
        (uid, created) -> {
          SysusersLine.User user = created.user();
          String home = user.home().isEmpty() ? "/" : user.home();
          String shell = user.shell().isEmpty() ? shell(uid) : user.shell();
          result.add(
              "%s:x:%d:%d:%s:%s:%s"
                  .formatted(user.name(), uid, created.gid(), user.gecos(), home, shell));
        });
    return result;
  }

  private String shell(long uid) {
    if (uid != 0) {
      return "/usr/sbin/nologin";
    }
    boolean hasBash =
        root.get(root.resolve(new TreePath("bin/bash"))).orElse(null) instanceof Entry.RegularFile;
    return hasBash ? "/bin/bash" : "/bin/sh";
  }

  private Collection<String> newUserShadows() {
    return newUsers.values().stream().map(created -> created.user().name()).toList();
  }
}
