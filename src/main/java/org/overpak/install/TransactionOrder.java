package org.overpak.install;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Optional;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.FileInfo;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.Requirement;

/// The order in which rpm installs packages (order.cc): who is required comes first; where packages
/// require each other in a loop, what scriptlets need is kept longest. Among packages that are
/// ready, the one that most others require comes first.
final class TransactionOrder {
  /// The 64-bit one is installed first, `%_prefer_color`.
  private static final int PREFERRED_COLOR = 2;

  /// Of a package in no loop.
  private static final int ALONE = 1;

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, List<Provider>> providers = new HashMap<>();
  private final Map<String, List<Node>> owners = new HashMap<>();
  private final RpmVersion rpm;
  private final List<PackageHeader> result = new ArrayList<>();

  /// Loops by their number, which begins with 2.
  private final List<Loop> loops = new ArrayList<>();

  /// A package with those that require it and those that it requires, the latest recorded first.
  private static final class Node {
    final PackageHeader header;
    final int color;
    final Deque<Edge> dependents = new ArrayDeque<>();
    final Deque<Edge> required = new ArrayDeque<>();

    /// Requirements that are not installed yet.
    int missing;

    /// While loops are looked for, negative: when it was found; then the loop's number; 0 as soon
    /// as it is installed.
    int loop;

    /// While loops are looked for, the earliest that it leads back to; then how far it is from a
    /// scriptlet's need.
    int reach;

    Node(PackageHeader header) {
      this.header = header;
      this.color = header.files().stream().mapToInt(FileInfo::color).reduce(0, (a, b) -> a | b);
    }
  }

  private record Provider(Node node, Dependency.Simple provide) {}

  private static final class Edge {
    final Node node;
    boolean forScriptlets;

    Edge(Node node, boolean forScriptlets) {
      this.node = node;
      this.forScriptlets = forScriptlets;
    }
  }

  /// Packages that require each other.
  private static final class Loop {
    final List<Node> members;

    /// Requirements to the outside that are not installed yet.
    int missing;

    Loop(List<Node> members) {
      this.members = members;
    }
  }

  private TransactionOrder(List<PackageHeader> added, RpmVersion rpm) {
    this.rpm = rpm;
    for (PackageHeader header : added) {
      var node = new Node(header);
      nodes.add(node);
      for (Dependency provide : header.metadata().relations().provides()) {
        if (provide instanceof Dependency.Simple simple) {
          providers
              .computeIfAbsent(simple.name(), _ -> new ArrayList<>())
              .add(new Provider(node, simple));
        }
      }
      for (FileInfo file : header.files()) {
        owners.computeIfAbsent(file.path().toString(), _ -> new ArrayList<>()).add(node);
      }
    }
  }

  /// ADDED as RPM would install them, if it were given them in this order.
  static List<PackageHeader> of(List<PackageHeader> added, RpmVersion rpm) {
    return new TransactionOrder(added, rpm).order();
  }

  private List<PackageHeader> order() {
    for (Node node : nodes) {
      node.header.requirements().forEach(one -> relate(node, one, one.isWeak(), false));
      node.header.recommendations().forEach(one -> relate(node, one, true, false));
      node.header.supplements().forEach(one -> relate(node, one, true, true));
      node.header.orderings().forEach(one -> relateOrdering(node, one));
    }
    new LoopSearch().run();
    List<Node> queue = new ArrayList<>();
    for (Node node : nodes) {
      if (node.missing == 0) {
        enqueue(node, queue);
      }
    }
    for (Loop loop : loops) {
      if (loop.missing == 0) {
        enqueue(loop.members.getFirst(), queue);
      }
    }
    while (!queue.isEmpty()) {
      Node node = queue.removeFirst();
      if (node.loop > ALONE) {
        installLoop(node.loop, queue);
      } else {
        install(node, queue, queue);
      }
    }
    return List.copyOf(result);
  }

  private void relate(Node node, Requirement requirement, boolean weak, boolean reversed) {
    boolean forScriptlets = requirement.isForInstallScriptlets();
    if (requirement.isUnordered() || (weak && !forScriptlets && rpm.ignoresWeakInOrder())) {
      return;
    }
    relate(node, requirement.dependency(), forScriptlets && !weak, reversed);
  }

  /// An ordering hint counts as weak, except that newer versions honour it all the same.
  private void relateOrdering(Node node, Requirement ordering) {
    if (!ordering.isUnordered()) {
      relate(
          node,
          ordering.dependency(),
          ordering.isForInstallScriptlets() && rpm.ignoresWeakInOrder(),
          false);
    }
  }

  private void relate(Node node, Dependency dependency, boolean forScriptlets, boolean reversed) {
    switch (dependency) {
      case Dependency.Simple simple ->
          provider(node, simple)
              .filter(other -> other != node)
              .ifPresent(other -> record(node, other, forScriptlets, reversed));
      case Dependency.Joined(var connective, var operands) -> {
        // Of the others, all but the first only tell which the first may be or when it counts.
        int counted =
            switch (connective) {
              case AND, OR -> operands.size();
              case IF, UNLESS, WITH, WITHOUT -> 1;
            };
        operands
            .subList(0, counted)
            .forEach(operand -> relate(node, operand, forScriptlets, reversed));
      }
      case Dependency.Conditional(var _, var then, var _, var _) ->
          relate(node, then, forScriptlets, reversed);
    }
  }

