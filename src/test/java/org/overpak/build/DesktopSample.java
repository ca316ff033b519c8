package org.overpak.build;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.overpak.tree.Attributes;
import org.overpak.tree.Content;
import org.overpak.tree.Entry;
import org.overpak.tree.FileTree;
import org.overpak.tree.TreePath;

/// The files of a desktop app as its package installs them, under names that are not its ID.
final class DesktopSample {
  static final String ID = "org.example.App";

  static final String DESKTOP =
      """
      # A comment before all.
      [Desktop Entry]
      Type=Application
      Name=Sample
      Name[de]=Muster
      Name[pt_BR]=\\sAmostra
      Comment=Shows what is renamed
      # A comment inside.
      Exec=sample %U
      Icon=sample
      Icon[de]=sample
      Icon[fr]=sample-fr
      Categories=GTK;Utility;TextEditor;X-Sample;
      Keywords=edit;text;
      Keywords[de]=bearbeiten;
      MimeType=text/x-sample;text/plain;
      X-Flatpak-RenamedFrom=older.desktop;
      Actions=new;

      [Desktop Action new]
      Name=New
      Name[de]=Neu
      Icon=sample
      Exec=sample --new

      """;

  static final String METAINFO =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- Copyright 'somebody' & others: a comment may have that -->
      <component type="desktop-application">
        <id>sample.desktop</id>
        <metadata_license>CC0-1.0</metadata_license>
        <project_license>GPL-3.0-or-later</project_license>
        <name>Sample &amp; "more"</name>
        <name xml:lang="de">Muster</name>
        <summary>Shows what is renamed</summary>
        <summary xml:lang="de">Zeigt, was umbenannt wird</summary>
        <description>
          <p>First paragraph with <em>emphasis</em> and <code>code</code>.</p>
          <p xml:lang="de">Erster Absatz.</p>
          <ul>
            <li>One</li>
            <li xml:lang="de">Eins</li>
            <li>Two</li>
            <li xml:lang="de">Zwei</li>
          </ul>
        </description>
        <launchable type="desktop-id">sample.desktop</launchable>
        <url type="homepage">https://example.org/</url>
        <developer_name>Somebody</developer_name>
        <update_contact>somebody@example.org</update_contact>
        <translation type="gettext">sample</translation>
        <content_rating type="oars-1.1">
          <content_attribute id="violence-cartoon">none</content_attribute>
        </content_rating>
        <screenshots>
          <screenshot type="default">
            <caption>Main window</caption>
            <caption xml:lang="de">Hauptfenster</caption>
            <image>https://example.org/a.png</image>
          </screenshot>
        </screenshots>
        <releases>
          <release version="1.1" date="2024-01-02">
            <description>
              <p>New things</p>
              <p xml:lang="de">Neues</p>
            </description>
          </release>
          <release version="1.0" date="2023-01-02"/>
        </releases>
        <provides>
          <binary>sample</binary>
        </provides>
      </component>
      """;

  static final String MIME =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE mime-info [
        <!ELEMENT mime-info (mime-type)*>
      ]>
      <mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
        <mime-type type="text/x-sample">
          <comment>Sample's text</comment>
          <glob pattern="*.sample"/>
        </mime-type>
        <mime-type type="text/x-iconed">
          <icon name="sample-iconed"/>
        </mime-type>
        <mime-type type="text/x-generic">
          <generic-icon name="sample-generic"/>
        </mime-type>
        <mime-type type="text/x-other">
          <icon name="text-x-generic"/>
        </mime-type>
      </mime-info>
      """;

  private final Map<TreePath, Entry> entries = new HashMap<>();

  private DesktopSample() {}

  /// All of it; the metainfo as METAINFO in the directory `share/DIRECTORY`.
  static FileTree tree(String directory, String metainfo) {
    var sample = new DesktopSample();
    sample.file("bin/sample", 0755, "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8));
    sample.text("share/applications/sample.desktop", DESKTOP);
    sample.text("share/applications/other.desktop", DESKTOP);
    sample.text("share/" + directory + "/sample.appdata.xml", metainfo);
    sample.text("share/mime/packages/sample.xml", MIME);
    for (int size : new int[] {16, 64, 128}) {
      String icons = "share/icons/hicolor/%dx%d/".formatted(size, size);
      sample.file(icons + "apps/sample.png", 0644, png(size));
      sample.file(icons + "mimetypes/text-x-sample.png", 0644, png(size));
      sample.file(icons + "mimetypes/sample-iconed.png", 0644, png(size));
      sample.file(icons + "mimetypes/sample-generic.png", 0644, png(size));
    }
    String svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"16\" height=\"16\"/>";
    sample.text("share/icons/hicolor/scalable/apps/sample.svg", svg);
    sample.text("share/icons/hicolor/symbolic/apps/sample-symbolic.svg", svg);
    sample.text("share/icons/HighContrast/scalable/apps/sample.svg", svg);
    // None of these is the app's icon.
    sample.text("share/icons/hicolor/scalable/apps/sample-tool.svg", svg);
    sample.text("share/icons/hicolor/scalable/apps/samples.svg", svg);
    sample.text("share/icons/sample.svg", svg);
    sample.text("share/icons/hicolor/scalable/apps/deep/sample.svg", svg);
    sample.entries.put(
        new TreePath("share/icons/hicolor/scalable/apps/sample-link.svg"),
        new Entry.Symlink(Attributes.of(0777, 0), "sample.svg"));
    return FileTree.of(sample.entries);
  }

  private void text(String path, String text) {
    file(path, 0644, text.getBytes(StandardCharsets.UTF_8));
  }

  private void file(String path, int mode, byte[] content) {
    entries.put(
        new TreePath(path), new Entry.RegularFile(Attributes.of(mode, 0), Content.of(content)));
  }

  /// A grey square.
  static byte[] png(int size) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(8).putLong(0x89504e470d0a1a0aL).array());
    byte[] header =
        ByteBuffer.allocate(13).putInt(size).putInt(size).put(new byte[] {8, 0, 0, 0, 0}).array();
    chunk(out, "IHDR", header);
    var deflater = new Deflater();
    deflater.setInput(new byte[size * (size + 1)]);
    deflater.finish();
    byte[] buffer = new byte[1 << 16];
    int length = deflater.deflate(buffer);
    deflater.end();
    chunk(out, "IDAT", ByteBuffer.allocate(length).put(buffer, 0, length).array());
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    var crc = new CRC32();
    crc.update(name);
    crc.update(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    out.writeBytes(name);
    out.writeBytes(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
