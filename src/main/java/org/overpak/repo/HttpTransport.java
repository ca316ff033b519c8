package org.overpak.repo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// GET over HTTP. Redirects are followed here, since the JDK would keep credentials: at most five,
/// never from `https:` to anything else, and credentials never leave the server they are for.
final class HttpTransport implements AutoCloseable {
  private static final int MOST_REDIRECTS = 5;

  private final DownloadOptions options;
  private final HttpClient client;

  HttpTransport(DownloadOptions options) {
    this.options = options;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(options.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /// An answer whose body is still to be read.
  record Answer(int status, HttpResponse<InputStream> response, InputStream body)
      implements AutoCloseable {
    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  /// A server's refusal that asking again will not change.
  static final class Refused extends IOException {
    Refused(String message) {
      super(message);
    }
  }

  /// The answer to GET URL, which is 200 or 304.
  ///
  /// @throws Refused if the server says no
  /// @throws IOException if it cannot be reached, or has a problem that may pass
  Answer get(URI url, Credentials credentials, Map<String, String> headers)
      throws IOException, InterruptedException {
    URI at = url;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpResponse<InputStream> response = send(at, url, credentials, headers);
      int status = response.statusCode();
      if (status == 200 || status == 304) {
        return new Answer(
            status, response, new StallGuard(response.body(), options.stallTimeout()));
      }
      response.body().close();
      if (status >= 300 && status < 400) {
        at = redirected(at, response.headers().firstValue("Location").orElse(""));
      } else if (status >= 500 || status == 429 || status == 408) {
        throw new IOException("the server answers " + status);
      } else {
        throw new Refused("the server answers " + status);
      }
    }
    throw new Refused("more than " + MOST_REDIRECTS + " redirects");
  }

  private HttpResponse<InputStream> send(
      URI at, URI original, Credentials credentials, Map<String, String> headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(at)
            .timeout(options.connectTimeout())
            .header("User-Agent", "overpak");
    headers.forEach(request::header);
    if (!credentials.isEmpty() && Urls.sameOrigin(at, original)) {
      request.header("Authorization", credentials.basic());
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  static URI redirected(URI from, String location) throws Refused {
    @Nullable URI to;
    try {
      to = from.resolve(Urls.parse(location));
    } catch (IllegalArgumentException e) {
      to = null;
    }
    if (to == null || to.getHost() == null || !Urls.isHttp(to)) {
      throw new Refused("the server redirects to what is not an HTTP URL");
    }
    if (Urls.isHttps(from) && !Urls.isHttps(to)) {
      throw new Refused("the server redirects from https: to http:");
    }
    return to;
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