  /// rpmal.c, `rpmalSatisfiesDepend`: an owner of the file, else a provider; best one of the
  /// preferred colour, then the package itself, then the first.
  private Optional<Node> provider(Node asking, Dependency.Simple dependency) {
    List<Node> found =
        dependency.name().startsWith("/")
            ? owners.getOrDefault(dependency.name(), List.of())
            : List.of();
    if (found.isEmpty()) {
      found =
          providers.getOrDefault(dependency.name(), List.of()).stream()
              .filter(provider -> dependency.satisfiedBy(provider.provide()))
              .map(Provider::node)
              .toList();
    }
    Optional<Node> best = Optional.empty();
    int bestScore = -1;
    for (Node node : found) {
      int score = (node.color == PREFERRED_COLOR ? 2 : 0) + (node == asking ? 1 : 0);
      if (score > bestScore) {
        best = Optional.of(node);
        bestScore = score;
      }
    }
    return best;
  }

  /// Records that NODE requires OTHER, or if REVERSED, that OTHER requires NODE. What NODE says
  /// several times in a row of one package counts once; a package that it requires cannot require
  /// it in turn by what NODE says right after.
  private static void record(Node node, Node other, boolean forScriptlets, boolean reversed) {
    Edge last = reversed ? node.required.peekFirst() : other.dependents.peekFirst();
    if (last != null && last.node == (reversed ? other : node)) {
      if (forScriptlets) {
        last.forScriptlets = true;
        (reversed ? other.dependents : node.required)
                .stream()
                    .filter(edge -> edge.node == (reversed ? node : other))
                    .findFirst()
                    .orElseThrow()
                    .forScriptlets =
            true;
      }
      return;
    }
    Node dependent = reversed ? other : node;
    Node required = reversed ? node : other;
    dependent.missing++;
    required.dependents.addFirst(new Edge(dependent, forScriptlets));
    dependent.required.addFirst(new Edge(required, forScriptlets));
  }

  /// Tarjan's search for strongly connected components.
  private final class LoopSearch {
    private final List<Node> stack = new ArrayList<>();
    private int found;

    void run() {
      for (Node node : nodes) {
        if (node.loop == 0) {
          visit(node);
        }
      }
    }

    private void visit(Node node) {
      int position = stack.size();
      found--;
      node.loop = found;
      node.reach = found;
      stack.add(node);
      for (Edge edge : node.dependents) {
        Node next = edge.node;
        if (next.loop > 0) {
          continue;
        }
        if (next.loop == 0) {
          visit(next);
          node.reach = Math.max(node.reach, next.reach);
        } else {
          node.reach = Math.max(node.reach, next.loop);
        }
      }
      if (node.reach == node.loop) {
        close(stack.subList(position, stack.size()));
      }
    }

    private void close(List<Node> found) {
      if (found.size() == 1) {
        found.getFirst().loop = ALONE;
      } else {
        int number = loops.size() + ALONE + 1;
        var loop =
            new Loop(rpm.reversesLoops() ? found.reversed().stream().toList() : List.copyOf(found));
        loops.add(loop);
        loop.members.forEach(member -> member.loop = number);
        for (Node member : loop.members) {
          long inside = member.dependents.stream().filter(edge -> edge.node.loop == number).count();
          loop.missing += member.missing - (int) inside;
        }
      }
      found.clear();
    }
  }

  /// Puts NODE before those that no more packages require.
  private static void enqueue(Node node, List<Node> queue) {
    boolean behindOthers = node.color != 0 && node.color != PREFERRED_COLOR;
    ListIterator<Node> position = queue.listIterator();
    while (position.hasNext()) {
      Node next = position.next();
      if (behindOthers && node.color != next.color) {
        continue;
      }
      if (next.dependents.size() <= node.dependents.size()) {
        position.previous();
        break;
      }
    }
    position.add(node);
  }

  /// @param queue for what becomes ready in the same loop
  /// @param outer for what becomes ready elsewhere
  private void install(Node node, List<Node> queue, List<Node> outer) {
    result.add(node.header);
    for (Edge edge : node.dependents) {
      Node next = edge.node;
      if (next.loop == 0) {
        continue;
      }
      next.missing--;
      if (next.missing == 0) {
        enqueue(next, node.loop > ALONE && node.loop != next.loop ? outer : queue);
      }
      if (next.loop > ALONE && next.loop != node.loop && --loop(next.loop).missing == 0) {
        enqueue(next, outer);
      }
    }
    node.loop = 0;
  }

  private Loop loop(int number) {
    return loops.get(number - ALONE - 1);
  }

  /// Installs all of a loop, always going on with the package that is farthest from breaking what a
  /// scriptlet needs.
  private void installLoop(int number, List<Node> outer) {
    Loop loop = loop(number);
    measure(loop, number);
    while (true) {
      Node best = null;
      for (Node member : loop.members) {
        if (member.loop != 0 && (best == null || member.reach >= best.reach)) {
          best = member;
        }
      }
      if (best == null) {
        return;
      }
      List<Node> queue = new ArrayList<>();
      queue.add(best);
      while (!queue.isEmpty()) {
        install(queue.removeFirst(), queue, outer);
      }
    }
  }

  /// How many requirements each member is from one that requires something for its scriptlets.
  private static void measure(Loop loop, int number) {
    Deque<Node> queue = new ArrayDeque<>();
    for (Node member : loop.members) {
      boolean needs =
          member.required.stream().anyMatch(edge -> edge.forScriptlets && edge.node.loop == number);
      member.reach = needs ? 0 : Integer.MAX_VALUE;
      if (needs) {
        queue.add(member);
      }
    }
    while (!queue.isEmpty()) {
      Node node = queue.remove();
      for (Edge edge : node.required) {
        if (edge.node.loop == number && edge.node.reach > node.reach + 1) {
          edge.node.reach = node.reach + 1;
          queue.add(edge.node);
        }
      }
    }
  }
}
