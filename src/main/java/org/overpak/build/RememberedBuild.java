package org.overpak.build;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.overpak.Digest;
import org.overpak.flatpak.Ref;
import org.overpak.install.Leak;
import org.overpak.oci.ImageName;
import org.overpak.rpm.Evr;
import org.overpak.rpm.Nevra;
import org.overpak.tree.TreePath;

/// What is known of a build that was done before, as lines of text: a word and values, separated by
/// tabs.
///
/// @param arch as rpm calls it
/// @param releasever as in configurations of repositories; empty if nothing says it
/// @param repositories their state then; see {@link org.overpak.repo.Downloads#fingerprint}
/// @param app what was built; where it was written is not remembered
record RememberedBuild(String arch, String releasever, Digest repositories, BuiltApp app) {

  String toText() {
    var lines = new ArrayList<String>();
    line(lines, "variables", arch, releasever);
    line(lines, "repositories", repositories.toString());
    for (WrittenImage image : app.images()) {
      line(
          lines,
          "image",
          image.layout().reference(),
          image.digest().toString(),
          image.ref().toString(),
          Long.toString(image.downloadSize()),
          Long.toString(image.installedSize()));
    }
    for (AddedPackage one : app.added()) {
      line(
          lines,
          "added",
          Stream.concat(
                  Stream.of(
                      one.nevra().name(),
                      one.nevra().evr().toString(),
                      one.nevra().arch(),
                      one.repository(),
                      one.digest().toString(),
                      Long.toString(one.size()),
                      one.why()),
                  one.chain().stream())
              .toArray(String[]::new));
    }
    app.satisfied().forEach(one -> line(lines, "satisfied", one));
    for (Leak leak : app.dropped()) {
      Nevra nevra = leak.nevra();
      line(
          lines,
          "dropped",
          nevra.name(),
          nevra.evr().toString(),
          nevra.arch(),
          leak.path().value());
    }
    app.lost().forEach(path -> line(lines, "lost", path.value()));
    app.unchecked().forEach(id -> line(lines, "unchecked", id));
    app.notes().forEach(note -> line(lines, "note", note));
    if (app.isRuntimeScanned()) {
      line(lines, "scanned");
    }
    String text = String.join("", lines);
    return text + checksum(text);
  }

  /// @param output where the images are to be now
  /// @throws IllegalArgumentException if TEXT is damaged
  static RememberedBuild parse(String text, ImageName.Layout output) {
    int end = text.lastIndexOf('\n', text.length() - 2) + 1;
    if (!checksum(text.substring(0, end)).equals(text.substring(end))) {
      throw new IllegalArgumentException("damaged");
    }
    List<List<String>> lines = text.substring(0, end).lines().map(RememberedBuild::values).toList();
    List<String> variables = all(lines, "variables", Function.identity()).getFirst();
    List<WrittenImage> images = all(lines, "image", values -> image(values, output));
    return new RememberedBuild(
        variables.get(0),
        variables.get(1),
        all(lines, "repositories", values -> Digest.parse(values.getFirst())).getFirst(),
        new BuiltApp(
            images.getFirst(),
            images.subList(1, images.size()),
            all(lines, "added", RememberedBuild::added),
            all(lines, "satisfied", List::getFirst),
            all(lines, "dropped", values -> new Leak(nevra(values), new TreePath(values.get(3)))),
            all(lines, "lost", values -> new TreePath(values.getFirst())),
            all(lines, "unchecked", List::getFirst),
            all(lines, "note", List::getFirst),
            !all(lines, "scanned", Function.identity()).isEmpty(),
            true));
  }

  private static <T> List<T> all(
      List<List<String>> lines, String word, Function<List<String>, T> parser) {
    return lines.stream()
        .filter(line -> line.getFirst().equals(word))
        .map(line -> parser.apply(line.subList(1, line.size())))
        .toList();
  }

  private static WrittenImage image(List<String> values, ImageName.Layout output) {
    return new WrittenImage(
        output.withReference(values.get(0)),
        Digest.parse(values.get(1)),
        Ref.parse(values.get(2)),
        Long.parseLong(values.get(3)),
        Long.parseLong(values.get(4)));
  }

  private static AddedPackage added(List<String> values) {
    return new AddedPackage(
        nevra(values),
        values.get(3),
        Digest.parse(values.get(4)),
        Long.parseLong(values.get(5)),
        values.get(6),
        values.subList(7, values.size()));
  }

  private static Nevra nevra(List<String> values) {
    return new Nevra(values.get(0), Evr.parse(values.get(1)), values.get(2));
  }

  private static void line(List<String> lines, String word, String... values) {
    lines.add(
        Stream.concat(Stream.of(word), Arrays.stream(values))
            .map(RememberedBuild::escape)
            .collect(Collectors.joining("\t", "", "\n")));
  }

  private static List<String> values(String line) {
    return Arrays.stream(line.split("\t", -1)).map(RememberedBuild::unescape).toList();
  }

  private static String escape(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private static String unescape(String value) {
    return value.translateEscapes();
  }

  private static String checksum(String text) {
    return "checksum\t" + Digest.sha256(text.getBytes(StandardCharsets.UTF_8)) + "\n";
  }
}
