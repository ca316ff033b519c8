package org.overpak.repo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.rpm.Dependency;
import org.overpak.rpm.Evr;
import org.overpak.rpm.Nevra;
import org.overpak.rpm.PackageHeader;
import org.overpak.rpm.PackageMetadata;
import org.overpak.rpm.Relations;

/// Writes the metadata of a repository that has nothing but packages that were verified, for
/// package managers that read it in a place of ours: what resolving needs (createrepo_c,
/// `xml_dump_primary.c`), all files of each package included, so that no other lists are.
public final class RepositoryWriter {
  private static final String RPM = "rpm";

  private RepositoryWriter() {}

  /// The name of the file of a package, relative to the repository.
  public static String fileName(Nevra nevra) {
    return "%s-%s-%s.%s.rpm"
        .formatted(nevra.name(), nevra.evr().version(), nevra.evr().release(), nevra.arch());
  }

  /// Writes `repomd.xml` and what it names into DIRECTORY, which becomes `repodata` of the
  /// repository of PACKAGES. The same packages give the same bytes.
  ///
  /// @throws IOException if they cannot be written
  public static void write(List<VerifiedPackage> packages, Path directory) throws IOException {
    byte[] primary = document(xml -> primary(xml, packages));
    Files.write(directory.resolve("primary.xml"), primary);
    Files.write(directory.resolve("repomd.xml"), document(xml -> index(xml, primary)));
  }

  /// Writes the elements of a document.
  private interface Body {
    void writeTo(XMLStreamWriter xml) throws XMLStreamException, IOException;
  }

  private static byte[] document(Body body) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newFactory().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
      xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
      body.writeTo(xml);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException("metadata cannot be written as XML", e);
    }
    return bytes.toByteArray();
  }

  private static void index(XMLStreamWriter xml, byte[] primary) throws XMLStreamException {
    xml.writeStartElement("repomd");
    xml.writeDefaultNamespace("http://linux.duke.edu/metadata/repo");
    text(xml, "revision", "0");
    xml.writeStartElement("data");
    xml.writeAttribute("type", "primary");
    for (String name : List.of("checksum", "open-checksum")) {
      xml.writeStartElement(name);
      xml.writeAttribute("type", "sha256");
      xml.writeCharacters(Digest.sha256(primary).hex());
      xml.writeEndElement();
    }
    empty(xml, "location", "href", "repodata/primary.xml");
    text(xml, "timestamp", "0");
    text(xml, "size", Integer.toString(primary.length));
    text(xml, "open-size", Integer.toString(primary.length));
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private static void primary(XMLStreamWriter xml, List<VerifiedPackage> packages)
      throws XMLStreamException {
    xml.writeStartElement("metadata");
    xml.writeDefaultNamespace("http://linux.duke.edu/metadata/common");
    xml.writeNamespace(RPM, "http://linux.duke.edu/metadata/rpm");
    xml.writeAttribute("packages", Integer.toString(packages.size()));
    for (VerifiedPackage one : packages) {
      write(xml, one);
    }
    xml.writeEndElement();
  }

  private static void write(XMLStreamWriter xml, VerifiedPackage one) throws XMLStreamException {
    PackageHeader header = one.file().header();
    PackageMetadata metadata = header.metadata();
    Nevra nevra = metadata.nevra();
    Digest digest = one.source().digest();
    xml.writeStartElement("package");
    xml.writeAttribute("type", "rpm");
    text(xml, "name", nevra.name());
    text(xml, "arch", nevra.arch());
    xml.writeStartElement("version");
    version(xml, nevra.evr());
    xml.writeEndElement();
    xml.writeStartElement("checksum");
    String name = digest.toString();
    xml.writeAttribute("type", name.substring(0, name.indexOf(':')));
    xml.writeAttribute("pkgid", "YES");
    xml.writeCharacters(digest.hex());
    xml.writeEndElement();
    String built = Long.toString(header.buildTime());
    empty(xml, "time", "file", built, "build", built);
    String installed = Long.toString(metadata.installedSize());
    String size = Long.toString(one.file().size());
    empty(xml, "size", "package", size, "installed", installed, "archive", installed);
    empty(xml, "location", "href", fileName(nevra));
    xml.writeStartElement("format");
    text(xml, RPM + ":sourcerpm", metadata.sourceRpm());
    relations(xml, metadata.relations());
    for (String file : metadata.files()) {
      if (file.codePoints().allMatch(RepositoryWriter::isOfXml)) {
        text(xml, "file", file);
      }
    }
    xml.writeEndElement();
    xml.writeEndElement();
  }

  /// Nobody can require a file whose name no metadata can have.
  private static boolean isOfXml(int c) {
    return c == '\t' || (c >= 0x20 && c < 0xd800) || (c > 0xdfff && c != 0xfffe && c != 0xffff);
  }

  private static void relations(XMLStreamWriter xml, Relations relations)
      throws XMLStreamException {
    entries(xml, "provides", relations.provides());
    entries(xml, "requires", relations.requires());
    entries(xml, "conflicts", relations.conflicts());
    entries(xml, "obsoletes", relations.obsoletes());
    entries(xml, "suggests", relations.suggests());
    entries(xml, "enhances", relations.enhances());
    entries(xml, "recommends", relations.recommends());
    entries(xml, "supplements", relations.supplements());
  }

  private static void entries(XMLStreamWriter xml, String kind, List<Dependency> dependencies)
      throws XMLStreamException {
    if (dependencies.isEmpty()) {
      return;
    }
    xml.writeStartElement(RPM + ":" + kind);
    for (Dependency dependency : dependencies) {
      xml.writeStartElement(RPM + ":entry");
      if (dependency instanceof Dependency.Simple(var name, var operator, var evr)) {
        xml.writeAttribute("name", name);
        String flags = flags(operator);
        if (evr != null && flags != null) {
          xml.writeAttribute("flags", flags);
          version(xml, evr);
        }
      } else {
        xml.writeAttribute("name", dependency.toString());
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static @Nullable String flags(Dependency.Operator operator) {
    return switch (operator) {
      case LESS -> "LT";
      case LESS_OR_EQUAL -> "LE";
      case EQUAL -> "EQ";
      case GREATER_OR_EQUAL -> "GE";
      case GREATER -> "GT";
      case ANY, NOT_EQUAL -> null;
    };
  }

  private static void version(XMLStreamWriter xml, Evr evr) throws XMLStreamException {
    xml.writeAttribute("epoch", Integer.toUnsignedString(evr.epoch()));
    xml.writeAttribute("ver", evr.version());
    if (!evr.release().isEmpty()) {
      xml.writeAttribute("rel", evr.release());
    }
  }

  private static void text(XMLStreamWriter xml, String name, String text)
      throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(text);
    xml.writeEndElement();
  }

  private static void empty(XMLStreamWriter xml, String name, String... attributes)
      throws XMLStreamException {
    xml.writeStartElement(name);
    for (int i = 0; i < attributes.length; i += 2) {
      xml.writeAttribute(attributes[i], attributes[i + 1]);
    }
    xml.writeEndElement();
  }
}
