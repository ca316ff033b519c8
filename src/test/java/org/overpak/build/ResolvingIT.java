package org.overpak.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.Progress;
import org.overpak.solve.UniverseText;
import org.overpak.spec.ContainerSpec;
import org.overpak.testing.Command;
import org.overpak.testing.DnfTable;
import org.overpak.testing.Judge;
import org.overpak.testing.Project;
import org.overpak.testing.Repodata;

/// What a spec adds to the test distribution's runtime, and what dnf adds to the same RPM database:
/// groups, modules, weak dependencies, local files, and the repositories' own keys.
class ResolvingIT {
  private static final Judge DNF = Judge.of("dnf");
  private static final String SUBJECT = "packages that specs of apps add";

  private static final String MAIN =
      """
      editor-1-1.noarch; requires text-lib; recommends spellcheck
      text-lib-2-1.noarch
      spellcheck-1-1.noarch
      icons-1-1.noarch; supplements editor
      tool-a-1-1.noarch
      tool-b-1-1.noarch
      tool-c-1-1.noarch
      tool-d-1-1.noarch
      tool-e-1-1.noarch
      nodejs-18-1.noarch
      nodejs-20-1.noarch
      nodejs-21-1.noarch
      server-1-1.noarch; requires nodejs
      """;

  private static final String COMPS =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE comps PUBLIC "-//Red Hat, Inc.//DTD Comps info//EN" "comps.dtd">
      <comps>
        <group><id>tools</id><name>Tools</name><name xml:lang="de">Werkzeuge</name>
          <description/><default>true</default><uservisible>true</uservisible>
          <packagelist>
            <packagereq type="mandatory">tool-a</packagereq>
            <packagereq type="default">tool-b</packagereq>
            <packagereq type="optional">tool-c</packagereq>
            <packagereq type="conditional" requires="editor">tool-d</packagereq>
            <packagereq type="mandatory">tool-gone</packagereq>
          </packagelist>
        </group>
        <group><id>more</id><name>More</name>
          <description/><default>false</default><uservisible>true</uservisible>
          <packagelist><packagereq type="mandatory">tool-e</packagereq></packagelist>
        </group>
        <environment><id>desktop</id><name>Desktop</name><description/>
          <display_order>1</display_order>
          <grouplist><groupid>more</groupid></grouplist>
          <optionlist><groupid>tools</groupid></optionlist>
        </environment>
      </comps>
      """;

  private static final Map<String, String> REPOSITORIES =
      Map.of(
          "base", "",
          "better", "priority=10\n",
          "cheap", "cost=500\n",
          "filtered", "includepkgs=only-*\nexcludepkgs=only-bad\n",
          "hotfixes", "module_hotfixes=1\n");

  private static final Map<String, String> PACKAGES =
      Map.of(
          "base", MAIN,
          "better", "text-lib-1-1.noarch\n",
          "cheap", "tool-a-1-1.noarch\n",
          "filtered", "only-good-1-1.noarch\nonly-bad-1-1.noarch\nother-1-1.noarch\n",
          "hotfixes", "nodejs-19-1.noarch; provides hotfix\n");

  @TempDir private Path directory;

  /// As specs write them.
  private record Request(List<String> packages, boolean weak, String module, List<String> exclude) {
    Request(List<String> packages, boolean weak, String module) {
      this(packages, weak, module, List.of());
    }

    /// PACKAGE, with what it recommends, without what is EXCLUDEd.
    static Request without(String name, String... exclude) {
      return new Request(List.of(name), true, "", List.of(exclude));
    }
  }

  @BeforeEach
  void makeRepositories() throws IOException {
    var file = new StringBuilder();
    for (String id : new TreeSet<>(REPOSITORIES.keySet())) {
      Repodata.write(
          directory.resolve(id),
          UniverseText.packages(PACKAGES.getOrDefault(id, "")),
          id.equals("base") ? Map.of("group", COMPS, "modules", modules()) : Map.of());
      file.append(
          "[%s]\nname=%s\nbaseurl=file://%s\ngpgcheck=0\n%s\n"
              .formatted(id, id, directory.resolve(id), REPOSITORIES.get(id)));
    }
    Files.writeString(Files.createDirectory(directory.resolve("repos")).resolve("all.repo"), file);
    // rpm reads the database's place in an installroot from the caller's own macros
    Files.writeString(
        directory.resolve(".rpmmacros"), "%_dbpath /usr/lib/sysimage/rpm\n%_db_backend sqlite\n");
    Files.copy(
        Project.distro().resolve("repos/apps/Packages/hello-2.10-3.x86_64.rpm"),
        directory.resolve("hello.rpm"));
  }

  private static String modules() {
    return stream("18")
        + stream("20")
        + """
        ---
        document: modulemd-defaults
        version: 1
        data:
          module: nodejs
          stream: "18"
        ...
        """;
  }

  private static String stream(String name) {
    return """
        ---
        document: modulemd
        version: 2
        data:
          name: nodejs
          stream: "%s"
          version: 1
          context: abcd
          arch: noarch
          summary: s
          description: d
          license:
            module: [MIT]
          artifacts:
            rpms: [nodejs-0:%s-1.noarch]
        ...
        """
        .formatted(name, name);
  }

  @Test
  void addsWhatDnfAdds() {
    Map<String, Request> requests = new TreeMap<>();
    for (String spec :
        List.of(
            "editor",
            "@tools",
            "@Tools",
            "@more",
            "@desktop",
            "tool-a",
            "only-good",
            "only-bad",
            "other",
            "nodejs",
            "server",
            "hotfix",
            "hello.rpm")) {
      requests.put(spec, new Request(List.of(spec), false, ""));
    }
    requests.put("conditional", new Request(List.of("@tools", "editor"), false, ""));
    requests.put("weak", new Request(List.of("editor"), true, ""));
    requests.put("file and name", new Request(List.of("hello.rpm", "tool-a"), false, ""));
    requests.put("stream 20", new Request(List.of("server"), false, "nodejs:20"));
    requests.put("without what is recommended", Request.without("editor", "spellcheck"));
    requests.put("without any of three", Request.without("editor", "spell*", "icons-1-1", "text"));
    requests.put("without a version", Request.without("text-lib", "text-lib-2"));
    requests.put("without what is required", Request.without("server", "nodejs"));
    requests.put("without what is asked for", Request.without("tool-a", "tool-?.noarch"));
    requests.put("without a member", Request.without("@tools", "tool-b"));
    requests.put("without a file", Request.without("hello.rpm", "hello"));
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    requests.forEach(
        (name, request) -> {
          theirs.put(name, theirs(request));
          ours.put(name, ours(request));
        });
    DNF.compare(SUBJECT, theirs, ours);
    assertThat(ours)
        .containsEntry(
            "stream 20", "install nodejs-20-1.noarch@base\ninstall server-1-1.noarch@base")
        .containsEntry("only-bad", "nothing");
    DNF.distinguishes(
        "the packages of another module stream",
        SUBJECT,
        Map.of("stream", theirs.getOrDefault("stream 20", "")),
        Map.of("stream", ours.getOrDefault("server", "")));
  }

  @Test
  void tellsWhyAPackageIsThere() throws IOException {
    Path spec = spec(new Request(List.of("@tools", "editor"), true, ""));
    assertThat(chain(spec, "text-lib"))
        .containsExactly("the spec asks for editor", "editor-1-1.noarch requires text-lib");
    assertThat(chain(spec, "icons")).containsExactly("icons-1-1.noarch supplements editor");
    assertThat(chain(spec, "/usr/bin/bash")).isEmpty();
    List<String> notes = resolve(spec, AppResolution::notes);
    assertThat(notes).contains("no package is called tool-gone, of @tools");
    assertThatThrownBy(() -> resolve(spec, resolution -> resolution.why("server")))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("nothing that is added needs 'server', which base would have");
    assertThatThrownBy(() -> resolve(spec, resolution -> resolution.why("no-such-package")))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("neither the runtime nor any repository has 'no-such-package'");
  }

  @Test
  void refusesWhatNoRepositoryHas() throws IOException {
    assertThatThrownBy(() -> added(spec(new Request(List.of("@toolz"), false, ""))))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("no repository has a group 'toolz'");
    assertThatThrownBy(() -> added(spec(new Request(List.of("server"), false, "nodejs:22"))))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("enables nodejs:22, but no repository has this stream");
    assertThatThrownBy(() -> added(spec(new Request(List.of("gone.rpm"), false, ""))))
        .isInstanceOf(OverpakException.class)
        .hasMessageContaining("'gone.rpm' in 'packages' names a package file, but there is none");
  }

  private String ours(Request request) {
    try {
      return added(spec(request));
    } catch (OverpakException e) {
      assertThat(e.exitCode()).isEqualTo(ExitCode.UNSOLVABLE);
      return "nothing";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path spec(Request request) throws IOException {
    Path spec = directory.resolve("container.yaml");
    Files.writeString(
        spec,
        """
        flatpak:
          id: org.example.Resolved
          runtime: org.overpak.testing.Platform
          runtime-version: stable
          packages: [%s]
        overpak:
          install-weak-deps: %s
          modules: [%s]
          exclude: [%s]
        """
            .formatted(
                quoted(request.packages),
                request.weak,
                request.module.isEmpty() ? "" : '"' + request.module + '"',
                quoted(request.exclude)));
    return spec;
  }

  private static String quoted(List<String> names) {
    return String.join(", ", names.stream().map(one -> '"' + one + '"').toList());
  }

  private List<String> chain(Path spec, String what) {
    return resolve(spec, resolution -> resolution.why(what).getFirst().chain());
  }

  private String added(Path spec) {
    return resolve(
        spec,
        resolution ->
            String.join(
                "\n",
                new TreeSet<>(
                    resolution.selection().added().stream()
                        .map(one -> "install %s@%s".formatted(one.nevra(), repository(one)))
                        .toList())));
  }

  /// As dnf calls it.
  private static String repository(Selection.Added added) {
    String id = added.metadata().repository();
    return id.equals("commandline") ? "@commandline" : id;
  }

  private <T> T resolve(Path spec, Function<AppResolution, T> reader) {
    TestFlatpaks flatpaks = TestFlatpaks.make();
    return AppResolution.run(
        new AppResolution.Request(
            ContainerSpec.read(spec),
            directory,
            flatpaks.runtime().image().name(),
            null,
            new RepositoryChoice(
                List.of(new RepositoryOption.ConfigFile(directory.resolve("repos/all.repo"))),
                Set.of()),
            flatpaks.cache()),
        Progress.SILENT,
        reader);
  }

  private String theirs(Request request) {
    Path root = directory.resolve("root-" + request.module);
    if (!Files.exists(root)) {
      Path database = root.resolve("usr/lib/sysimage");
      Command.of("mkdir", "-p", database.toString()).run();
      Command.of(
              "cp",
              "-a",
              Project.distro().resolve("root/usr/lib/sysimage/rpm").toString(),
              database.toString())
          .run();
      if (!request.module.isEmpty()) {
        dnf(root, 0, List.of("--assumeyes", "module", "enable", request.module));
      }
    }
    List<String> arguments = new ArrayList<>();
    arguments.add("--setopt=install_weak_deps=" + (request.weak ? 1 : 0));
    arguments.add("--assumeno");
    request.exclude.forEach(one -> arguments.add("--exclude=" + one));
    arguments.add("install");
    request.packages.forEach(
        one -> arguments.add(one.endsWith(".rpm") ? directory.resolve(one).toString() : one));
    Command.Result result = dnf(root, 1, arguments);
    if (!(result.text() + result.errorText()).contains("Operation aborted.")) {
      assertThat(result.errorText()).containsAnyOf("Unable to find a match", "Problem: ");
      return "nothing";
    }
    return String.join("\n", DnfTable.added(result));
  }

  private Command.Result dnf(Path root, int status, List<String> arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--installroot=" + root,
                "--setopt=reposdir=" + directory.resolve("repos"),
                "--setopt=cachedir=" + directory.resolve("dnf"),
                "--setopt=module_platform_id=platform:test",
                "--setopt=best=1",
                "--releasever=1",
                "--forcearch=x86_64"));
    all.addAll(arguments);
    return DNF.run(
        DNF.command(all.toArray(String[]::new))
            .with("HOME", directory.toString())
            .within(Duration.ofMinutes(2))
            .expecting(status));
  }
}
