package org.overpak.repo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Groups of packages, and environments, which are groups of groups: what `@NAME` means.
public record Comps(List<Group> groups, List<Environment> environments) {
  public Comps {
    groups = List.copyOf(groups);
    environments = List.copyOf(environments);
  }

  /// @param name for people, in English
  public record Group(String id, String name, List<Member> members) {
    public Group {
      members = List.copyOf(members);
    }
  }

  /// A package of a group.
  ///
  /// @param condition of a conditional package: what it is wanted beside; else empty
  public record Member(String name, Kind kind, String condition) {}

  /// How a group wants a package.
  public enum Kind {
    MANDATORY,
    DEFAULT,
    CONDITIONAL,
    /// Not installed with its group.
    OPTIONAL
  }

  /// @param groups ids of the groups that are installed with it
  public record Environment(String id, String name, List<String> groups) {
    public Environment {
      groups = List.copyOf(groups);
    }
  }

  /// The groups of several repositories; those of one id are one, as in dnf.
  public static Comps union(List<Comps> all) {
    Map<String, Group> groups = new LinkedHashMap<>();
    Map<String, Environment> environments = new LinkedHashMap<>();
    for (Comps comps : all) {
      comps.groups.forEach(group -> groups.merge(group.id, group, Comps::union));
      comps.environments.forEach(one -> environments.merge(one.id, one, Comps::union));
    }
    return new Comps(List.copyOf(groups.values()), List.copyOf(environments.values()));
  }

  private static Group union(Group a, Group b) {
    Map<String, Member> members = new LinkedHashMap<>();
    b.members.forEach(member -> members.put(member.name, member));
    a.members.forEach(member -> members.put(member.name, member));
    return new Group(a.id, a.name, List.copyOf(members.values()));
  }

  private static Environment union(Environment a, Environment b) {
    List<String> groups = new ArrayList<>(a.groups);
    b.groups.stream().filter(id -> !groups.contains(id)).forEach(groups::add);
    return new Environment(a.id, a.name, groups);
  }

  /// What is installed with the group or environment whose id or name is NAME: all but optional
  /// packages (dnf's `group_package_types`).
  ///
  /// @return nothing if there is no such group
  public Optional<List<Member>> members(String name) {
    Map<String, Member> members = new LinkedHashMap<>();
    List<String> ids = new ArrayList<>();
    environments.stream()
        .filter(one -> one.id.equals(name) || one.name.equalsIgnoreCase(name))
        .forEach(one -> ids.addAll(one.groups));
    List<Group> found =
        groups.stream()
            .filter(
                group ->
                    group.id.equals(name)
                        || group.name.equalsIgnoreCase(name)
                        || ids.contains(group.id))
            .toList();
    for (Group group : found) {
      for (Member member : group.members) {
        if (member.kind != Kind.OPTIONAL) {
          members.putIfAbsent(member.name, member);
        }
      }
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(members.values()));
  }
}
