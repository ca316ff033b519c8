package org.overpak.testing;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.overpak.Digest;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Dependency.Operator;
import org.overpak.rpm.Dependency.Simple;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageMetadata;

/// Metadata of a repository that has no package files, which are not needed to be told what would
/// be installed: dnf, libsolv and Overpak read it.
public final class Repodata {
  private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  private static final String NAMESPACE = "http://linux.duke.edu/metadata/";

  private Repodata() {}

  /// Writes `repodata` with all that is known of PACKAGES below DIRECTORY.
  public static void write(Path directory, List<PackageMetadata> packages) throws IOException {
    write(directory, packages, Map.of());
  }

  /// The same with more metadata.
  ///
  /// @param more by their types: `group`, `modules`
  public static void write(Path directory, List<PackageMetadata> packages, Map<String, String> more)
      throws IOException {
    Path repodata = Files.createDirectories(directory.resolve("repodata"));
    try (var primary = writer(repodata.resolve("primary.xml"));
        var filelists = writer(repodata.resolve("filelists.xml"))) {
      primary.write(
          "%s<metadata xmlns=\"%scommon\" xmlns:rpm=\"%srpm\" packages=\"%d\">\n"
              .formatted(HEAD, NAMESPACE, NAMESPACE, packages.size()));
      filelists.write(
          "%s<filelists xmlns=\"%sfilelists\" packages=\"%d\">\n"
              .formatted(HEAD, NAMESPACE, packages.size()));
      for (PackageMetadata one : packages) {
        write(primary, filelists, one);
      }
      primary.write("</metadata>\n");
      filelists.write("</filelists>\n");
    }
    var index = new StringBuilder(HEAD + "<repomd xmlns=\"" + NAMESPACE + "repo\">\n");
    for (Map.Entry<String, String> one : more.entrySet()) {
      Files.writeString(repodata.resolve(one.getKey() + ".xml"), one.getValue());
    }
    for (String type :
        Stream.concat(Stream.of("primary", "filelists"), more.keySet().stream()).toList()) {
      byte[] bytes = Files.readAllBytes(repodata.resolve(type + ".xml"));
      String hex = Digest.sha256(bytes).hex();
      index.append(
          """
          <data type="%s">
            <checksum type="sha256">%s</checksum>
            <open-checksum type="sha256">%s</open-checksum>
            <location href="repodata/%s.xml"/>
            <timestamp>1</timestamp><size>%d</size><open-size>%d</open-size>
          </data>
          """
              .formatted(type, hex, hex, type, bytes.length, bytes.length));
    }
    Files.writeString(repodata.resolve("repomd.xml"), index + "</repomd>\n");
  }

  private static Writer writer(Path file) throws IOException {
    return new OutputStreamWriter(
        new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), StandardCharsets.UTF_8);
  }

  private static void write(Writer primary, Writer filelists, PackageMetadata metadata)
      throws IOException {
    Nevra nevra = metadata.nevra();
    String id = Digest.sha256(nevra.toString().getBytes(StandardCharsets.UTF_8)).hex();
    String version =
        "epoch=\"%d\" ver=\"%s\" rel=\"%s\""
            .formatted(nevra.evr().epoch(), nevra.evr().version(), nevra.evr().release());
    primary.write(
        """
        <package type="rpm"><name>%s</name><arch>%s</arch><version %s/>
        <checksum type="sha256" pkgid="YES">%s</checksum>
        <summary>s</summary><description>d</description><packager/><url/>
        <time file="1" build="1"/><size package="1024" installed="%d" archive="1"/>
        <location href="Packages/%s.rpm"/>
        <format><rpm:license>l</rpm:license><rpm:group>g</rpm:group>
        """
            .formatted(
                nevra.name(),
                nevra.arch(),
                version,
                id,
                metadata.installedSize(),
                escaped(nevra.toString())));
    var text = new StringBuilder("<rpm:provides>");
    append(text, nevra.asProvide());
    metadata.relations().provides().forEach(each -> append(text, each));
    text.append("</rpm:provides>");
    append(text, "requires", metadata.relations().requires());
    append(text, "conflicts", metadata.relations().conflicts());
    append(text, "obsoletes", metadata.relations().obsoletes());
    append(text, "recommends", metadata.relations().recommends());
    append(text, "suggests", metadata.relations().suggests());
    append(text, "supplements", metadata.relations().supplements());
    append(text, "enhances", metadata.relations().enhances());
    var files = new StringBuilder();
    metadata
        .files()
        .forEach(file -> files.append("<file>").append(escaped(file)).append("</file>"));
    primary.write(text + files.toString() + "</format></package>\n");
    filelists.write(
        "<package pkgid=\"%s\" name=\"%s\" arch=\"%s\"><version %s/>%s</package>\n"
            .formatted(id, nevra.name(), nevra.arch(), version, files));
  }

  private static void append(StringBuilder text, String kind, List<Dependency> dependencies) {
    if (!dependencies.isEmpty()) {
      text.append("<rpm:").append(kind).append('>');
      dependencies.forEach(each -> append(text, each));
      text.append("</rpm:").append(kind).append('>');
    }
  }

  private static void append(StringBuilder text, Dependency dependency) {
    String name = dependency instanceof Simple simple ? simple.name() : dependency.toString();
    text.append("<rpm:entry name=\"").append(escaped(name)).append('"');
    if (dependency instanceof Simple(_, var operator, var evr) && evr != null) {
      text.append(
          " flags=\"%s\" epoch=\"%d\" ver=\"%s\""
              .formatted(flags(operator), evr.epoch(), evr.version()));
      text.append(evr.release().isEmpty() ? "" : " rel=\"" + evr.release() + "\"");
    }
    text.append("/>");
  }

  private static String flags(Operator operator) {
    return switch (operator) {
      case LESS -> "LT";
      case LESS_OR_EQUAL -> "LE";
      case EQUAL -> "EQ";
      case GREATER_OR_EQUAL -> "GE";
      case GREATER -> "GT";
      case ANY, NOT_EQUAL -> throw new IllegalArgumentException("no metadata says " + operator);
    };
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
