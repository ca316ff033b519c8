package org.overpak.flatpak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.overpak.Digest;

/// What is drawn is the same everywhere, and what would harm is not.
class SvgRendererTest {
  private static final int LIME = 0xff00ff00;

  private static final String SQUARE =
      "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"
          + " width='48' height='48'>";

  /// All ways to name another file.
  private static final String REFERENCES =
      """
      <image width='48' height='48' xlink:href='PLACE'/>
      <image width='48' height='48' href='PLACE'/>
      <image width='48' height='48' xlink:href='data:image/svg+xml,PLACE'/>
      <use xlink:href='PLACE#r'/>
      <use href='PLACE#r'/>
      <style>@import url('PLACE'); @font-face { src: url('PLACE') }</style>
      <linearGradient id='h' xlink:href='PLACE#g'/>
      <rect width='48' height='48' fill='url(#h)'/>
      <filter id='f'><feImage xlink:href='PLACE'/></filter>
      <g filter='url(#f)'/>
      """;

  private static SvgRenderer.Drawn draw(String svg) {
    return SvgRenderer.draw(
        svg.getBytes(StandardCharsets.UTF_8), List.of(16), Duration.ofSeconds(4));
  }

  private static int[] pixels(String svg) {
    return pixels(draw(svg), 16);
  }

  private static int[] pixels(SvgRenderer.Drawn drawn, int size) {
    return Objects.requireNonNull(drawn.images().get(size)).pixels();
  }

  @Test
  void eachSizeIsDrawn() {
    byte[] svg =
        (SQUARE + "<rect width='24' height='48' fill='red'/></svg>")
            .getBytes(StandardCharsets.UTF_8);
    var drawn = SvgRenderer.draw(svg, List.of(2, 4));
    assertThat(pixels(drawn, 2)).containsExactly(0xffff0000, 0, 0xffff0000, 0);
    assertThat(pixels(drawn, 4)).hasSize(16).startsWith(0xffff0000, 0xffff0000, 0, 0);
    assertThat(drawn.hasText()).isFalse();
  }

