package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;

/// Reads the text form of dependencies: `NAME [OPERATOR EVR]`, or a rich dependency in parentheses
/// (rpmds.cc, `rpmrichParse`). Several of `and`, `or` and `with` may be chained, nothing else.
final class DependencyParser {
  /// Deeper than any real package nests, shallow enough for the stack.
  private static final int DEEPEST = 64;

  private final String text;
  private int at;

  DependencyParser(String text) {
    this.text = text;
  }

  Dependency parse() {
    Dependency result = term(0);
    skipSpace();
    if (at < text.length()) {
      throw error("unexpected '" + text.substring(at) + "'");
    }
    return result;
  }

  private Dependency term(int depth) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == '(') {
      if (depth == DEEPEST) {
        throw error("nested too deeply");
      }
      at++;
      Dependency result = expression(depth + 1);
      skipSpace();
      if (at == text.length() || text.charAt(at) != ')') {
        throw error("')' is missing");
      }
      at++;
      return result;
    }
    return simple();
  }

  private Dependency expression(int depth) {
    List<Dependency> operands = new ArrayList<>(List.of(term(depth)));
    String word = peekWord();
    if (word.isEmpty()) {
      return operands.getFirst();
    }
    Dependency.Connective connective = connective(word);
    while (peekWord().equals(connective.word())) {
      at += connective.word().length();
      operands.add(term(depth));
      if (!isChainable(connective)) {
        break;
      }
    }
    boolean conditional =
        connective == Dependency.Connective.IF || connective == Dependency.Connective.UNLESS;
    if (conditional && peekWord().equals("else")) {
      at += "else".length();
      return new Dependency.Conditional(connective, operands.get(0), operands.get(1), term(depth));
    }
    return new Dependency.Joined(connective, operands);
  }

  private static boolean isChainable(Dependency.Connective connective) {
    return switch (connective) {
      case AND, OR, WITH -> true;
      case IF, UNLESS, WITHOUT -> false;
    };
  }

  private Dependency.Connective connective(String word) {
    for (Dependency.Connective connective : Dependency.Connective.values()) {
      if (connective.word().equals(word)) {
        return connective;
      }
    }
    throw error("unknown word '" + word + "'");
  }

  private Dependency simple() {
    String name = token();
    if (name.isEmpty()) {
      throw error("a name is missing");
    }
    int mark = at;
    Dependency.Operator operator = operator(peekWord());
    if (operator == Dependency.Operator.ANY) {
      at = mark;
      return Dependency.named(name);
    }
    skipSpace();
    token();
    skipSpace();
    String evr = token();
    if (evr.isEmpty()) {
      throw error("a version is missing after '" + operator.symbol() + "'");
    }
    return new Dependency.Simple(name, operator, Evr.parse(evr));
  }

  private static Dependency.Operator operator(String symbol) {
    return switch (symbol) {
      case "<" -> Dependency.Operator.LESS;
      case "<=", "=<" -> Dependency.Operator.LESS_OR_EQUAL;
      case "=", "==" -> Dependency.Operator.EQUAL;
      case ">=", "=>" -> Dependency.Operator.GREATER_OR_EQUAL;
      case ">" -> Dependency.Operator.GREATER;
      default -> Dependency.Operator.ANY;
    };
  }

  /// Up to a space or an unbalanced `)`: parentheses inside names belong to them.
  private String token() {
    skipSpace();
    int start = at;
    int open = 0;
    while (at < text.length() && !isSpace(text.charAt(at))) {
      char c = text.charAt(at);
      if (c == ')' && open-- == 0) {
        break;
      }
      if (c == '(') {
        open++;
      }
      at++;
    }
    return text.substring(start, at);
  }

  private String peekWord() {
    skipSpace();
    int mark = at;
    String word = token();
    at = mark;
    return word;
  }

  private void skipSpace() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n';
  }

  private IllegalArgumentException error(String what) {
    return new IllegalArgumentException("not a dependency: '" + text + "': " + what);
  }
}
