package org.overpak.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.tree.Content;

/// Starts programs of the machine as user 0 of a user and mount namespace of their own.
record Namespace(IdMapping mapping) {
  /// As many bytes of a program's output as are kept.
  private static final int OUTPUT = 16 << 20;

  /// Says that the namespace is there, waits until its ids are mapped, and goes on as the program:
  /// only a program that user 0 starts has the capabilities.
  private static final String WAIT = "echo; read -r _ && exec \"$@\"";

  static final String WITHOUT =
      "Allow unprivileged user namespaces and install bubblewrap and util-linux. Without them only"
          + " apps can be built whose packages set off no scripts, and whose spec has no"
          + " cleanup-commands.";

  /// Runs a program to its end and returns how it ended. If this thread is interrupted, the time is
  /// over or Java ends, the program is killed.
  ///
  /// @param directory in which it starts
  /// @throws OverpakException (SANDBOX) if there are no namespaces or the time is over;
  ///   (INTERRUPTED) if this thread was interrupted
  Completed run(List<String> program, Path directory, Content input, Duration limit) {
    // Whoever is to be killed with its parent is killed when the thread that started it ends.
    try (ExecutorService starter = Executors.newSingleThreadExecutor(Namespace::thread)) {
      Future<Completed> ending =
          starter.submit((Callable<Completed>) () -> runHere(program, directory, input, limit));
      try {
        return ending.get();
      } catch (InterruptedException _) {
        starter.shutdownNow();
        Thread.currentThread().interrupt();
        throw interrupted();
      } catch (ExecutionException e) {
        throw switch (e.getCause()) {
          case OverpakException failure -> failure;
          case IOException failure ->
              new OverpakException(
                  ExitCode.SANDBOX,
                  "the sandbox cannot be started: " + failure.getMessage(),
                  WITHOUT,
                  failure);
          case null, default -> new IllegalStateException(e);
        };
      }
    }
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "sandbox");
    thread.setDaemon(true);
    return thread;
  }

  private static OverpakException interrupted() {
    return new OverpakException(ExitCode.INTERRUPTED, "running a script: interrupted", "");
  }

  private Completed runHere(List<String> program, Path directory, Content input, Duration limit)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of("unshare", "--user", "--mount", "--", "sh", "-c", WAIT, "overpak"));
    command.addAll(program);
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    try {
      InputStream output = process.getInputStream();
      int first = output.read();
      if (first != '\n') {
        String text = (char) first + new String(output.readNBytes(1000), StandardCharsets.UTF_8);
        throw new IOException(first < 0 ? "unshare failed" : text.strip());
      }
      map(process.pid());
      Thread writer = Thread.ofVirtual().start(() -> write(input, process.getOutputStream()));
      Future<byte[]> reading = readLast(output);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new OverpakException(
            ExitCode.SANDBOX,
            "it did not end within " + limit.toSeconds() + " seconds and was killed",
            "If it waits for something, that is not in the sandbox: no network, no terminal.");
      }
      writer.join();
      return new Completed(process.exitValue(), new String(reading.get(), StandardCharsets.UTF_8));
    } catch (InterruptedException _) {
      throw interrupted();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      // Only once they are at work do they end with their parent by themselves.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private void map(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    switch (mapping) {
      case IdMapping.Identity _ -> {
        String all = "0 0 " + IdMapping.COUNT;
        Files.writeString(process.resolve("uid_map"), all);
        Files.writeString(process.resolve("gid_map"), all);
      }
      case IdMapping.Alone(int uid, int gid) -> {
        Files.writeString(process.resolve("setgroups"), "deny");
        Files.writeString(process.resolve("uid_map"), "0 " + uid + " 1");
        Files.writeString(process.resolve("gid_map"), "0 " + gid + " 1");
      }
      case IdMapping.Subordinate(int uid, int gid, int firstUid, int firstGid, int count) -> {
        mapBy("newuidmap", pid, uid, firstUid, count);
        mapBy("newgidmap", pid, gid, firstGid, count);
      }
    }
  }

  private static void mapBy(String program, long pid, int id, int first, int count)
      throws IOException {
    Process process =
        new ProcessBuilder(
                program,
                Long.toString(pid),
                "0",
                Integer.toString(id),
                "1",
                "1",
                Integer.toString(first),
                Integer.toString(count))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(program + ": " + output.strip());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  private static void write(Content input, OutputStream out) {
    try (out;
        InputStream in = input.open()) {
      out.write('\n');
      in.transferTo(out);
    } catch (IOException _) {
      // The program need not read its input.
    }
  }

  /// Reads all of a stream on a thread of its own, and keeps the end.
  private static Future<byte[]> readLast(InputStream stream) {
    var reading = new java.util.concurrent.FutureTask<>(() -> last(stream));
    Thread.ofVirtual().start(reading);
    return reading;
  }

  private static byte[] last(InputStream stream) {
    var kept = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    try {
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        if (kept.size() > 2 * OUTPUT) {
          byte[] all = kept.toByteArray();
          kept.reset();
          kept.write(all, all.length - OUTPUT, OUTPUT);
        }
        kept.write(buffer, 0, count);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return kept.toByteArray();
  }
}
