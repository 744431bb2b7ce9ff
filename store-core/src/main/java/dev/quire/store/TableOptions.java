package dev.quire.store;

import dev.quire.store.internal.txn.TableSettings;
import java.time.Duration;
import java.util.Objects;

/// How a table is made: immutable, each `withX` returns a changed copy. A table keeps its options
/// for its life: asking for it with others is refused. To change them, copy its entries into a new
/// table.
///
/// @param integerKeys whether every key is exactly 8 bytes, read as an unsigned big-endian number.
///   Such a table is denser and faster, and takes no other key
/// @param expiry life of an entry that is put without one of its own; zero: it never expires
/// @param maxEntries most entries that the table holds; 0: there is no such bound
/// @param maxBytes most bytes of keys and values that the table holds (4096 and up); 0: there is no
///   such bound
public record TableOptions(boolean integerKeys, Duration expiry, long maxEntries, long maxBytes) {

  /// Least bound by bytes.
  public static final long MIN_BYTES = 4096;

  private static final TableOptions DEFAULTS = new TableOptions(false, Duration.ZERO, 0, 0);

  public TableOptions {
    Objects.requireNonNull(expiry, "expiry");
    if (expiry.isNegative()) {
      throw new IllegalArgumentException("expiry " + expiry + ": must not be negative");
    }
    if (expiry.compareTo(Duration.ofMillis(Long.MAX_VALUE)) > 0
        || !Duration.ofMillis(expiry.toMillis()).equals(expiry)) {
      throw new IllegalArgumentException(
          "expiry " + expiry + ": allowed are whole milliseconds that fit a long");
    }
    if (maxEntries < 0) {
      throw new IllegalArgumentException(
          "bound of " + maxEntries + " entries: allowed are 1 and up, or 0 for none");
    }
    if (maxBytes < 0 || maxBytes > 0 && maxBytes < MIN_BYTES) {
      throw new IllegalArgumentException(
          "bound of " + maxBytes + " bytes: allowed are 4096 and up, or 0 for none");
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
