package org.overpak.repo;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a `<location>` of metadata may point to: something below the repository, or, with
/// `xml:base`, below a server that is at least as trustworthy as where the metadata came from.
///
/// @param origin where the metadata came from
record Hrefs(URI origin) {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");
  private static final Pattern SCREENED = Pattern.compile("%2[eE]");

  /// Separators and ends in disguise.
  private static final Pattern HIDDEN = Pattern.compile("%(?:2[fF]|5[cC]|00)");

  private static final String XML = "http://www.w3.org/XML/1998/namespace";

  /// The location of the element that the cursor is at.
  String resolve(XmlCursor xml) {
    String href = xml.require("href");
    @Nullable String base = xml.attribute(XML, "base");
    if (!isBelow(href)) {
      throw xml.malformed("location '" + href + "' leads out of the repository");
    }
    if (base == null || base.isEmpty()) {
      return href;
    }
    try {
      URI url = Urls.parse(base);
      if (isAllowed(url) && List.of(url.getPath().split("/")).stream().noneMatch(".."::equals)) {
        return Urls.below(url, href).toString();
      }
    } catch (IllegalArgumentException e) {
      throw xml.malformed("xml:base '" + base + "' is not a URL");
    }
    throw xml.malformed("xml:base '" + base + "' is not allowed in metadata from " + origin);
  }

  /// Whether HREF, resolved anywhere, stays below: no `..` in any spelling, no scheme, not
  /// absolute.
  private static boolean isBelow(String href) {
    // Most hrefs have nothing of this at all, and there are very many.
    String plain = href.indexOf('%') < 0 ? href : SCREENED.matcher(href).replaceAll(".");
    if (plain.isEmpty() || plain.endsWith("/") || SCHEME.matcher(plain).lookingAt()) {
      return false;
    }
    int stepStart = 0;
    for (int i = 0; i <= plain.length(); i++) {
      char c = i == plain.length() ? '/' : plain.charAt(i);
      if (c == '/') {
        if (i == stepStart || (i == stepStart + 2 && plain.startsWith("..", stepStart))) {
          return false;
        }
        stepStart = i + 1;
      } else if (c < ' ' || c == 0x7f || c == '\\') {
        return false;
      }
    }
    return href.indexOf('%') < 0 || !HIDDEN.matcher(href).find();
  }

  private boolean isAllowed(URI base) {
    if (Urls.isFile(base)) {
      return Urls.isFile(origin);
    }
    return Urls.isHttps(base) || (Urls.isHttp(base) && !Urls.isHttps(origin));
  }
}
