package dev.quire.store.lmdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.Cursor;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableCodecs;
import dev.quire.store.TableStats;
import dev.quire.store.lmdb.LmdbCatalogue.Handle;
import dev.quire.store.lmdb.LmdbMigration.Choices;
import dev.quire.store.lmdb.LmdbMigration.Progress;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An LMDB environment in the making, filled with a snapshot of a store.
final class LmdbTarget {

  private static final int BATCH_ENTRIES = 10_000;
  private static final long BATCH_BYTES = 16 << 20;

  private final LmdbStore target;
  private final Progress progress;

  private LmdbTarget(LmdbStore target, Progress progress) {
    this.target = target;
    this.progress = progress;
  }

  /// Copies a store into a new environment; returns the number of entries of each table.
  static Map<String, Long> copy(Store store, Path directory, Choices choices, Progress progress) {
    StoreOptions options = StoreOptions.defaults().withDurability(Durability.CHECKPOINT);
    Map<String, Long> copied = new LinkedHashMap<>();
    String unnamed = choices.unnamed();
    try (ReadTxn snapshot = store.beginRead();
        LmdbStore made = LmdbStore.open(directory, options)) {
      LmdbTarget target = new LmdbTarget(made, progress);
      if (unnamed != null && !snapshot.tables().contains(unnamed)) {
        throw new IllegalArgumentException(
            "there is no table \"" + unnamed + "\" for the unnamed database");
      }
      for (String name : snapshot.tables()) {
        TableStats stats = snapshot.table(name).stats();
        if (stats != null && !name.equals(unnamed)) {
          copied.put(name, target.copyNamed(snapshot.table(name), stats));
          TableCodecs codecs = store.codecs(name);
          if (codecs != null) {
            TableCodecs _ = made.useCodecs(name, stats.options(), codecs);
          }
        }
      }
      if (unnamed != null) {
        // The last one: with entries in its unnamed database it is no store of the backend.
        copied.put(unnamed, target.copyUnnamed(snapshot.table(unnamed)));
      }
    }
    return copied;
  }

  private long copyNamed(Table from, TableStats stats) {
    String name = from.name();
    Table _ = target.table(name, stats.options());
    long copied = 0;
    try (Cursor cursor = from.cursor()) {
      boolean more = cursor.next();
      while (more) {
        byte[] first = cursor.key();
        // A batch that finds no room is done again in a larger map.
        long before = copied;
        copied =
            before
                + target.<Long, RuntimeException>write(
                    txn -> {
                      boolean found = cursor.seekAtLeast(first);
                      return found ? copyBatch(cursor, txn.table(name)) : 0L;
                    });
        more = cursor.isValid();
        progress.copied(name, copied, stats.entries());
      }
    }
    LmdbMigration.requireCount(name, stats.entries(), copied);
    return copied;
  }

  /// Copies entries from the cursor on; it stands at the first one that was not copied.
  private static long copyBatch(Cursor cursor, Table to) {
    long copied = 0;
    long bytes = 0;
    boolean more = true;
    while (more && copied < BATCH_ENTRIES && bytes < BATCH_BYTES) {
      byte[] key = cursor.key();
      requireKey(to.name(), key);
      boolean _ = to.put(MemorySegment.ofArray(key), cursor.value());
      bytes += key.length + cursor.valueLength();
      copied++;
      more = cursor.next();
    }
    return copied;
  }

  private long copyUnnamed(Table from) {
    long all = from.count();
    Handle unnamed = new Handle(target.unnamed(), false, List.of());
    long copied =
        target.<Long, RuntimeException>write(
            txn -> {
              long count = 0;
              LmdbWriteTxn own = (LmdbWriteTxn) txn;
              try (Cursor cursor = from.cursor()) {
                while (cursor.next()) {
                  byte[] key = cursor.key();
                  requireKey(from.name(), key);
                  byte[] value = cursor.valueBytes();
                  if (own.find(new String(key, UTF_8)) != null) {
                    throw new UnsupportedOperationException(
                        "an entry of table \"" + from.name() + "\" has the name of a database");
                  }
                  boolean _ =
                      own.change(
                          () -> {
                            own.write(unnamed, key, value);
                            return true;
                          });
                  count++;
                }
              }
              return count;
            });
    progress.copied(from.name(), copied, all);
    LmdbMigration.requireCount(from.name(), all, copied);
    return copied;
  }

  private static void requireKey(String table, byte[] key) {
    if (!LmdbKeys.canHold(key.length)) {
      String hex = HexFormat.of().formatHex(key, 0, Math.min(16, key.length));
      throw new UnsupportedOperationException(
          "table \""
              + table
              + "\" has a key of "
              + key.length
              + " bytes ("
              + (key.length > 16 ? hex + "..." : hex)
              + "): LMDB takes keys of 1 to "
              + LmdbKeys.MAX_KEY_BYTES
              + " bytes");
    }
  }
}
