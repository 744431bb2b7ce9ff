package dev.quire.store.server.state;

import java.util.Locale;
import java.util.Map;

/// Amounts of memory as settings write them: `64mb`, `1g` (of 1000), `100`.
final class Memory {

  private static final Map<String, Long> UNITS =
      Map.of(
          "",
          1L,
          "b",
          1L,
          "k",
          1_000L,
          "kb",
          1L << 10,
          "m",
          1_000_000L,
          "mb",
          1L << 20,
          "g",
          1_000_000_000L,
          "gb",
          1L << 30);

  private Memory() {}

  /// @throws IllegalArgumentException if it is none
  static long parse(String text) {
    String value = text.strip().toLowerCase(Locale.ROOT);
    int digits = value.startsWith("-") ? 1 : 0;
    while (digits < value.length() && Character.isDigit(value.charAt(digits))) {
      digits++;
    }
    Long unit = UNITS.get(value.substring(digits));
    try {
      if (unit != null) {
        return Math.multiplyExact(Long.parseLong(value.substring(0, digits)), unit);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException("argument must be a memory value", e);
    }
    throw new IllegalArgumentException("argument must be a memory value");
  }
}
