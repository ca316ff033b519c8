package org.overpak.rpm;

import java.util.ArrayList;
import java.util.List;

/// A script that runs when its own package is installed or erased.
public record Scriptlet(Kind kind, Script script) {

  /// When it runs, in the order of a transaction that installs, then of one that erases.
  public enum Kind {
    PRETRANS("%pretrans", Tag.PRETRANS, Tag.PRETRANSPROG, Tag.PRETRANSFLAGS),
    PRE("%pre", Tag.PREIN, Tag.PREINPROG, Tag.PREINFLAGS),
    POST("%post", Tag.POSTIN, Tag.POSTINPROG, Tag.POSTINFLAGS),
    POSTTRANS("%posttrans", Tag.POSTTRANS, Tag.POSTTRANSPROG, Tag.POSTTRANSFLAGS),
    PREUNTRANS("%preuntrans", Tag.PREUNTRANS, Tag.PREUNTRANSPROG, Tag.PREUNTRANSFLAGS),
    PREUN("%preun", Tag.PREUN, Tag.PREUNPROG, Tag.PREUNFLAGS),
    POSTUN("%postun", Tag.POSTUN, Tag.POSTUNPROG, Tag.POSTUNFLAGS),
    POSTUNTRANS("%postuntrans", Tag.POSTUNTRANS, Tag.POSTUNTRANSPROG, Tag.POSTUNTRANSFLAGS),
    VERIFY("%verifyscript", Tag.VERIFYSCRIPT, Tag.VERIFYSCRIPTPROG, Tag.VERIFYSCRIPTFLAGS);

    private final String section;
    private final Tag body;
    private final Tag interpreter;
    private final Tag flags;

    Kind(String section, Tag body, Tag interpreter, Tag flags) {
      this.section = section;
      this.body = body;
      this.interpreter = interpreter;
      this.flags = flags;
    }

    /// Its section in a spec file, `%post`.
    public String section() {
      return section;
    }
  }

  static List<Scriptlet> read(Header header) {
    var result = new ArrayList<Scriptlet>();
    for (Kind kind : Kind.values()) {
      List<String> interpreter = header.strings(kind.interpreter);
      if (header.has(kind.body) || !interpreter.isEmpty()) {
        result.add(
            new Scriptlet(
                kind,
                new Script(
                    interpreter.isEmpty() ? Script.SHELL : interpreter,
                    header.string(kind.body),
                    (int) header.number(kind.flags, 0))));
      }
    }
    return result;
  }
}
