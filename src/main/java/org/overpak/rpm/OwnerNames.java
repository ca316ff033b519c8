package org.overpak.rpm;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.overpak.tree.Attributes;
import org.overpak.tree.FileTree;
import org.overpak.tree.Owner;

/// Numbers that stand for the names of owners in packages, for a root that gets its users and
/// groups from packages, too: only when a package arrives is it known who `mail` is.
public final class OwnerNames {
  private static final int SETUID = 04000;
  private static final int SETGID = 02000;

  private final Map<String, Integer> users;
  private final Map<String, Integer> groups;
  private final Map<Integer, String> userNames = new HashMap<>();
  private final Map<Integer, String> groupNames = new HashMap<>();

  private OwnerNames(SortedSet<String> users, SortedSet<String> groups) {
    this.users = numbered(users, userNames);
    this.groups = numbered(groups, groupNames);
  }

  /// Those of all files of PACKAGES.
  public static OwnerNames of(Collection<PackageHeader> packages) {
    SortedSet<String> users = new TreeSet<>();
    SortedSet<String> groups = new TreeSet<>();
    for (PackageHeader header : packages) {
      for (FileInfo file : header.files()) {
        users.add(file.user());
        groups.add(file.group());
      }
    }
    return new OwnerNames(users, groups);
  }

  private static Map<String, Integer> numbered(
      SortedSet<String> names, Map<Integer, String> byNumber) {
    Map<String, Integer> result = new HashMap<>();
    for (String name : names) {
      int number = result.size() + 1; // 0 is root's
      result.put(name, number);
      byNumber.put(number, name);
    }
    return result;
  }

  /// Accounts in which every name has a number of its own: what payloads are read with.
  public Accounts accounts() {
    return new Accounts(users, groups);
  }

  /// TREE, which was read with {@link #accounts}, with the numbers that ACCOUNTS gives to the
  /// names. A name that is unknown there is root, without the bit that would lend root's rights
  /// (rpmfi.cc, `rpmfiStat`).
  public FileTree resolve(FileTree tree, Accounts accounts) {
    return tree.map(
        entry ->
            entry.attributes().owner().equals(Owner.ROOT)
                ? entry
                : entry.with(resolve(entry.attributes(), accounts)));
  }

  private Attributes resolve(Attributes attributes, Accounts accounts) {
    String user = userNames.getOrDefault(attributes.owner().uid(), "root");
    String group = groupNames.getOrDefault(attributes.owner().gid(), "root");
    int mode = attributes.mode();
    if (!accounts.hasUser(user)) {
      mode &= ~SETUID;
    }
    if (!accounts.hasGroup(group)) {
      mode &= ~SETGID;
    }
    return new Attributes(
        mode,
        new Owner(accounts.uid(user), accounts.gid(group)),
        attributes.modified(),
        attributes.xattrs());
  }
}