  /// The digest is that of every machine and version of it; a new one of the library may change it.
  @Test
  void pixelsAreTheSameOnEveryMachine() throws IOException {
    String svg =
        SQUARE
            + """
            <defs>
              <linearGradient id='g' gradientTransform='rotate(33)'>
                <stop offset='0.1' stop-color='#729fcf'/><stop offset='.9' stop-color='#a40000'/>
              </linearGradient>
              <radialGradient id='r' fx='.3' fy='.2' xlink:href='#g'/>
              <filter id='f'><feGaussianBlur stdDeviation='1.7'/></filter>
              <pattern id='p' width='5' height='5' patternUnits='userSpaceOnUse'
                  patternTransform='rotate(11)'><circle cx='2' cy='2' r='1.9'/></pattern>
            </defs>
            <g transform='rotate(17 20 20) skewX(7)'>
              <path d='M4 4 A 20 14 31 0 1 40 30 C 20 44 8 30 4 4' fill='url(#g)' stroke='#123'
                  stroke-width='1.3' stroke-dasharray='3 1.1'/>
              <ellipse cx='24' cy='24' rx='9.3' ry='6.1' fill='url(#r)' opacity='.7'/>
            </g>
            <circle cx='34' cy='36' r='8' fill='#4e9a06' filter='url(#f)'/>
            <rect x='2' y='30' width='17' height='15' fill='url(#p)'/>
            </svg>
            """;
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      for (PngImage image :
          SvgRenderer.draw(svg.getBytes(StandardCharsets.UTF_8), List.of(128)).images().values()) {
        for (int pixel : image.pixels()) {
          out.writeInt(pixel);
        }
      }
    }
    assertThat(Digest.sha256(bytes.toByteArray()).hex())
        .isEqualTo("e194f998fd3cba7c086bb5695f021240af2d790527988e7ad085b3a71b1c6a3e");
  }

  @Test
  void anElementOrColourInPlaceOfAGradientIsNotTaken() {
    assertThat(
            pixels(
                SQUARE
                    + "<linearGradient id='g'><stop stop-color='lime'/></linearGradient>"
                    + "<rect width='48' height='48' fill='url(#g) rgb(0, 0, 0)'/></svg>"))
        .containsOnly(LIME);
  }

  @Test
  void entitiesOfADocumentAreReplaced() {
    assertThat(
            pixels(
                "<!DOCTYPE svg [<!ENTITY ns 'http://www.w3.org/2000/svg'><!ENTITY c 'blue'>]>"
                    + "<svg xmlns='&ns;' viewBox='0 0 9 9'><rect width='9' height='9' fill='&c;'/></svg>"))
        .containsOnly(0xff0000ff);
  }

  @Test
  void textIsLeftOut() {
    var drawn = draw(SQUARE + "<g><text y='40' font-size='40'>M<tspan>M</tspan></text></g></svg>");
    assertThat(drawn.hasText()).isTrue();
    assertThat(pixels(drawn, 16)).containsOnly(0);
  }

  /// Whoever follows a reference is seen: by the server, or by the colour of the file.
  @Test
  void nothingElseIsRead(@TempDir Path directory) throws IOException {
    var asked = new AtomicInteger();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
    try {
      Path file = directory.resolve("a.svg");
      Files.writeString(
          file,
          SQUARE
              + "<linearGradient id='g'><stop stop-color='lime'/></linearGradient>"
              + "<rect id='r' width='48' height='48' fill='lime'/></svg>");
      assertThat(pixels(Files.readString(file))).containsOnly(LIME);
      Path text = Files.writeString(directory.resolve("colour"), "lime");
      String http = "http://127.0.0.1:" + server.getAddress().getPort() + "/a.svg";
      for (String place : List.of(http, file.toUri().toString(), file.toString(), "a.svg")) {
        String svg = SQUARE + REFERENCES.replace("PLACE", place) + "</svg>";
        assertThat(pixels(svg)).as(svg).doesNotContain(LIME);
      }
      for (String place : List.of(http, text.toUri().toString())) {
        for (String type :
            List.of(
                "<!DOCTYPE svg SYSTEM '%s'>",
                "<!DOCTYPE svg [<!ENTITY e SYSTEM '%s'>]>",
                "<!DOCTYPE svg [<!ENTITY %% e SYSTEM '%s'> %%e;]>")) {
          String use = type.contains("<!ENTITY e") ? "&e;" : "";
          String svg =
              type.formatted(place)
                  + SQUARE
                  + "<style>rect { fill: "
                  + use
                  + " }</style>"
                  + "<rect width='48' height='48' fill='none'/></svg>";
          try {
            assertThat(pixels(svg)).as(svg).doesNotContain(LIME);
          } catch (IllegalArgumentException _) {
            // That is right, too.
          }
        }
      }
    } finally {
      server.stop(0);
    }
    assertThat(asked).hasValue(0);
  }

  static Stream<Arguments> hostile() {
    String circle = "<circle r='9'/>";
    return Stream.of(
        Arguments.of("no XML", "<svg>"),
        Arguments.of(
            "laughs",
            "<!DOCTYPE svg [<!ENTITY a0 '<g/>'>"
                + IntStream.range(1, 12)
                    .mapToObj(
                        i -> "<!ENTITY a%d '%s'>".formatted(i, ("&a" + (i - 1) + ";").repeat(10)))
                    .collect(Collectors.joining())
                + "]>"
                + SQUARE
                + "&a11;</svg>"),
        Arguments.of(
            "uses of uses",
            SQUARE
                + "<g id='u0'>"
                + circle
                + "</g>"
                + IntStream.range(1, 12)
                    .mapToObj(
                        i ->
                            "<g id='u%d'>%s</g>"
                                .formatted(i, ("<use href='#u" + (i - 1) + "'/>").repeat(10)))
                    .collect(Collectors.joining())
                + "</svg>"),
        Arguments.of("depth", SQUARE + "<g>".repeat(3000) + "</g>".repeat(3000) + "</svg>"),
        Arguments.of("no size", "<svg xmlns='http://www.w3.org/2000/svg' width='0' height='9'/>"),
        Arguments.of(
            "dashes",
            SQUARE
                + "<path d='M0 0"
                + " L 48 48 L 0 0".repeat(20000)
                + "' stroke='red' stroke-dasharray='.00001'/></svg>"));
  }

  /// Each ends with a reason, in the time that is granted.
  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void whatWouldHarmIsRefused(String what, String svg) {
    assertThatThrownBy(() -> draw(svg))
        .as(what)
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotBlank()
        .doesNotContain("exit code");
  }

  static Stream<Arguments> odd() {
    return Stream.of(
            "<use id='a' href='#b'/><use id='b' href='#a'/>",
            "<g id='a'><use href='#a'/></g>",
            "<pattern id='p' width='9' height='9'><rect width='9' height='9' fill='url(#p)'/></pattern>"
                + "<rect width='48' height='48' fill='url(#p)'/>",
            "<mask id='m'><rect width='48' height='48' mask='url(#m)'/></mask>"
                + "<rect width='48' height='48' mask='url(#m)'/>",
            "<clipPath id='c'><rect width='48' height='48' clip-path='url(#c)'/></clipPath>"
                + "<rect width='48' height='48' clip-path='url(#c)'/>",
            "<linearGradient id='g' href='#g'/><rect width='48' height='48' fill='url(#g)'/>",
            "<filter id='f'><feGaussianBlur stdDeviation='1e9'/></filter>"
                + "<circle r='20' filter='url(#f)'/>",
            "<pattern id='p' width='1e9' height='1e9' patternUnits='userSpaceOnUse'><circle r='1e9'/>"
                + "</pattern><rect width='1e9' height='1e9' fill='url(#p)'/>",
            "<circle r='1e38' stroke='red' stroke-width='1e38'/>",
            "<path d='M 0 0 L NaN 1e999 z'/>",
            "<rect width='9' height='9' transform='scale(1e30)'/>")
        .map(Arguments::of);
  }

  /// Drawn or refused, but in little time.
  @ParameterizedTest
  @MethodSource("odd")
  void whatIsOddEnds(String content) {
    try {
      assertThat(draw(SQUARE + content + "</svg>").images()).hasSize(1);
    } catch (IllegalArgumentException e) {
      assertThat(e).message().isNotBlank();
    }
  }
}
