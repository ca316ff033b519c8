package org.overpak.repo;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a `<location>` of metadata may point to: something below the repository, or, with
/// `xml:base`, below a server that is at least as trustworthy as where the metadata came from.
///
/// @param origin where the metadata came from
record Hrefs(URI origin) {
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
    if (href.isEmpty()
        || href.startsWith("/")
        || href.indexOf('\\') >= 0
        || href.chars().anyMatch(c -> c < 0x20 || c == 0x7f)
        || href.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")) {
      return false;
    }
    for (String step : href.split("/", -1)) {
      String plain = step.replaceAll("%2[eE]", ".");
      if (plain.isEmpty() || plain.equals("..") || plain.matches("(?i).*%(2f|5c|00).*")) {
        return false;
      }
    }
    return true;
  }

  private boolean isAllowed(URI base) {
    if (Urls.isFile(base)) {
      return Urls.isFile(origin);
    }
    return Urls.isHttps(base) || (Urls.isHttp(base) && !Urls.isHttps(origin));
  }
}
