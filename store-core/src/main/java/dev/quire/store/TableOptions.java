package dev.quire.store;

import dev.quire.store.internal.txn.TableSettings;
import dev.quire.store.options.Expiry;
import java.time.Duration;
import java.util.Objects;

/// How a table is made: immutable, each `withX` returns a changed copy. A table keeps its options
/// for its life: asking for it with others is refused. To change them, copy its entries into a new
/// table.
///
/// A table with a bound *evicts*: a put that takes it over the bound deletes others in the same
/// transaction, those that were not used of late, until it is below. So no commit shows it above
/// its bound. Entries that have expired count until they are purged.
///
/// @param integerKeys whether every key is exactly 8 bytes, read as an unsigned big-endian number.
///   Such a table is denser and faster, and takes no other key
/// @param expiry life of an entry that is put without one of its own; zero: it never expires
/// @param maxEntries most entries that the table holds (0: any number)
/// @param maxBytes most bytes of keys and values that the table holds (0: any number, else 4096 and
///   up); an entry that is larger is refused
public record TableOptions(boolean integerKeys, Duration expiry, long maxEntries, long maxBytes) {

  /// Least [#maxBytes].
  public static final long MIN_MAX_BYTES = 4096;

  private static final TableOptions DEFAULTS = new TableOptions(false, Duration.ZERO, 0, 0);

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
    if (maxEntries < 0) {
      throw new IllegalArgumentException(
          "maxEntries " + maxEntries + ": allowed are 1 and up, and 0 for no bound");
    }
    if (maxBytes < 0 || maxBytes > 0 && maxBytes < MIN_MAX_BYTES) {
      throw new IllegalArgumentException(
          "maxBytes "
              + maxBytes
              + ": allowed are "
              + MIN_MAX_BYTES
              + " and up, and 0 for no bound");
    }
  }

  /// Keys of any length, ordered by unsigned bytes; entries that never expire; no bound.
  public static TableOptions defaults() {
    return DEFAULTS;
  }

  /// A copy with another [#integerKeys].
  public TableOptions withIntegerKeys(boolean integerKeys) {
    return new TableOptions(integerKeys, expiry, maxEntries, maxBytes);
  }

  /// A copy with another [#expiry].
  public TableOptions withExpiry(Duration expiry) {
    return new TableOptions(integerKeys, expiry, maxEntries, maxBytes);
  }

  /// A copy with another [#maxEntries].
  public TableOptions withMaxEntries(long maxEntries) {
    return new TableOptions(integerKeys, expiry, maxEntries, maxBytes);
  }

  /// A copy with another [#maxBytes].
  public TableOptions withMaxBytes(long maxBytes) {
    return new TableOptions(integerKeys, expiry, maxEntries, maxBytes);
  }

  /// Whether there is a bound.
  public boolean isBounded() {
    return (maxEntries | maxBytes) != 0;
  }

  static TableOptions of(TableSettings settings) {
    return new TableOptions(
        settings.integerKeys(),
        Duration.ofMillis(settings.defaultExpiryMillis()),
        settings.maxEntries(),
        settings.maxBytes());
  }

  TableSettings settings() {
    return new TableSettings(integerKeys, expiry.toMillis(), maxEntries, maxBytes);
  }
}
