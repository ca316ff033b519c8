package org.overpak.rpm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.overpak.testing.Command;

/// Packages that rpmbuild makes for a test.
public final class RpmBuild {
  /// A package with one of everything that a header can say and a payload can hold.
  static final String MOTLEY =
      """
      Name: motley
      Epoch: 3
      Version: 1.0~rc1
      Release: 2
      Summary: One of everything
      License: MIT and more
      URL: https://example.org/motley
      Vendor: Tests
      Group: Applications/Ünicode
      BuildArch: noarch
      AutoReqProv: no
      Prefix: /opt/motley
      Requires: bash >= 4
      Requires(pre): coreutils
      Requires(postun): sed < 0:9-1
      Requires: (gawk or mawk)
      Requires: (gtk if desktop else (console and text >= 2))
      Recommends: cake
      Suggests: tea = 1:1
      Supplements: (kitchen with oven)
      Enhances: dinner
      Conflicts: famine
      Obsoletes: mottled < 3
      Provides: mottled = 3-1
      Provides: motley(thing)
      OrderWithRequires: filesystem

      %description
      It has more than
      one line.

      %pretrans -p <lua>
      print("pretrans")

      %pre
      echo pre

      %post -p /sbin/ldconfig

      %preun -p "/bin/sh -e"
      echo preun

      %postun
      echo postun

      %posttrans
      echo posttrans

      %verifyscript
      true

      %triggerprein -- dog
      echo prein

      %triggerin -p /usr/bin/perl -- cat > 1, bird
      print 1;

      %triggerun -- cat
      echo un

      %triggerpostun -- cat < 1
      echo postun

      %filetriggerin -P 100 -- /usr/share/motley /usr/lib/motley
      cat

      %filetriggerun -- /usr/share/motley
      cat

      %transfiletriggerin -p <lua> -P 20000 -- /usr/share/icons
      print(1)

      %transfiletriggerpostun -- /usr/share/icons
      true

      %install
      d=%{buildroot}/usr/share/motley
      mkdir -p $d/empty $d/sticky %{buildroot}/etc %{buildroot}/usr/bin
      echo hello > $d/hello
      : > $d/nothing
      head -c 300000 /dev/zero > $d/zeros
      head -c 5000 /dev/urandom > $d/random
      ln $d/hello $d/hello-again
      ln $d/hello $d/a-first-hello
      : > $d/void; ln $d/void $d/void-too
      ln -s ../motley/hello $d/link
      ln -s /absolute/ünïcode $d/dangling
      echo 'x=1' > %{buildroot}/etc/motley.conf
      echo 'y=1' > %{buildroot}/etc/motley-keep.conf
      echo s > %{buildroot}/usr/bin/motley-suid
      echo c > %{buildroot}/usr/bin/motley-net
      echo d > $d/README
      echo l > $d/COPYING
      echo ü > "$d/with spáce"
      mkfifo $d/fifo
      echo de > $d/lang-de

      %files
      %dir /usr/share/motley
      /usr/share/motley/hello
      /usr/share/motley/hello-again
      /usr/share/motley/a-first-hello
      /usr/share/motley/void
      /usr/share/motley/void-too
      /usr/share/motley/nothing
      /usr/share/motley/zeros
      /usr/share/motley/random
      /usr/share/motley/link
      /usr/share/motley/dangling
      /usr/share/motley/fifo
      "/usr/share/motley/with spáce"
      %dir /usr/share/motley/empty
      %attr(1777,root,root) %dir /usr/share/motley/sticky
      %config /etc/motley.conf
      %config(noreplace) %attr(640,root,mail) /etc/motley-keep.conf
      %attr(4755,motleyuser,motleygroup) /usr/bin/motley-suid
      %caps(cap_net_raw,cap_net_admin=ep) /usr/bin/motley-net
      %doc %attr(644,root,root) /usr/share/motley/README
      %license /usr/share/motley/COPYING
      %lang(de) /usr/share/motley/lang-de
      %ghost /var/lib/motley.state
      %attr(660,root,disk) %dev(b,8,17) /dev/motley

      %changelog
      * Mon Jan 01 2024 A Tester <a@example.org> - 1.0-1
      - First
      """;

  private RpmBuild() {}

  /// Builds SPEC in DIRECTORY, which is new or empty, and gives the only binary package.
  ///
  /// @param definitions macros, `NAME VALUE`
  static Path build(Path directory, String spec, String... definitions) {
    return buildAll(directory, spec, definitions).getFirst();
  }

  /// As {@link #build}, all binary packages in the order of their file names.
  public static List<Path> buildAll(Path directory, String spec, String... definitions) {
    try {
      Files.createDirectories(directory);
      Path file = Files.writeString(directory.resolve("package.spec"), spec);
      List<String> line = new ArrayList<>(List.of("rpmbuild", "-bb", "--quiet"));
      Stream.concat(
              Stream.of("_topdir " + directory.toAbsolutePath(), "__os_install_post %{nil}"),
              Stream.of(definitions))
          .forEach(definition -> line.addAll(List.of("--define", definition)));
      line.add(file.toString());
      Command.of(line).run();
      try (var packages = Files.walk(directory.resolve("RPMS"))) {
        List<Path> result =
            packages.filter(path -> path.toString().endsWith(".rpm")).sorted().toList();
        if (result.isEmpty()) {
          throw new AssertionError("rpmbuild made no package");
        }
        return result;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
