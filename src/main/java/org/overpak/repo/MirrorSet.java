package org.overpak.repo;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;

/// What a mirrorlist or metalink says: more base URLs, and perhaps which digests `repomd.xml` may
/// have.
///
/// @param digests of `repomd.xml`; empty where anything goes
record MirrorSet(List<URI> baseUrls, Set<Digest> digests) {
  static final MirrorSet NONE = new MirrorSet(List.of(), Set.of());

  private static final String METALINK = "http://www.metalinker.org/";
  private static final String SUFFIX = "repodata/repomd.xml";

  /// One URL a line; `#` begins a comment. Other schemes than HTTP are passed over, as lists have
  /// them for other programs.
  static MirrorSet parseList(byte[] content) {
    List<URI> urls = new ArrayList<>();
    for (String line : new String(content, StandardCharsets.UTF_8).lines().toList()) {
      addUrl(urls, line.strip());
    }
    return new MirrorSet(urls, Set.of());
  }

  private static void addUrl(List<URI> urls, String text) {
    if (text.startsWith("http://") || text.startsWith("https://")) {
      try {
        urls.add(Urls.parse(text));
      } catch (IllegalArgumentException e) {
        // One bad line must not make the good ones useless.
      }
    }
  }

  /// The metalink 3 of MirrorManager: hashes of the newest `repomd.xml` and of those before it that
  /// mirrors may still have, and the URLs of each mirror's.
  static MirrorSet parseMetalink(byte[] content, String origin) {
    record Ranked(URI base, int preference) {}

    List<Ranked> ranked = new ArrayList<>();
    Set<Digest> digests = new HashSet<>();
    try (var xml = XmlCursor.open(new ByteArrayInputStream(content), origin)) {
      xml.root(METALINK, "metalink");
      // Flat: hashes stand at two depths, and no other element has their names.
      while (xml.nextStart()) {
        if (xml.name().equals("hash")) {
          addDigest(digests, xml.require("type"), xml.text().strip());
        } else if (xml.name().equals("url")) {
          @Nullable String preference = xml.attribute("preference");
          List<URI> one = new ArrayList<>();
          String text = xml.text().strip();
          if (text.endsWith(SUFFIX)) {
            addUrl(one, text.substring(0, text.length() - SUFFIX.length()));
          }
          int rank = preference == null ? 0 : (int) Math.min(xml.size(preference), 100);
          one.forEach(url -> ranked.add(new Ranked(url, rank)));
        }
      }
    }
    if (digests.isEmpty()) {
      throw new OverpakException(
          ExitCode.UNTRUSTED,
          "the metalink " + origin + " has no strong hash of repomd.xml",
          "Use a baseurl or mirrorlist instead.");
    }
    ranked.sort(Comparator.comparingInt(Ranked::preference).reversed());
    return new MirrorSet(ranked.stream().map(Ranked::base).toList(), digests);
  }

  private static void addDigest(Set<Digest> digests, String type, String hex) {
    try {
      var digest = new Digest(Digest.Algorithm.named(type.replace("-", "")), hex);
      if (digest.algorithm().isStrong()) {
        digests.add(digest);
      }
    } catch (IllegalArgumentException e) {
      // An algorithm of the future; others are there too.
    }
  }

  /// Whether CONTENT is a `repomd.xml` that these mirrors should have.
  boolean accepts(byte[] content) {
    return digests.isEmpty()
        || digests.stream()
            .anyMatch(
                digest -> {
                  var running = digest.algorithm().start();
                  running.update(content);
                  return Digest.finish(digest.algorithm(), running).equals(digest);
                });
  }
}
