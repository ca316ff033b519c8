package org.overpak.flatpak;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.overpak.Digest;
import org.overpak.ExitCode;
import org.overpak.OverpakException;
import org.overpak.gvariant.Variant;
import org.overpak.gvariant.VariantType;
import org.overpak.tree.TreePath;

/// A file that Flatpak downloads when it installs an app: one of the numbered sets of keys in the
/// group `[Extra Data]`.
record ExtraData(String name, Digest checksum, long size, long installedSize, String uri) {
  static final String GROUP = "Extra Data";

  private static final VariantType TYPE = VariantType.parse("(ayttays)");

  /// Those of METADATA, in its order (`flatpak-builtins-build-export.c:collect_extra_data`).
  ///
  /// @throws OverpakException if a key is missing or malformed, naming it
  static List<ExtraData> of(Metadata metadata) {
    return metadata.keyfile().keys(GROUP).stream()
        .filter(key -> key.startsWith("uri"))
        .map(key -> of(metadata.keyfile(), key.substring("uri".length())))
        .toList();
  }

  private static ExtraData of(Keyfile keyfile, String suffix) {
    String uri = require(keyfile, "uri" + suffix);
    if (!uri.startsWith("http:") && !uri.startsWith("https:")) {
      throw malformed("uri" + suffix, uri, "only http and https are supported", null);
    }
    String name = keyfile.string(GROUP, "name" + suffix).orElseGet(() -> lastPart(uri, suffix));
    if (name.isEmpty() || name.contains("/")) {
      throw malformed("name" + suffix, name, "a plain file name is needed", null);
    }
    return new ExtraData(
        name,
        checksum(keyfile, "checksum" + suffix),
        number("size" + suffix, require(keyfile, "size" + suffix)),
        keyfile
            .string(GROUP, "installed-size" + suffix)
            .map(text -> number("installed-size" + suffix, text))
            .orElse(0L),
        uri);
  }

  private static String lastPart(String uri, String suffix) {
    try {
      return new TreePath(Optional.ofNullable(URI.create(uri).getPath()).orElse("").substring(1))
          .name();
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw malformed("uri" + suffix, uri, "it ends with no file name", e);
    }
  }

  private static Digest checksum(Keyfile keyfile, String key) {
    String text = require(keyfile, key);
    try {
      return new Digest(Digest.Algorithm.SHA256, text);
    } catch (IllegalArgumentException e) {
      throw malformed(key, text, "a SHA-256 in lower-case hexadecimal is needed", e);
    }
  }

  private static long number(String key, String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw malformed(key, text, "a number of bytes is needed", e);
    }
  }

  private static String require(Keyfile keyfile, String key) {
    return keyfile
        .string(GROUP, key)
        .orElseThrow(() -> malformed(key, "", "the key is missing", null));
  }

  private static OverpakException malformed(
      String key, String value, String why, @Nullable Throwable cause) {
    String message = "metadata: [%s] %s=%s: %s".formatted(GROUP, key, value, why);
    String advice = "Give --extra-data=NAME:SHA256:SIZE:INSTALLED-SIZE:URI in the finish-args.";
    return cause == null
        ? new OverpakException(ExitCode.SPEC, message, advice)
        : new OverpakException(ExitCode.SPEC, message, advice, cause);
  }

  /// The value of the commit's `xa.extra-data-sources`.
  static Variant sources(List<ExtraData> files) {
    return new Variant.Array(
        TYPE,
        files.stream()
            .map(
                file ->
                    Variant.tuple(
                        new Variant.Bytes((file.name + '\0').getBytes(StandardCharsets.UTF_8)),
                        Variant.UInt64.bigEndian(file.size),
                        Variant.UInt64.bigEndian(file.installedSize),
                        new Variant.Bytes(file.checksum.bytes()),
                        Variant.string(file.uri)))
            .toList());
  }
}
