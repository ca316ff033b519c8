package org.overpak.repo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.overpak.Digest;

/// An HTTP server on a free port of this machine, whose answers a test decides. Unless a path has
/// an answer of its own, it serves what was put there, with an `ETag`, and 404 for the rest.
final class TestServer implements AutoCloseable {
  /// Answers one request.
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  TestServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  TestServer put(String path, byte[] content) {
    files.put(path, content);
    return this;
  }

  TestServer answer(String path, Answer answer) {
    answers.put(path, answer);
    return this;
  }

  /// `PATH STATUS` of each request that was answered in the ordinary way; `PATH` of the others.
  List<String> requests() {
    return requests;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Answer answer = answers.get(path);
      if (answer != null) {
        requests.add(path);
        answer.to(exchange);
      } else {
        serveFile(exchange, path);
      }
    }
  }

  private void serveFile(HttpExchange exchange, String path) throws IOException {
    byte[] content = files.get(path);
    if (content == null) {
      requests.add(path + " 404");
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    String tag = '"' + Digest.sha256(content).hex() + '"';
    if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      requests.add(path + " 304");
      exchange.sendResponseHeaders(304, -1);
      return;
    }
    requests.add(path + " 200");
    exchange.getResponseHeaders().set("ETag", tag);
    exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
  }

  /// Sends the first PART bytes of CONTENT, then breaks the connection.
  static Answer truncated(byte[] content, int part) {
    return exchange -> {
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content, 0, part);
      exchange.getResponseBody().flush();
      throw new IOException("the connection breaks");
    };
  }

  static Answer status(int status) {
    return exchange -> exchange.sendResponseHeaders(status, -1);
  }

  static Answer redirect(String location) {
    return exchange -> {
      exchange.getResponseHeaders().set("Location", location);
      exchange.sendResponseHeaders(302, -1);
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
