package org.overpak.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.overpak.build.AddedPackage;
import org.overpak.build.BuiltApp;
import org.overpak.build.BuiltRuntime;
import org.overpak.build.CheckedRuntime;
import org.overpak.build.CommitExport;
import org.overpak.build.ExportedApp;
import org.overpak.build.Finding;
import org.overpak.build.ImportedRuntime;
import org.overpak.build.IndexAssembly;
import org.overpak.build.LocalInstallation;
import org.overpak.build.WrittenImage;
import org.overpak.flatpak.Ref;
import org.overpak.flatpak.RuntimeFiles;
import org.overpak.rpm.Nevra;
import org.overpak.tree.TreePath;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Shows what a command has made: a summary for people, or JSON for programs.
record Report(Console console, ReportOptions options) {
  /// As many changes that are not in the image as people are told of; programs are told of all.
  private static final int SHOWN_LOST = 10;

  void show(BuiltApp app) {
    if (options.isJson()) {
      printJson(json(app));
      return;
    }
    app.notes().forEach(note -> print("note: " + note));
    if (app.isRemembered()) {
      print("nothing has changed since this was built");
    }
    print("added on top of the runtime:");
    for (AddedPackage added : app.added()) {
      print("  %s  (%s, %s)".formatted(added.nevra(), Size.text(added.size()), added.why()));
    }
    app.satisfied().forEach(one -> print("  " + one));
    app.dropped().forEach(leak -> print("dropped: " + leak.path() + " of " + leak.nevra()));
    app.lost().stream()
        .limit(SHOWN_LOST)
        .forEach(path -> print("dropped: " + path + ", which scripts changed"));
    if (app.lost().size() > SHOWN_LOST) {
      print("dropped: " + (app.lost().size() - SHOWN_LOST) + " more such files");
    }
    app.unchecked().forEach(id -> print("signatures NOT checked: repository " + id));
    show(app.image());
    app.extensions().forEach(this::show);
  }

  void show(ExportedApp app) {
    if (options.isJson()) {
      Map<String, Object> json = json(app.image());
      json.put("extensions", app.extensions().stream().map(Report::json).toList());
      json.put("added", app.added().stream().map(Nevra::toString).toList());
      json.put("unowned-files", app.unowned());
      json.put("dropped", app.dropped().stream().map(leak -> leak.path().toString()).toList());
      json.put("lost", app.lost().stream().map(TreePath::toString).toList());
      json.put("notes", app.notes());
      printJson(json);
      return;
    }
    app.notes().forEach(note -> print("note: " + note));
    print("installed by the container build:");
    app.added().forEach(nevra -> print("  " + nevra));
    if (app.unowned() > 0) {
      print("  and %d files in /app that are of no package".formatted(app.unowned()));
    }
    app.dropped().forEach(leak -> print("dropped: " + leak.path() + " of " + leak.nevra()));
    app.lost().forEach(path -> print("dropped: " + path));
    show(app.image());
    app.extensions().forEach(this::show);
  }

  void show(ImportedRuntime runtime) {
    if (options.isJson()) {
      Map<String, Object> json = json(runtime.image());
      json.put("packages", runtime.packages());
      json.put("left-out", runtime.dropped().stream().map(Report::json).toList());
      json.put("notes", runtime.notes());
      printJson(json);
      return;
    }
    runtime.notes().forEach(note -> print("note: " + note));
    runtime.dropped().forEach(this::show);
    print(runtime.packages() + " packages in the RPM database");
    show(runtime.image());
  }

  void show(BuiltRuntime runtime) {
    if (options.isJson()) {
      Map<String, Object> json = json(runtime.image());
      json.put("added", runtime.added().stream().map(Report::json).toList());
      json.put("left-out", runtime.dropped().stream().map(Report::json).toList());
      json.put("signatures-not-checked", runtime.unchecked());
      json.put("notes", runtime.notes());
      printJson(json);
      return;
    }
    runtime.notes().forEach(note -> print("note: " + note));
    runtime.dropped().forEach(this::show);
    runtime.unchecked().forEach(id -> print("signatures NOT checked: repository " + id));
    print(runtime.added().size() + " packages installed");
    show(runtime.image());
  }

  private void show(RuntimeFiles.Dropped dropped) {
    print(
        "left out: %s (%d %s, %s)"
            .formatted(
                dropped.directory(),
                dropped.files(),
                dropped.files() == 1 ? "file" : "files",
                Size.text(dropped.bytes())));
  }

