package org.overpak.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPair;
import org.overpak.Digest;

/// What the AOT cache is trained on: a runtime's root, a signed repository and the spec of an app,
/// as many and as large as makes a build's loops warm.
///
///     TrainingData DIRECTORY
final class TrainingData {
  private static final int RUNTIME_PACKAGES = 120;
  private static final int FILES = 40;
  private static final int OTHER_PACKAGES = 1500;
  private static final long TIME = 1_700_000_000;

  private final Path directory;

  private TrainingData(Path directory) {
    this.directory = directory;
  }

  public static void main(String[] arguments) throws IOException, PGPException {
    var data = new TrainingData(Path.of(arguments[0]));
    data.writeSpecs();
    data.writeRoot();
    data.writeRepository();
  }

  private Path file(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return file;
  }

  private void writeSpecs() throws IOException {
    Files.writeString(
        file("runtime.yaml"),
        """
        flatpak:
          id: org.example.Platform
          branch: stable
          build-runtime: true
          runtime: org.example.Platform
          sdk: org.example.Sdk
          packages: [part-1]
        """);
    Files.writeString(
        file("app.yaml"),
        """
        flatpak:
          id: org.example.Training
          branch: stable
          runtime: org.example.Platform
          runtime-version: stable
          sdk: org.example.Sdk
          command: training
          packages: [training]
          finish-args: |-
            --socket=wayland
            --share=network
        """);
  }

  private static PackageBuilder part(String name, List<String> requires, String prefix) {
    var part = new PackageBuilder(name);
    part.header()
        .string(Tag.ARCH, "x86_64")
        .int32(Tag.BUILDTIME, (int) TIME)
        .strings(Tag.PROVIDENAME, name, "lib" + name + ".so.1()(64bit)")
        .strings(Tag.PROVIDEVERSION, "1-2", "")
        .int32(Tag.PROVIDEFLAGS, 8, 0)
        .strings(Tag.REQUIRENAME, requires.toArray(String[]::new))
        .strings(Tag.REQUIREVERSION, requires.stream().map(_ -> "").toArray(String[]::new))
        .int32(Tag.REQUIREFLAGS, new int[requires.size()]);
    for (int number = 0; number < FILES; number++) {
      String path = "%s/share/%s/file-%02d".formatted(prefix, name, number);
      part.file(path, path.repeat(40)).record("." + path, path.repeat(40));
    }
    return part.trailer();
  }

  private static String library(int number) {
    return "libpart-" + number + ".so.1()(64bit)";
  }

  private void writeRoot() throws IOException {
    List<Installation> installed = new ArrayList<>();
    for (int number = 0; number < RUNTIME_PACKAGES; number++) {
      Path file = file("installed/" + number + ".rpm");
      Files.write(
          file,
          part("part-" + number, List.of(library(number / 2), "part-" + number / 3), "/usr")
              .build());
      installed.add(Installation.whole(PackageFile.open(file)));
      for (int one = 0; one < FILES; one++) {
        String path = "usr/share/part-%d/file-%02d".formatted(number, one);
        Files.writeString(file("root/" + path), ("/" + path).repeat(40));
      }
    }
    for (String line : List.of("passwd root:x:0:0:root:/root:/bin/sh", "group root:x:0:")) {
      String[] words = line.split(" ", 2);
      Files.writeString(file("root/etc/" + words[0]), words[1] + "\n");
    }
    Files.writeString(
        file("root/usr/lib/rpm/macros.d/macros.db"), "%_dbpath /usr/lib/sysimage/rpm\n");
    RpmDatabase.EMPTY
        .install(installed, InstallTransaction.at(TIME, "x86_64"))
        .write(file("root/usr/lib/sysimage/rpm/rpmdb.sqlite"));
  }

