package org.overpak.repo;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.overpak.Digest;
import org.overpak.repo.RepositoryConfig.Mirrors;

/// The last `repomd.xml` of each repository that was fetched over a network, and what is needed to
/// ask for a newer one: one file for each, text lines in front of the document.
final class IndexCache {
  private final ContentCache cache;

  IndexCache(ContentCache cache) {
    this.cache = cache;
  }

  /// @param document `repomd.xml`
  /// @param signature `repomd.xml.asc`, which is text; empty where it was not asked for
  /// @param baseUrls of the repository, mirrors included; the one of the document is first
  record Entry(Document document, String signature, List<URI> baseUrls, Instant fetchedAt) {}

  /// What was stored for CONFIG; a damaged entry is as good as none.
  Optional<Entry> find(RepositoryConfig config) {
    try {
      return Optional.of(parse(Files.readAllBytes(path(config))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw ContentCache.failure("read", path(config), e);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  void store(RepositoryConfig config, Entry entry) throws InterruptedException {
    Path file = path(config);
    try {
      cache.write(
          file,
          out -> {
            out.write(head(entry).getBytes(StandardCharsets.UTF_8));
            out.write(entry.document.content());
          });
    } catch (IOException e) {
      throw ContentCache.failure("write", file, e);
    }
  }

  private static String head(Entry entry) {
    var lines = new StringBuilder();
    line(lines, "url", entry.document.url().toString());
    line(lines, "etag", entry.document.etag());
    line(lines, "last-modified", entry.document.lastModified());
    line(lines, "fetched", Long.toString(entry.fetchedAt.getEpochSecond()));
    line(lines, "base-urls", String.join(" ", entry.baseUrls.stream().map(URI::toString).toList()));
    line(
        lines,
        "signature",
        Base64.getEncoder().encodeToString(entry.signature.getBytes(StandardCharsets.UTF_8)));
    line(lines, "digest", Digest.sha256(entry.document.content()).toString());
    return lines.append('\n').toString();
  }

  private static void line(StringBuilder lines, String key, String value) {
    // Header values come from a server: a control character would begin a line of its own.
    lines.append(key).append('=').append(value.replaceAll("\\p{Cntrl}", "")).append('\n');
  }

  private static Entry parse(byte[] file) {
    Map<String, String> values = new LinkedHashMap<>();
    int at = 0;
    while (file[at] != '\n') {
      int end = at;
      while (file[end] != '\n') {
        end++;
      }
      String[] pair = new String(file, at, end - at, StandardCharsets.UTF_8).split("=", 2);
      values.put(pair[0], pair[1]);
      at = end + 1;
    }
    byte[] content = Arrays.copyOfRange(file, at + 1, file.length);
    if (!Digest.sha256(content).toString().equals(values.get("digest"))) {
      throw new IllegalArgumentException("damaged");
    }
    List<URI> baseUrls = new ArrayList<>();
    for (String url : values.getOrDefault("base-urls", "").split(" ")) {
      baseUrls.add(URI.create(url));
    }
    var document =
        new Document(
            URI.create(values.getOrDefault("url", "")),
            content,
            values.getOrDefault("etag", ""),
            values.getOrDefault("last-modified", ""));
    return new Entry(
        document,
        new String(
            Base64.getDecoder().decode(values.getOrDefault("signature", "")),
            StandardCharsets.UTF_8),
        baseUrls,
        Instant.ofEpochSecond(Long.parseLong(values.getOrDefault("fetched", ""))));
  }

  /// By address and not only by id: two builds may call different repositories `base`.
  private Path path(RepositoryConfig config) {
    String address =
        switch (config.location().mirrors()) {
          case Mirrors.Metalink(var url) -> url.toString();
          case Mirrors.MirrorList(var url) -> url.toString();
          case Mirrors.None() -> String.valueOf(config.location().baseUrls());
        };
    String hex = Digest.sha256(address.getBytes(StandardCharsets.UTF_8)).hex();
    return cache.path("repomd", config.id().replace(':', '_') + "-" + hex.substring(0, 16));
  }
}
