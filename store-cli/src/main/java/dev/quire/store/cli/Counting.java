package dev.quire.store.cli;

import dev.quire.store.Keys;
import dev.quire.store.Table;
import dev.quire.store.options.Expiry;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// Adding to values that are numbers.
final class Counting {

  private Counting() {}

  /// Adds to the number of a key, in a transaction; one that does not exist counts from 0.
  ///
  /// @return the new value
  static byte[] add(Table table, byte[] key, long delta, Format format) {
    if (format == Format.LONG) {
      try {
        return Keys.ofLong(table.increment(key, delta));
      } catch (IllegalStateException e) {
        throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
      }
    }
    byte @Nullable [] old = table.get(key);
    @Nullable String text = old == null ? "0" : format.show(old);
    if (text == null) {
      throw new IllegalArgumentException(
          "the value is not of the format " + format.word() + "; --value names another one");
    }
    byte[] sum = format.parse("the sum", plus(text, delta, format));
    @Nullable Expiry kept = table.expiry(key);
    table.put(key, sum, kept == null ? Expiry.DEFAULT : kept);
    return sum;
  }

  private static String plus(String text, long delta, Format format) {
    try {
      BigDecimal sum = new BigDecimal(text.strip()).add(BigDecimal.valueOf(delta));
      return sum.toPlainString();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the value \"" + text + "\" is no number of the format " + format.word(), e);
    }
  }
}