  private void writeRepository() throws IOException, PGPException {
    var entries = new StringBuilder();
    for (int number = 0; number < 4; number++) {
      String name = number == 0 ? "training" : "training-" + number;
      List<String> requires =
          number == 3
              ? List.of(library(7))
              : List.of(library(number), "libtraining-" + (number + 1) + ".so.1()(64bit)");
      byte[] bytes = part(name, requires, "/app").build();
      Files.write(file("repository/" + name + ".rpm"), bytes);
      entries.append(entry(name, Digest.sha256(bytes).hex(), bytes.length, requires));
    }
    IntStream.range(0, OTHER_PACKAGES)
        .forEach(
            number ->
                entries.append(
                    entry("other-" + number, "0".repeat(64), 1000, List.of(library(number % 99)))));
    byte[] open =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <metadata xmlns="http://linux.duke.edu/metadata/common" \
        xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="%d">%s</metadata>
        """
            .formatted(OTHER_PACKAGES + 4, entries)
            .getBytes(UTF_8);
    byte[] primary = gzip(open);
    Files.write(file("repository/repodata/primary.xml.gz"), primary);
    byte[] repomd =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="primary">
        <checksum type="sha256">%s</checksum><location href="repodata/primary.xml.gz"/>
        <open-checksum type="sha256">%s</open-checksum>
        <size>%d</size><open-size>%d</open-size></data></repomd>
        """
            .formatted(
                Digest.sha256(primary).hex(),
                Digest.sha256(open).hex(),
                primary.length,
                open.length)
            .getBytes(UTF_8);
    Files.write(file("repository/repodata/repomd.xml"), repomd);
    sign(repomd);
    Files.writeString(
        file("training.repo"),
        """
        [training]
        name=training
        baseurl=%s
        gpgcheck=0
        repo_gpgcheck=1
        gpgkey=%s
        """
            .formatted(
                directory.resolve("repository").toUri(), directory.resolve("key.asc").toUri()));
  }

  private static String entry(String name, String digest, int size, List<String> requires) {
    var needed = new StringBuilder();
    requires.forEach(one -> needed.append("<rpm:entry name=\"%s\"/>".formatted(one)));
    return """
        <package type="rpm"><name>%1$s</name><arch>x86_64</arch>
        <version epoch="0" ver="1" rel="2"/><checksum type="sha256" pkgid="YES">%2$s</checksum>
        <summary>Training</summary><time file="1" build="2"/>
        <size package="%3$d" installed="4" archive="5"/><location href="%1$s.rpm"/>
        <format><rpm:sourcerpm>%1$s-1-2.src.rpm</rpm:sourcerpm>
        <rpm:provides><rpm:entry name="%1$s" flags="EQ" epoch="0" ver="1" rel="2"/>
        <rpm:entry name="lib%1$s.so.1()(64bit)"/></rpm:provides>
        <rpm:requires>%4$s</rpm:requires></format></package>
        """
        .formatted(name, digest, size, needed);
  }

  private static byte[] gzip(byte[] open) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(open);
    }
    return bytes.toByteArray();
  }

  @SuppressWarnings("JavaUtilDate") // what Bouncy Castle takes
  private void sign(byte[] repomd) throws IOException, PGPException {
    var generator = new RSAKeyPairGenerator();
    generator.init(
        new RSAKeyGenerationParameters(BigInteger.valueOf(0x10001), new SecureRandom(), 2048, 100));
    var pair =
        new BcPGPKeyPair(
            PublicKeyPacket.VERSION_4,
            PublicKeyAlgorithmTags.RSA_GENERAL,
            generator.generateKeyPair(),
            Date.from(Instant.ofEpochSecond(TIME)));
    var signer =
        new BcPGPContentSignerBuilder(PublicKeyAlgorithmTags.RSA_GENERAL, HashAlgorithmTags.SHA256);
    var flags = new PGPSignatureSubpacketGenerator();
    flags.setKeyFlags(false, KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA);
    var ring =
        new PGPKeyRingGenerator(
            PGPSignature.POSITIVE_CERTIFICATION,
            pair,
            "Training <training@example.org>",
            new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1),
            flags.generate(),
            null,
            signer,
            null);
    try (var out = new ArmoredOutputStream(Files.newOutputStream(file("key.asc")))) {
      ring.generatePublicKeyRing().encode(out);
    }
    var signature = new PGPSignatureGenerator(signer, pair.getPublicKey());
    signature.init(PGPSignature.BINARY_DOCUMENT, pair.getPrivateKey());
    signature.update(repomd);
    try (OutputStream out =
        new ArmoredOutputStream(
            Files.newOutputStream(file("repository/repodata/repomd.xml.asc")))) {
      signature.generate().encode(out);
    }
  }
}
