package org.overpak.repo;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.overpak.OverpakException;
import org.overpak.repo.RepositoryConfig.Location;
import org.overpak.repo.RepositoryConfig.Mirrors;
import org.overpak.repo.RepositoryConfig.Selection;
import org.overpak.repo.RepositoryConfig.Trust;

/// One `[repository]` of a `.repo` file before it is understood.
///
/// @param where `FILE:LINE` of its head
record RepoSection(String id, String where, Map<String, Value> values) {

  /// @param where `FILE:LINE` where it begins
  record Value(String text, String where) {
    Value continued(String line) {
      return new Value(text + "\n" + line, where);
    }
  }

  private static final Set<String> UNDERSTOOD =
      Set.of(
          "name",
          "enabled",
          "baseurl",
          "mirrorlist",
          "metalink",
          "gpgcheck",
          "pkg_gpgcheck",
          "repo_gpgcheck",
          "gpgkey",
          "priority",
          "cost",
          "includepkgs",
          "excludepkgs",
          "exclude",
          "skip_if_unavailable",
          "module_hotfixes",
          "username",
          "password",
          "metadata_expire");

  /// Known to dnf, and without them a build is the same or fails safely: not worth a note.
  private static final Set<String> IMMATERIAL =
      Set.of(
          "bandwidth",
          "build_cache",
          "countme",
          "deltarpm",
          "enabled_metadata",
          "enablegroups",
          "failovermethod",
          "fastestmirror",
          "keepcache",
          "max_parallel_downloads",
          "mediaid",
          "minrate",
          "protect",
          "retries",
          "throttle",
          "timeout",
          "type",
          "ui_repoid_vars",
          "user_agent");

  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})([smhd]?)");

  RepositoryConfig toConfig(Variables variables, List<String> notes) {
    for (Map.Entry<String, Value> entry : values.entrySet()) {
      if (!UNDERSTOOD.contains(entry.getKey()) && !IMMATERIAL.contains(entry.getKey())) {
        notes.add(entry.getValue().where() + ": '" + entry.getKey() + "' has no effect.");
      }
    }
    boolean enabled = flag("enabled", true);
    if (!RepositoryConfig.isId(id)) {
      throw RepoFile.malformed(where, "'" + id + "' cannot name a repository");
    }
    return new RepositoryConfig(
        id,
        expanded("name", variables, enabled, notes, id),
        enabled,
        location(variables, enabled, notes),
        new Trust(
            flag("gpgcheck", flag("pkg_gpgcheck", true)),
            flag("repo_gpgcheck", false),
            urls("gpgkey", variables, enabled, notes)),
        selection(),
        flag("skip_if_unavailable", false),
        span("metadata_expire"));
  }

  private Location location(Variables variables, boolean enabled, List<String> notes) {
    List<URI> baseUrls = urls("baseurl", variables, enabled, notes);
    List<URI> metalinks = urls("metalink", variables, enabled, notes);
    List<URI> mirrorlists = urls("mirrorlist", variables, enabled, notes);
    // A mirrorlist that is in fact a metalink: dnf's own guess, by the word in its URL.
    if (metalinks.isEmpty()
        && !mirrorlists.isEmpty()
        && mirrorlists.getFirst().toString().contains("metalink")) {
      metalinks = mirrorlists;
    }
    Mirrors mirrors =
        !metalinks.isEmpty()
            ? new Mirrors.Metalink(metalinks.getFirst())
            : !mirrorlists.isEmpty()
                ? new Mirrors.MirrorList(mirrorlists.getFirst())
                : new Mirrors.None();
    if (enabled && baseUrls.isEmpty() && mirrors instanceof Mirrors.None) {
      throw RepoFile.malformed(
          where, "repository '" + id + "' has none of baseurl, mirrorlist and metalink");
    }
    return new Location(
        baseUrls, mirrors, new Credentials(text("username", ""), text("password", "")));
  }

  private Selection selection() {
    List<String> exclude = new ArrayList<>(words(text("excludepkgs", "")));
    exclude.addAll(words(text("exclude", "")));
    return new Selection(
        number("priority", Selection.DEFAULT.priority()),
        number("cost", Selection.DEFAULT.cost()),
        words(text("includepkgs", "")),
        exclude,
        flag("module_hotfixes", false));
  }

  private List<URI> urls(String key, Variables variables, boolean enabled, List<String> notes) {
    @Nullable Value value = values.get(key);
    String text = expanded(key, variables, enabled, notes, "");
    List<URI> urls = new ArrayList<>();
    for (String word : words(text)) {
      try {
        urls.add(RepositoryConfig.parseLocation(word));
      } catch (OverpakException e) {
        throw e.in((value == null ? where : value.where()) + ": " + key);
      }
    }
    return urls;
  }

  /// The value of KEY with variables replaced. An enabled repository needs all of them; of a
  /// disabled one such a value is left out.
  private String expanded(
      String key, Variables variables, boolean enabled, List<String> notes, String absent) {
    @Nullable Value value = values.get(key);
    if (value == null) {
      return absent;
    }
    try {
      return variables.expand(value.text());
    } catch (Variables.UnknownVariable e) {
      String what = key + " uses $" + e.getMessage() + ", which has no value";
      if (enabled && !key.equals("name")) {
        throw RepoFile.malformed(value.where(), what);
      }
      notes.add(value.where() + ": " + what + ".");
      return absent;
    }
  }

  private String text(String key, String absent) {
    @Nullable Value value = values.get(key);
    return value == null ? absent : value.text();
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split("[,\\s]+")).filter(word -> !word.isEmpty()).toList();
  }

  private boolean flag(String key, boolean absent) {
    @Nullable Value value = values.get(key);
    if (value == null) {
      return absent;
    }
    return switch (value.text().toLowerCase(Locale.ROOT)) {
      case "1", "yes", "true", "on", "enabled", "always" -> true;
      case "0", "no", "false", "off", "disabled", "never" -> false;
      default ->
          throw RepoFile.malformed(
              value.where(), key + " must be 1 or 0, not '" + value.text() + "'");
    };
  }

  private int number(String key, int absent) {
    @Nullable Value value = values.get(key);
    if (value == null) {
      return absent;
    }
    try {
      return Integer.parseInt(value.text());
    } catch (NumberFormatException e) {
      throw RepoFile.malformed(
          value.where(), key + " must be a number, not '" + value.text() + "'");
    }
  }

  /// Seconds, or a number with `s`, `m`, `h` or `d`; `-1` and `never` are a hundred years.
  private Duration span(String key) {
    @Nullable Value value = values.get(key);
    if (value == null) {
      return Duration.ZERO;
    }
    if (value.text().equals("-1") || value.text().equals("never")) {
      return Duration.ofDays(36_500);
    }
    Matcher span = SPAN.matcher(value.text());
    if (!span.matches()) {
      throw RepoFile.malformed(
          value.where(), key + " must be a time such as 6h or 3600, not '" + value.text() + "'");
    }
    long count = Long.parseLong(span.group(1));
    return switch (span.group(2)) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofSeconds(count);
    };
  }
}
