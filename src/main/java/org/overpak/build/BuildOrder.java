package org.overpak.build;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is to be built before what. Names come in their own order, so equal needs give equal
/// orders.
///
/// @param needs for each name those that must be there before; all of them are names, too
record BuildOrder(Map<String, Set<String>> needs) {
  BuildOrder {
    Map<String, Set<String>> copy = new TreeMap<>();
    needs.forEach(
        (name, others) -> copy.put(name, Collections.unmodifiableSet(new TreeSet<>(others))));
    needs = Collections.unmodifiableMap(copy);
  }

  /// Names that can be built side by side, since all that they need is in batches before; as early
  /// as possible. What is in a circle, or needs what is, is in none.
  List<List<String>> batches() {
    List<List<String>> batches = new ArrayList<>();
    Set<String> done = new HashSet<>();
    while (true) {
      List<String> batch =
          needs.entrySet().stream()
              .filter(one -> !done.contains(one.getKey()) && done.containsAll(one.getValue()))
              .map(Map.Entry::getKey)
              .toList();
      if (batch.isEmpty()) {
        return batches;
      }
      batches.add(batch);
      done.addAll(batch);
    }
  }

  /// A shortest way of needs from NAME to NAME, which it begins with and does not end with.
  Optional<List<String>> circle(String name) {
    Map<String, String> reachedFrom = new HashMap<>();
    Deque<String> next = new ArrayDeque<>(List.of(name));
    while (!next.isEmpty()) {
      String at = next.remove();
      for (String needed : needs.getOrDefault(at, Set.of())) {
        if (needed.equals(name)) {
          List<String> way = new ArrayList<>();
          for (String step = at; !step.equals(name); step = reachedFrom.getOrDefault(step, name)) {
            way.add(step);
          }
          way.add(name);
          Collections.reverse(way);
          return Optional.of(way);
        }
        if (reachedFrom.putIfAbsent(needed, at) == null) {
          next.add(needed);
        }
      }
    }
    return Optional.empty();
  }

  /// A shortest circle that there is; of several, that of the first name.
  Optional<List<String>> circle() {
    return needs.keySet().stream()
        .flatMap(name -> circle(name).stream())
        .min(Comparator.comparingInt(List::size));
  }

  /// What NAME needs that needs NAME, perhaps by others.
  Set<String> circular(String name) {
    Set<String> result = new TreeSet<>();
    for (String needed : needs.getOrDefault(name, Set.of())) {
      if (reaches(needed, name)) {
        result.add(needed);
      }
    }
    return result;
  }

  private boolean reaches(String from, String to) {
    Set<String> seen = new HashSet<>();
    Deque<String> next = new ArrayDeque<>(List.of(from));
    while (!next.isEmpty()) {
      String at = next.remove();
      if (at.equals(to)) {
        return true;
      }
      if (seen.add(at)) {
        next.addAll(needs.getOrDefault(at, Set.of()));
      }
    }
    return false;
  }

  /// The same without the need of NAME for OTHERS.
  BuildOrder without(String name, Set<String> others) {
    Map<String, Set<String>> changed = new TreeMap<>(needs);
    Set<String> left = new TreeSet<>(changed.getOrDefault(name, Set.of()));
    left.removeAll(others);
    changed.put(name, left);
    return new BuildOrder(changed);
  }
}
