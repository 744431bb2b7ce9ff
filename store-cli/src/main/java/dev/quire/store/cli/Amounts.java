package dev.quire.store.cli;

import java.time.Duration;
import java.util.Locale;

/// Numbers as people read them.
final class Amounts {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Amounts() {}

  /// `1,234,567`.
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /// `17.3 MiB`.
  static String bytes(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= 1024 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, UNITS[unit]);
  }

  /// `0.42 s`.
  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }

  /// `12.5 us`.
  static String micros(long nanos) {
    return String.format(Locale.ROOT, nanos < 100_000 ? "%.1f us" : "%.0f us", nanos / 1e3);
  }

  /// `3 d`, `17 h`, `5 min` or `42 s`: the largest unit of which there is one.
  static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + " min";
    }
    return seconds < 86_400 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
  }

  /// How many a second, to three digits.
  static String rate(long count, long nanos) {
    double rate = count / (Math.max(nanos, 1) / 1e9);
    double grain = Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(rate, 1))) - 2));
    return count(Math.round(rate / grain) * (long) grain) + "/s";
  }
}
