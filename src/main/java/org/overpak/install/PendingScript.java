package org.overpak.install;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.overpak.rpm.FileInfo;
import org.overpak.rpm.FileTrigger;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.Scriptlet;
import org.overpak.rpm.Trigger;

/// A script that rpm would run when packages are added to a root.
///
/// @param owner whose script it is
/// @param what it is and what sets it off, for people: `%post`, `%transfiletriggerin on
///   /app/share/mime/packages/x.xml of x-1-1.noarch`
public record PendingScript(Nevra owner, String what) {

  /// All that would run if ADDED were installed where INSTALLED is, grouped by kind, each in the
  /// order of the packages given. The rules are those of rpm's psm.cc and rpmtriggers.cc: a script
  /// of an added package, a package trigger on an added package or of one, a file trigger of an
  /// installed package on added files, and one of an added package on any file.
  public static List<PendingScript> of(List<PackageHeader> installed, List<PackageHeader> added) {
    List<PendingScript> result = new ArrayList<>();
    for (PackageHeader header : added) {
      header.scriptlets().stream()
          .filter(scriptlet -> runsOnInstall(scriptlet.kind()))
          .forEach(
              scriptlet ->
                  result.add(new PendingScript(header.nevra(), scriptlet.kind().section())));
    }
    List<PackageHeader> all = Stream.concat(installed.stream(), added.stream()).toList();
    for (PackageHeader owner : all) {
      List<PackageHeader> others = added.contains(owner) ? all : added;
      for (Trigger trigger : owner.triggers()) {
        packageTrigger(owner, trigger, others).ifPresent(result::add);
      }
      for (FileTrigger trigger : owner.fileTriggers()) {
        fileTrigger(owner, trigger, others).ifPresent(result::add);
      }
    }
    return List.copyOf(result);
  }

  private static boolean runsOnInstall(Scriptlet.Kind kind) {
    return switch (kind) {
      case PRETRANS, PRE, POST, POSTTRANS -> true;
      case PREUNTRANS, PREUN, POSTUN, POSTUNTRANS, VERIFY -> false;
    };
  }

  private static boolean runsOnInstall(Trigger.Kind kind) {
    return switch (kind) {
      case PREIN, IN -> true;
      case UN, POSTUN -> false;
    };
  }

  private static Optional<PendingScript> packageTrigger(
      PackageHeader owner, Trigger trigger, List<PackageHeader> others) {
    if (!runsOnInstall(trigger.kind())) {
      return Optional.empty();
    }
    return others.stream()
        .filter(other -> other != owner)
        .filter(other -> trigger.conditions().stream().anyMatch(c -> c.isMetBy(other)))
        .findFirst()
        .map(other -> new PendingScript(owner.nevra(), "trigger on the package " + other.nevra()));
  }

  private static Optional<PendingScript> fileTrigger(
      PackageHeader owner, FileTrigger trigger, List<PackageHeader> others) {
    if (!runsOnInstall(trigger.kind())) {
      return Optional.empty();
    }
    for (PackageHeader other : others) {
      for (FileInfo file : other.files()) {
        String path = file.path().toString();
        if (trigger.prefixes().stream().anyMatch(path::startsWith)) {
          String section =
              switch (trigger.scope()) {
                case PACKAGE -> "%filetriggerin";
                case TRANSACTION -> "%transfiletriggerin";
              };
          return Optional.of(
              new PendingScript(owner.nevra(), section + " on " + path + " of " + other.nevra()));
        }
      }
    }
    return Optional.empty();
  }
}
