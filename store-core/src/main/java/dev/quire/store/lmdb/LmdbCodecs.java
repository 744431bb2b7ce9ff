package dev.quire.store.lmdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.TableCodecs;
import dev.quire.store.TableOptions;
import dev.quire.store.lmdb.LmdbCatalogue.Handle;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The codecs of tables, in a database of the backend's own: name of the table -> the names of its
/// two codecs, a zero byte between them.
final class LmdbCodecs {

  /// The database.
  static final String DATABASE = LmdbKeys.RESERVED + "codecs";

  private static final char BETWEEN = '\0';

  private LmdbCodecs() {}

  /// The codecs of a table, or null if it has none.
  static @Nullable TableCodecs find(LmdbTxn txn, String table) {
    byte[] key = LmdbKeys.encodeName(table);
    Handle handle = txn.find(DATABASE);
    if (handle == null) {
      return null;
    }
    return txn.call(() -> decode(handle.dbi().get(txn.current(), txn.key(key))));
  }

  /// Reads a value of the database; null for none.
  static @Nullable TableCodecs decode(@Nullable MemorySegment value) {
    if (value == null) {
      return null;
    }
    String both = new String(SegmentProxy.bytes(value), UTF_8);
    int end = both.indexOf(BETWEEN);
    return end < 0 ? null : new TableCodecs(both.substring(0, end), both.substring(end + 1));
  }

  /// Gives a table its codecs, unless it has some; makes it if it does not exist.
  static void give(LmdbWriteTxn txn, String table, TableOptions options, TableCodecs codecs) {
    if (find(txn, table) != null) {
      return;
    }
    if (txn.find(table) == null) {
      LmdbTxnTable _ = txn.table(table, options);
    }
    boolean _ =
        txn.change(
            () -> {
              Handle known = txn.find(DATABASE);
              Handle handle = known == null ? txn.create(DATABASE, false) : known;
              String both = codecs.keys() + BETWEEN + codecs.values();
              txn.write(handle, table.getBytes(UTF_8), both.getBytes(UTF_8));
              return true;
            });
  }
}
