package dev.quire.store.cli;

import dev.quire.store.options.Expiry;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long entries live, as people write it: `500ms`, `90s`, `5m`, `12h`, `7d`, a number of
/// seconds, a moment as `2026-01-31T12:00:00Z`, `never`, or `default` for what the table says.
final class Lives {

  private static final Pattern LIFE = Pattern.compile("([0-9]{1,15})(ms|s|m|h|d)?");

  private Lives() {}

  /// The expiry that a text means.
  static Expiry parse(String text) {
    String word = text.strip();
    switch (word.toLowerCase(Locale.ROOT)) {
      case "never" -> {
        return Expiry.NEVER;
      }
      case "default" -> {
        return Expiry.DEFAULT;
      }
      default -> {}
    }
    try {
      return word.indexOf('T') > 0 && word.indexOf('-') > 0
          ? Expiry.at(Instant.parse(word))
          : Expiry.after(duration(word));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("\"" + text + "\": " + e.getMessage(), e);
    }
  }

  /// A duration.
  static Duration duration(String text) {
    Matcher life = LIFE.matcher(text.strip());
    if (!life.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no duration, as 500ms, 90s, 5m, 12h or 7d are");
    }
    long number = Long.parseLong(life.group(1));
    return switch (life.group(2) == null ? "s" : life.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofSeconds(number);
    };
  }
}
