package dev.quire.store;

import dev.quire.store.internal.txn.TableSettings;
import dev.quire.store.options.Expiry;
import java.time.Duration;
import java.util.Objects;

/// How a table is made: immutable, each `withX` returns a changed copy. A table keeps its options
/// for its life: asking for it with others is refused. To change them, copy its entries into a new
/// table.
///
/// @param integerKeys whether every key is exactly 8 bytes, read as an unsigned big-endian number.
///   Such a table is denser and faster, and takes no other key
/// @param expiry life of an entry that is put without one of its own; zero: it never expires
public record TableOptions(boolean integerKeys, Duration expiry) {

  private static final TableOptions DEFAULTS = new TableOptions(false, Duration.ZERO);

  public TableOptions {
    Objects.requireNonNull(expiry, "expiry");
    if (expiry.isNegative()) {
      throw new IllegalArgumentException("expiry " + expiry + ": must not be negative");
    }
    if (expiry.compareTo(Expiry.MAX_LIFE) > 0
        || !Duration.ofMillis(expiry.toMillis()).equals(expiry)) {
      throw new IllegalArgumentException(
          "expiry " + expiry + ": allowed are whole milliseconds up to " + Expiry.MAX_LIFE);
    }
  }

  /// Keys of any length, ordered by unsigned bytes; entries that never expire.
  public static TableOptions defaults() {
    return DEFAULTS;
  }

  /// A copy with another [#integerKeys].
  public TableOptions withIntegerKeys(boolean integerKeys) {
    return new TableOptions(integerKeys, expiry);
  }

  /// A copy with another [#expiry].
  public TableOptions withExpiry(Duration expiry) {
    return new TableOptions(integerKeys, expiry);
  }

  static TableOptions of(TableSettings settings) {
    return new TableOptions(
        settings.integerKeys(), Duration.ofMillis(settings.defaultExpiryMillis()));
  }

  TableSettings settings() {
    return new TableSettings(integerKeys, expiry.toMillis(), 0, 0);
  }
}
