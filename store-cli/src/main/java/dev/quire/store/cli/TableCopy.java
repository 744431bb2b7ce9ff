package dev.quire.store.cli;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Table;
import dev.quire.store.options.Expiry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Entries of one table that come into another one, with their expiry, in the order of keys.
final class TableCopy {

  /// Longer values go from stream to stream.
  private static final long LONG_VALUE_BYTES = 1 << 20;

  private TableCopy() {}

  /// Copies a range.
  ///
  /// @return how many entries
  static long copy(Table from, KeyRange range, Table to, Ticker ticker) throws IOException {
    long copied = 0;
    try (Cursor cursor = from.cursor(range)) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (cursor.valueLength() <= LONG_VALUE_BYTES) {
          to.put(key, cursor.valueBytes(), cursor.expiry());
        } else {
          copyLong(from, key, to, cursor.expiry());
        }
        copied++;
        ticker.at(copied);
      }
    }
    return copied;
  }

  private static void copyLong(Table from, byte[] key, Table to, Expiry expiry) throws IOException {
    @Nullable InputStream found = from.stream(key);
    try (InputStream value = found == null ? new ByteArrayInputStream(new byte[0]) : found) {
      to.put(key, value, from.valueLength(key));
    }
    to.expire(key, expiry);
  }
}
