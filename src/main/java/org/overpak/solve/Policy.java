package org.overpak.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.overpak.IntList;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Evr;
import org.overpak.rpm.VersionOrder;

/// The order in which undecided candidates of a clause are tried (libsolv, `policy_filter_unwanted`
/// in mode CHOOSE). It depends on what was decided before, through weak dependencies.
///
/// Left out, since it is about installed packages, which are no candidates here, or about kernels
/// and Mandriva's locales: preferring installed ones, vendor, `urpm_reorder`.
final class Policy {
  private final Universe universe;
  private final Preference preference;
  private final Hints hints;

  Policy(Universe universe, Hints hints) {
    this.universe = universe;
    this.preference = new Preference(universe);
    this.hints = hints;
  }

  /// The candidates worth trying, in no order of preference but the alphabet.
  int[] prune(int[] candidates) {
    if (candidates.length < 2) {
      return candidates;
    }
    int[] left = preference.best(candidates);
    if (left.length < 2) {
      return left;
    }
    int[] recommended = Arrays.stream(left).filter(hints::isRecommended).toArray();
    return recommended.length > 0 ? recommended : left;
  }

  /// The candidates worth trying, the one to try first in front.
  int[] order(int[] candidates) {
    int[] left = prune(candidates);
    if (left.length < 2) {
      return left;
    }
    left = stablePartition(left, id -> !isOld(id));
    left = byVersionedProvides(left);
    left = stablePartition(left, this::hasInstalledNamesake);
    return stablePartition(left, hints::isSuggested);
  }

  /// The best candidates of each name (mode RECOMMEND).
  int[] best(int[] candidates) {
    return preference.best(candidates);
  }

  /// All candidates, the one to try first in front (mode SUPPLEMENT).
  int[] reorder(int[] candidates) {
    int[] ordered = byVersionedProvides(stablePartition(candidates, id -> !isOld(id)));
    return stablePartition(ordered, hints::isSuggested);
  }

  private static int[] stablePartition(int[] ids, IntPredicate first) {
    var result = new IntList();
    Arrays.stream(ids).filter(first).forEach(result::add);
    Arrays.stream(ids).filter(first.negate()).forEach(result::add);
    return result.toArray();
  }

  /// Whether the same package is to be had newer or from a better repository, so that this one is a
  /// candidate only because it provides what newer ones no longer do (`dislike_old_versions`).
  private boolean isOld(int id) {
    for (int other : universe.named(universe.nevra(id).name())) {
      if (other == id
          || universe.isInstalled(other)
          || !universe.isEligible(other)
          || !universe.nevra(other).arch().equals(universe.nevra(id).arch())) {
        continue;
      }
      int better = universe.priority(id) - universe.priority(other);
      if (better > 0
          || (better == 0 && universe.nevra(other).evr().compareTo(universe.nevra(id).evr()) > 0)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasInstalledNamesake(int id) {
    return Arrays.stream(universe.named(universe.nevra(id).name())).anyMatch(universe::isInstalled);
  }

  /// A provide with a version, as the INDEX-th candidate has it.
  private record Versioned(int index, Evr evr, boolean below) {}

  /// Those that provide a capability in a higher version go before those that provide it in a lower
  /// one (`sort_by_common_dep`).
  private int[] byVersionedProvides(int[] ids) {
    Map<String, List<Versioned>> byName = new HashMap<>();
    for (int index = 0; index < ids.length; index++) {
      for (Dependency provide : universe.metadata(ids[index]).relations().provides()) {
        if (provide instanceof Dependency.Simple(var name, var operator, var evr)
            && evr != null
            && counts(operator, evr)) {
          byName
              .computeIfAbsent(name, _ -> new ArrayList<>())
              .add(new Versioned(index, evr, operator == Dependency.Operator.LESS));
        }
      }
    }
    int[] badness = new int[ids.length];
    for (List<Versioned> entries : byName.values()) {
      addBadness(entries, badness);
    }
    List<Integer> order = new ArrayList<>();
    for (int index = 0; index < ids.length; index++) {
      order.add(index);
    }
    order.sort(Comparator.comparingInt(index -> badness[index]));
    return order.stream().mapToInt(index -> ids[index]).toArray();
  }

  private static void addBadness(List<Versioned> entries, int[] badness) {
    entries.sort((a, b) -> compare(a, b));
    int bad = 0;
    Versioned last = null;
    for (Versioned entry : entries) {
      if (last != null && last.index != entry.index && isHigher(last, entry)) {
        bad++;
      }
      badness[entry.index] += bad;
      last = entry;
    }
  }

  private static int compare(Versioned a, Versioned b) {
    int order = compareEvrs(b.evr, a.evr);
    return order == 0 ? Boolean.compare(a.below, b.below) : order;
  }

  private static boolean isHigher(Versioned a, Versioned b) {
    boolean sameVersion =
        a.evr.epoch() == b.evr.epoch()
            && VersionOrder.compare(a.evr.version(), b.evr.version()) == 0;
    boolean incomparable = sameVersion && (a.evr.release().isEmpty() != b.evr.release().isEmpty());
    return !incomparable && compare(a, b) < 0;
  }

  private static int compareEvrs(Evr a, Evr b) {
    return a.compareTo(b);
  }

  private static boolean counts(Dependency.Operator operator, @Nullable Evr evr) {
    return switch (operator) {
      case EQUAL -> evr != null && !looksLikeHash(evr.toString());
      case LESS, LESS_OR_EQUAL -> true;
      case ANY, GREATER, GREATER_OR_EQUAL, NOT_EQUAL -> false;
    };
  }

  private static boolean looksLikeHash(String version) {
    return version.length() >= 4
        && version.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
