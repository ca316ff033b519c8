package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;

/// The arrays in which a header keeps one of its three kinds of triggers. Conditions and scripts
/// are separate; each condition has the number of its script.
enum TriggerTags {
  PACKAGE(
      Tag.TRIGGERSCRIPTS,
      Tag.TRIGGERSCRIPTPROG,
      Tag.TRIGGERSCRIPTFLAGS,
      Tag.TRIGGERNAME,
      Tag.TRIGGERFLAGS,
      Tag.TRIGGERINDEX),
  FILE(
      Tag.FILETRIGGERSCRIPTS,
      Tag.FILETRIGGERSCRIPTPROG,
      Tag.FILETRIGGERSCRIPTFLAGS,
      Tag.FILETRIGGERNAME,
      Tag.FILETRIGGERFLAGS,
      Tag.FILETRIGGERINDEX),
  TRANSACTION_FILE(
      Tag.TRANSFILETRIGGERSCRIPTS,
      Tag.TRANSFILETRIGGERSCRIPTPROG,
      Tag.TRANSFILETRIGGERSCRIPTFLAGS,
      Tag.TRANSFILETRIGGERNAME,
      Tag.TRANSFILETRIGGERFLAGS,
      Tag.TRANSFILETRIGGERINDEX);

  private final Tag bodies;
  private final Tag interpreters;
  private final Tag scriptFlags;
  private final Tag names;
  private final Tag flags;
  private final Tag indexes;

  TriggerTags(Tag bodies, Tag interpreters, Tag scriptFlags, Tag names, Tag flags, Tag indexes) {
    this.bodies = bodies;
    this.interpreters = interpreters;
    this.scriptFlags = scriptFlags;
    this.names = names;
    this.flags = flags;
    this.indexes = indexes;
  }

  boolean isIn(Header header) {
    return header.has(names);
  }

  List<Script> scripts(Header header) {
    List<String> body = header.strings(bodies);
    List<String> interpreter = header.strings(interpreters);
    long[] flag = header.numbers(scriptFlags);
    var result = new ArrayList<Script>();
    for (int i = 0; i < body.size(); i++) {
      result.add(
          new Script(
              i < interpreter.size() ? List.of(interpreter.get(i)) : Script.SHELL,
              body.get(i),
              i < flag.length ? (int) flag[i] : 0));
    }
    return result;
  }

  /// The numbers of the conditions that belong to each script, in order.
  List<List<Integer>> conditions(Header header, int scripts) {
    long[] index = header.numbers(indexes);
    int count = header.strings(names).size();
    if (index.length != count || header.numbers(flags).length != count) {
      throw header.origin().malformed("%d trigger conditions, but %d indexes", count, index.length);
    }
    var result = new ArrayList<List<Integer>>();
    for (int script = 0; script < scripts; script++) {
      result.add(new ArrayList<>());
    }
    for (int condition = 0; condition < count; condition++) {
      if (index[condition] >= scripts) {
        throw header
            .origin()
            .malformed("%s names script %d of %d", indexes, index[condition], scripts);
      }
      result.get((int) index[condition]).add(condition);
    }
    return result;
  }

  Tag names() {
    return names;
  }

  long[] flags(Header header) {
    return header.numbers(flags);
  }
}
