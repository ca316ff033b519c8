import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Completes `target/overpak`, where Maven has put the jars: launcher, native libraries, Java
/// runtime, AOT cache. Run by the build with the JDK that the runtime is made from.
///
///     java Assemble.java SOURCES DISTRIBUTION TEST-CLASSES TIMESTAMP
final class Assemble {
  /// What `jdeps --print-module-deps` finds, less what libraries merely offer (java.naming), and
  /// the HTTP client. java.desktop is there for icons that are SVG alone.
  private static final String MODULES =
      "java.base,java.desktop,java.net.http,java.sql,java.xml,jdk.unsupported";

  /// What java.desktop has for windows and sound, and needs libraries of the machine for.
  private static final String LEFT_OUT =
      "/java.desktop/lib/libawt_xawt.so,/java.desktop/lib/libjawt.so,"
          + "/java.desktop/lib/libjsound.so,/java.desktop/lib/libsplashscreen.so";

  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  private final Path sources;
  private final Path distribution;
  private final Path testClasses;
  private final FileTime timestamp;

  private Assemble(Path sources, Path distribution, Path testClasses, FileTime timestamp) {
    this.sources = sources;
    this.distribution = distribution;
    this.testClasses = testClasses;
    this.timestamp = timestamp;
  }

  public static void main(String[] args) throws Exception {
    var assemble =
        new Assemble(
            Path.of(args[0]),
            Path.of(args[1]),
            Path.of(args[2]),
            FileTime.from(Instant.parse(args[3])));
    assemble.copyLauncher();
    assemble.unpackNativeLibraries();
    assemble.modernise("picocli-");
    for (String jar : List.of("bcprov-", "bcpg-", "bcutil-")) {
      assemble.unsign(jar);
    }
    assemble.unseal("xz-");
    assemble.linkRuntime();
    assemble.trainAotCache();
  }

