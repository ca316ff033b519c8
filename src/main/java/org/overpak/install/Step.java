package org.overpak.install;

import java.util.List;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.Script;

/// One thing that rpm does in a transaction that installs.
public sealed interface Step {

  /// The package's files appear in the root.
  record Unpack(PackageHeader header) implements Step {}

  /// The users and groups appear that the package asks for by what it provides; rpm does that since
  /// 4.19.
  record MakeAccounts(PackageHeader header) implements Step {}

  /// A script runs in the root.
  ///
  /// @param owner whose script it is
  /// @param section what it is, as a spec file calls it: `%post`, `%transfiletriggerin`
  /// @param hasFile whether the interpreter is given the body, and the arguments; without, it runs
  ///   alone
  /// @param arguments counts of packages, as rpm passes them
  /// @param input what a file trigger reads, one path a line; empty for all other scripts
  /// @param prefixes where the owner was installed to, if it can be relocated
  /// @param critical whether the package is not installed if this fails, in any version of rpm
  record RunScript(
      PackageHeader owner,
      String section,
      Script script,
      boolean hasFile,
      List<Integer> arguments,
      List<String> input,
      List<String> prefixes,
      boolean critical)
      implements Step {
    public RunScript {
      arguments = List.copyOf(arguments);
      input = List.copyOf(input);
      prefixes = List.copyOf(prefixes);
    }

    /// Whether it is for rpm itself to run: Lua, and what has macros.
    boolean needsRpm() {
      return script.isLua() || (hasFile && script.expandsMacros());
    }

    /// As rpm names it: `%post(NEVRA)`.
    public String description() {
      Nevra nevra = owner.nevra();
      return section + "(" + nevra + ")";
    }
  }
}
