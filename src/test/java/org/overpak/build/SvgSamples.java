package org.overpak.build;

import java.util.LinkedHashMap;
import java.util.Map;

/// Icons that use what drawing programs write.
final class SvgSamples {
  private static final String GRADIENTS =
      """
      <?xml version="1.0" encoding="UTF-8" standalone="no"?>
      <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
          width="48" height="48">
        <defs>
          <linearGradient id="colours">
            <stop offset="0" style="stop-color:#3465a4;stop-opacity:1"/>
            <stop offset="1" style="stop-color:#fce94f;stop-opacity:.3"/>
          </linearGradient>
          <linearGradient id="linear" xlink:href="#colours" x1="4" y1="4" x2="44" y2="20"
              gradientUnits="userSpaceOnUse"/>
          <radialGradient id="radial" xlink:href="#colours" cx="20" cy="30" fx="26" fy="26" r="12"
              gradientUnits="userSpaceOnUse" gradientTransform="matrix(1,0,0,.5,0,18)"/>
        </defs>
        <path d="M 4,4 L 44,4 C 44,20 24,10 24,28 L 4,20 z"
            style="fill:url(#linear) rgb(0, 0, 0);stroke:#204a87;stroke-width:2;stroke-linejoin:round"/>
        <ellipse cx="20" cy="33" rx="12" ry="6" fill="url(#radial)"/>
        <path d="M 6 40 q 6 -8 12 0 t 12 0 t 12 0 a 3 2 30 1 1 -4 2" fill="none" stroke="red"
            stroke-width="1.5" stroke-dasharray="4 2" stroke-linecap="round"/>
        <rect x="30" y="30" width="10" height="6" rx="2" transform="rotate(20 35 33)"
            fill="rgb(10%,60%,20%)" fill-opacity=".7"/>
      </svg>
      """;

  private static final String EFFECTS =
      """
      <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
        <!ENTITY ns "http://www.w3.org/2000/svg">
        <!ENTITY tall "40">
      ]>
      <svg xmlns="&ns;" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 64 64">
        <style>.dark { fill: #2e3436 } #leaf { fill: seagreen; opacity: .8 }</style>
        <defs>
          <filter id="blur"><feGaussianBlur stdDeviation="2"/></filter>
          <clipPath id="half"><rect x="8" y="8" width="30" height="&tall;"/></clipPath>
          <mask id="fading">
            <rect x="0" y="0" width="64" height="64" fill="#808080"/>
            <circle cx="44" cy="20" r="8" fill="white"/>
          </mask>
          <pattern id="dots" width="8" height="8" patternUnits="userSpaceOnUse">
            <circle cx="4" cy="4" r="3" fill="#cc0000"/>
          </pattern>
          <g id="leaf"><path d="M0 0 C 10 -10 20 0 20 10 C 10 10 0 10 0 0"/></g>
        </defs>
        <ellipse cx="34" cy="54" rx="24" ry="5" class="dark" filter="url(#blur)"/>
        <circle cx="30" cy="30" r="20" clip-path="url(#half)" fill="#729fcf"/>
        <rect x="32" y="8" width="24" height="24" mask="url(#fading)" fill="#f57900"/>
        <rect x="4" y="32" width="20" height="16" fill="url(#dots)"/>
        <use xlink:href="#leaf" x="20" y="40"/>
        <g transform="translate(40 30) scale(.8)" opacity=".5">
          <use xlink:href="#leaf"/>
          <circle cx="8" cy="8" r="6" fill="purple"/>
        </g>
        <image x="48" y="44" width="12" height="12" xlink:href="data:image/png;base64,%s"/>
      </svg>
      """
          .formatted(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==");

  private SvgSamples() {}

  /// By what they are.
  static Map<String, String> all() {
    Map<String, String> samples = new LinkedHashMap<>();
    samples.put("gradients and strokes", GRADIENTS);
    samples.put("effects and entities", EFFECTS);
    return samples;
  }
}
