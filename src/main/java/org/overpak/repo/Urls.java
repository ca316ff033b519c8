package org.overpak.repo;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What repositories need of URLs beyond {@link URI}: curl's leniency about unescaped characters,
/// and a form that may be shown.
final class Urls {
  /// Legal in a URL besides letters and digits; everything else is escaped.
  private static final String LEGAL = "-._~:/?#[]@!$&'()*+,;=";

  private Urls() {}

  /// Reads TEXT as curl does: what is not legal in a URL is escaped, not refused.
  ///
  /// @throws IllegalArgumentException if it is no URL even so
  static URI parse(String text) {
    URI url = URI.create(escape(text));
    if (isFile(url) && (url.getPath() == null || url.getQuery() != null)) {
      throw new IllegalArgumentException("not the URL of a file: " + text);
    }
    if (isHttp(url) && url.getHost() == null) {
      throw new IllegalArgumentException("no host: " + text);
    }
    return url;
  }

  private static String escape(String text) {
    var escaped = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean legal =
          c == '%' || LEGAL.indexOf(c) >= 0 || (c < 0x80 && Character.isLetterOrDigit(c));
      if (legal) {
        escaped.append(c);
      } else {
        escaped.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
      }
    }
    return escaped.toString();
  }

  static boolean isHttp(URI url) {
    return "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
  }

  static boolean isHttps(URI url) {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  static boolean isFile(URI url) {
    return "file".equalsIgnoreCase(url.getScheme());
  }

  /// The path of a `file:` URL, on this machine whatever host it names (`file://localhost/…`).
  static Path path(URI url) {
    return Path.of(url.getPath());
  }

  /// BASE, taken as a directory whether or not it ends with a slash, and HREF below it. A query of
  /// BASE (a token) stays at the end, as in curl.
  static URI below(URI base, String href) {
    String text = base.toString();
    String query = "";
    int mark = isHttp(base) ? text.indexOf('?') : -1;
    if (mark >= 0) {
      query = text.substring(mark);
      text = text.substring(0, mark);
    }
    // A local href is the file's name; for a server it is already part of a URL.
    String name = isFile(base) ? href.replace("%", "\0") : href;
    String path = escape(name).replace("%00", "%25").replace("?", "%3F").replace("#", "%23");
    return URI.create(text + (text.endsWith("/") ? "" : "/") + path + query);
  }

  /// URL without user, password and query: these may hold secrets.
  static String withoutSecrets(URI url) {
    return withoutSecrets(url.toString());
  }

  static String withoutSecrets(String url) {
    return url.replaceFirst("//[^/@]*@", "//").replaceFirst("\\?.*", "");
  }

  static URI withoutUser(URI url) {
    return url.getRawUserInfo() == null
        ? url
        : URI.create(url.toString().replaceFirst("//[^/@]*@", "//"));
  }

  /// Whether both name one server, so that what was meant for A may be told to B.
  static boolean sameOrigin(URI a, URI b) {
    return equalsIgnoreCase(a.getScheme(), b.getScheme())
        && equalsIgnoreCase(a.getHost(), b.getHost())
        && a.getPort() == b.getPort();
  }

  private static boolean equalsIgnoreCase(@Nullable String a, @Nullable String b) {
    return a != null && a.equalsIgnoreCase(b);
  }
}
