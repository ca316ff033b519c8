package org.overpak.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.overpak.build.LayoutChoice;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How the images that a command makes are arranged.
final class LayoutOptions {
  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      description =
          "How the image is arranged, one of: ${COMPLETION-CANDIDATES}. By default a runtime is"
              + " hybrid, all else plain.")
  private LayoutChoice.@Nullable Layout layout;

  @Mixin private CompressionOption compression = new CompressionOption();
  @Mixin private OstreeArguments ostree = new OstreeArguments();

  LayoutChoice ofApp(Map<String, String> environment) {
    return orElse(LayoutChoice.Layout.PLAIN, environment);
  }

  LayoutChoice ofRuntime(Map<String, String> environment) {
    return orElse(LayoutChoice.Layout.HYBRID, environment);
  }

  private LayoutChoice orElse(LayoutChoice.Layout usual, Map<String, String> environment) {
    return ostree.choice(layout == null ? usual : layout, compression, environment);
  }
}
