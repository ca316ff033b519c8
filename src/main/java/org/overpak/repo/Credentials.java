package org.overpak.repo;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A user and password for a server; never shown, not even in a trace.
public record Credentials(String user, String password) {
  /// Nobody in particular.
  public static final Credentials NONE = new Credentials("", "");

  /// `USER:PASSWORD` or `USER`, as it stands in a URL.
  static Credentials parse(String userInfo) {
    int colon = userInfo.indexOf(':');
    return colon < 0
        ? new Credentials(userInfo, "")
        : new Credentials(userInfo.substring(0, colon), userInfo.substring(colon + 1));
  }

  public boolean isEmpty() {
    return user.isEmpty() && password.isEmpty();
  }

  /// The value of an `Authorization` header ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)).
  String basic() {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Override
  public String toString() {
    return isEmpty() ? "none" : "user and password";
  }
}