  private void copyLauncher() throws IOException {
    for (String file : List.of("bin/overpak", "lib/java.options", "lib/optimising.options")) {
      Path target = distribution.resolve(file);
      Files.createDirectories(target.getParent());
      Files.copy(
          sources.resolve(file),
          target,
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  /// Beside the program, so that nothing is extracted to a temporary directory at start-up.
  private void unpackNativeLibraries() throws IOException {
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    unpack(
        "sqlite-jdbc-",
        "org/sqlite/native/Linux/" + (arm ? "aarch64" : "x86_64"),
        "libsqlitejdbc.so");
    unpack("zstd-jni-", "linux/" + (arm ? "aarch64" : "amd64"), "libzstd-jni.so");
  }

  private void unpack(String jarPrefix, String folder, String name) throws IOException {
    Path jar = jar(jarPrefix);
    try (var zip = new ZipFile(jar.toFile())) {
      var entry =
          zip.stream()
              .filter(e -> e.getName().startsWith(folder + "/") && e.getName().endsWith(".so"))
              .findFirst()
              .orElseThrow(() -> new IOException(jar + " has no library in " + folder));
      Path target = distribution.resolve("lib/native").resolve(name);
      Files.createDirectories(target.getParent());
      try (InputStream in = zip.getInputStream(entry)) {
        Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /// Rewrites the classes of a jar that was compiled for Java 5 (picocli is) in today's class file
  /// version. The AOT cache takes no classes of versions without stack maps: without this, starting
  /// takes half as long again.
  private void modernise(String jarPrefix) throws IOException {
    try (var loader = new URLClassLoader(new URL[] {jar(jarPrefix).toUri().toURL()})) {
      var classFile =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofClassLoading(loader)));
      rewrite(
          jarPrefix,
          (name, bytes) ->
              name.endsWith(".class")
                  ? classFile.transformClass(
                      classFile.parse(bytes),
                      ClassTransform.dropping(ClassFileVersion.class::isInstance)
                          .andThen(ClassTransform.transformingMethodBodies(CodeBuilder::with))
                          .andThen(
                              ClassTransform.endHandler(
                                  builder -> builder.withVersion(ClassFile.JAVA_25_VERSION, 0))))
                  : bytes);
    }
  }

  /// Takes the signature off a jar (Bouncy Castle's are signed, for use as a security provider).
  /// The AOT cache takes no classes of signed jars, and verifying the signature takes longer than
  /// using the classes. So does reading the digests of all its files in the manifest.
  private void unsign(String jarPrefix) throws IOException {
    rewrite(
        jarPrefix,
        (name, bytes) ->
            name.matches("META-INF/[^/]*[.](SF|RSA|DSA|EC)")
                ? new byte[0]
                : name.equals(MANIFEST) ? mainSection(bytes) : bytes);
  }

  private static byte[] mainSection(byte[] manifest) {
    return (new String(manifest, StandardCharsets.UTF_8).split("\\R\\R", 2)[0] + "\n\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /// Lets a jar's packages come from anywhere: a sealed one that is in the AOT cache is refused by
  /// a program that was moved to another place after it was built, since the place is its seal.
  private void unseal(String jarPrefix) throws IOException {
    rewrite(
        jarPrefix,
        (name, bytes) ->
            name.equals(MANIFEST)
                ? new String(bytes, StandardCharsets.UTF_8)
                    .replaceAll("(?m)^Sealed: true\\R", "")
                    .getBytes(StandardCharsets.UTF_8)
                : bytes);
  }

  /// What becomes of a file in a jar; an empty one is left out.
  private interface Change {
    byte[] apply(String name, byte[] bytes);
  }

  private void rewrite(String jarPrefix, Change change) throws IOException {
    Path jar = jar(jarPrefix);
    Path rewritten = jar.resolveSibling(jar.getFileName() + ".rewritten");
    try (var zip = new ZipFile(jar.toFile());
        var out = new ZipOutputStream(Files.newOutputStream(rewritten))) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (entry.isDirectory()) {
          continue;
        }
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
          bytes = change.apply(entry.getName(), in.readAllBytes());
        }
        if (bytes.length > 0) {
          var copy = new ZipEntry(entry.getName());
          copy.setLastModifiedTime(timestamp);
          out.putNextEntry(copy);
          out.write(bytes);
        }
      }
    }
    Files.move(rewritten, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path jar(String prefix) throws IOException {
    try (Stream<Path> jars = Files.list(distribution.resolve("lib"))) {
      return jars.filter(file -> file.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow(() -> new IOException("no jar " + prefix));
    }
  }

  /// Linking takes long, so one that was linked from the same is kept.
  private void linkRuntime() throws IOException {
    Path runtime = distribution.resolve("jre");
    Path stamp = runtime.resolve("linked-from");
    String from = System.getProperty("java.vm.version") + " " + MODULES + " " + LEFT_OUT + "\n";
    if (Files.exists(stamp) && Files.readString(stamp).equals(from)) {
      return;
    }
    delete(runtime);
    int exitCode =
        ToolProvider.findFirst("jlink")
            .orElseThrow(
                () -> new IOException("this JDK has no jlink: " + System.getProperty("java.home")))
            .run(
                System.out,
                System.err,
                "--add-modules",
                MODULES,
                "--exclude-files",
                LEFT_OUT,
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                runtime.toString());
    if (exitCode != 0) {
      throw new IOException("jlink failed: exit code " + exitCode);
    }
    Files.writeString(stamp, from);
  }

  /// Runs the commands of `Training` on data that the tests make, and keeps what the Java runtime
  /// loaded, linked and learned.
  private void trainAotCache() throws IOException, InterruptedException {
    Path cache = distribution.resolve("lib/overpak.aot");
    Files.deleteIfExists(cache);
    Path data = Files.createTempDirectory("overpak-training");
    try {
      String classes = testClasses + ":" + distribution.resolve("lib") + "/*";
      java("-cp", classes, "org.overpak.rpm.TrainingData", data.toString());
      java(
          "-XX:AOTCacheOutput=" + cache,
          "-cp",
          distribution.resolve("lib/overpak.jar").toString(),
          "org.overpak.cli.Training",
          data.toString());
    } finally {
      delete(data);
    }
    if (!Files.exists(cache)) {
      throw new IOException("no AOT cache was made");
    }
  }

  private void java(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(distribution.resolve("jre/bin/java").toString());
    command.add("@" + distribution.resolve("lib/java.options"));
    command.addAll(List.of(arguments));
    int exitCode = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exitCode != 0) {
      throw new IOException("exit code " + exitCode + ": " + String.join(" ", command));
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException e)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