  private static Map<String, Object> json(RuntimeFiles.Dropped dropped) {
    return Map.of(
        "directory", dropped.directory().toString(),
        "files", dropped.files(),
        "bytes", dropped.bytes());
  }

  void show(CheckedRuntime runtime) {
    if (options.isJson()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("image", runtime.image().toString());
      json.put("digest", runtime.digest().toString());
      json.put("usable", runtime.isUsable());
      json.put("findings", runtime.findings().stream().map(Report::json).toList());
      printJson(json);
      return;
    }
    for (Finding finding : runtime.findings()) {
      print(
          "%-9s %s: %s"
              .formatted(word(finding.verdict()), finding.point().title(), finding.what()));
      if (!finding.advice().isEmpty()) {
        print("          What to do: " + finding.advice());
      }
    }
  }

  private static String word(Finding.Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> json(Finding finding) {
    return Map.of(
        "point", finding.point().title(),
        "verdict", word(finding.verdict()),
        "what", finding.what(),
        "advice", finding.advice());
  }

  void show(CommitExport.Written commit) {
    if (options.isJson()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("place", commit.name().toString());
      json.put("commit", commit.commit().hex());
      json.put("ref", commit.ref().toString());
      json.put("installed-size", commit.installedSize());
      printJson(json);
    } else {
      print(commit.name().toString());
      print(
          "  commit %s  %s installed"
              .formatted(commit.commit().hex(), Size.text(commit.installedSize())));
    }
  }

  void show(IndexAssembly.Written index) {
    List<String> refs = index.refs().stream().map(Ref::toString).toList();
    if (options.isJson()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("image", index.name().toString());
      json.put("digest", index.digest().toString());
      json.put("refs", refs);
      printJson(json);
    } else {
      print(index.name().toString());
      print("  " + index.digest());
      refs.forEach(ref -> print("  " + ref));
    }
  }

  void show(LocalInstallation.Installed installed) {
    if (options.isJson()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("ref", installed.ref().toString());
      json.put("preparing-milliseconds", installed.preparing().toMillis());
      json.put("installing-milliseconds", installed.installing().toMillis());
      printJson(json);
    } else {
      print("installed " + installed.ref());
    }
  }

  void showAlone(WrittenImage image) {
    if (options.isJson()) {
      printJson(json(image));
    } else {
      show(image);
    }
  }

  private void show(WrittenImage image) {
    print("%s".formatted(image.name()));
    print(
        "  %s  %s to download, %s installed"
            .formatted(
                image.digest(), Size.text(image.downloadSize()), Size.text(image.installedSize())));
  }

  private static Map<String, Object> json(WrittenImage image) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("image", image.name().toString());
    json.put("digest", image.digest().toString());
    json.put("ref", image.ref().toString());
    json.put("download-size", image.downloadSize());
    json.put("installed-size", image.installedSize());
    return json;
  }

  private static Map<String, Object> json(BuiltApp app) {
    Map<String, Object> json = json(app.image());
    json.put("extensions", app.extensions().stream().map(Report::json).toList());
    json.put("added", app.added().stream().map(Report::json).toList());
    json.put("dropped", app.dropped().stream().map(leak -> leak.path().toString()).toList());
    json.put("changes-dropped", app.lost().stream().map(TreePath::toString).toList());
    json.put("signatures-not-checked", app.unchecked());
    json.put("notes", app.notes());
    json.put("runtime-scanned", app.isRuntimeScanned());
    json.put("remembered", app.isRemembered());
    return json;
  }

  private static Map<String, Object> json(AddedPackage added) {
    return Map.of(
        "package", added.nevra().toString(),
        "repository", added.repository(),
        "digest", added.digest().toString(),
        "size", added.size(),
        "reason", added.why());
  }

  /// That FILE was written, which JSON says in its own words.
  void showFile(Path file, Map<String, Object> json) {
    if (options.isJson()) {
      printJson(json);
    } else {
      print(file.toString());
    }
  }

  private void print(String line) {
    if (!options.isQuiet()) {
      console.out().println(line);
    }
  }

  private void printJson(Map<String, Object> json) {
    console.out().println(asJson(json));
  }

  /// VALUE as JSON for programs: indented, keys sorted.
  static String asJson(Object value) {
    return JsonMapper.builder()
        .configure(SerializationFeature.INDENT_OUTPUT, true)
        .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
        .build()
        .writeValueAsString(value);
  }
}
