package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.tree.TreeReader;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Single entries of one table of an engine, for tests that care for whether they are there.
final class Entries {

  private static final byte[] TABLE = bytes("entries");
  private static final byte[] VALUE = new byte[100];

  private Entries() {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Puts an entry, in a transaction of its own.
  static void put(Engine engine, String key) {
    WriteSession session =
        engine.beginWrite(engine.options().durability(), engine.options().lockTimeout());
    try {
      TableTree table = session.findTable(TABLE);
      if (table == null) {
        table = session.createTable(TABLE, false);
      }
      byte[] bytes = bytes(key);
      session.put(table, bytes, bytes.length, MemorySegment.ofArray(VALUE), 0, VALUE.length, 0);
      session.commit();
    } finally {
      session.rollback();
    }
  }

  /// Whether an entry is there.
  static boolean contains(Engine engine, String key) {
    Snapshot snapshot = engine.beginRead();
    try {
      TableRecord table = snapshot.findTable(TABLE);
      byte[] bytes = bytes(key);
      return table != null
          && TreeReader.find(snapshot, table.rootRef(), bytes, bytes.length, new ValueSlot());
    } finally {
      snapshot.end();
    }
  }
}
