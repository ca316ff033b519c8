package org.overpak.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTransportTest {
  private static final URI SECURE = URI.create("https://example.org/a/b");

  @Test
  void redirectsMayBeRelativeOrToAnotherServer() throws Exception {
    assertThat(HttpTransport.redirected(SECURE, "c"))
        .isEqualTo(URI.create("https://example.org/a/c"));
    assertThat(HttpTransport.redirected(SECURE, "https://cdn.example.org/x y"))
        .isEqualTo(URI.create("https://cdn.example.org/x%20y"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://example.org/a/b", "file:///etc/passwd", "ftp://example.org/", "https:"})
  void redirectsNeverLeaveHttps(String location) {
    assertThatThrownBy(() -> HttpTransport.redirected(SECURE, location))
        .isInstanceOf(HttpTransport.Refused.class);
  }
}
