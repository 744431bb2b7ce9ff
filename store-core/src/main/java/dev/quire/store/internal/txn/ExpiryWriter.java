package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.ExpiryKey;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeRange;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps the index of expiring entries in one write transaction, and purges by it.
///
/// The index follows from the entries, so the log says nothing of it: whoever replays an operation
/// changes the index with the entry. A purge is a delete like any, and is in the log.
final class ExpiryWriter {

  /// Entries that are looked at between two chances to spill.
  private static final int BATCH = 1024;

  private static final MemorySegment NO_VALUE = MemorySegment.ofArray(new byte[0]);

  private final WriterMemory memory;
  private final SessionTables tables;
  private final SessionEntries session;

  /// Entries stored in this transaction that expire.
  private long stored;

  ExpiryWriter(WriterMemory memory, SessionTables tables, SessionEntries session) {
    this.memory = memory;
    this.tables = tables;
    this.session = session;
  }

  /// Entries stored in this transaction that expire.
  long stored() {
    return stored;
  }

  /// An entry has another expiry than before; 0 stands for none, and for no entry.
  void changed(TableTree table, byte[] key, int keyLength, long before, long after) {
    if (before == after) {
      return;
    }
    TableTree index = after == 0 ? find() : findOrCreate();
    if (index == null) {
      return;
    }
    if (before != 0) {
      remove(index, ExpiryKey.of(table.tableId(), before, key, keyLength));
    }
    if (after != 0) {
      stored++;
      table.root().expires = true;
      byte[] added = ExpiryKey.of(table.tableId(), after, key, keyLength);
      memory.tree.put(index.root(), added, added.length, memory.slot.set(NO_VALUE, 0, 0));
      memory.nextExpiryMillis = Math.min(memory.nextExpiryMillis, after);
    }
    index.edited();
  }

  /// All entries of a table are about to go.
  void cleared(TableTree table) {
    TableTree index = table.root().expires ? find() : null;
    if (index != null) {
      memory.tree.deleteRange(index.root(), rangeOf(table.tableId()));
      index.edited();
    }
  }

  private static TreeRange rangeOf(int tableId) {
    return new TreeRange(ExpiryKey.from(tableId, 0), true, ExpiryKey.from(tableId + 1, 0), false);
  }

  /// The entries of a range are about to go.
  ///
  /// @return how many of them are over
  long removed(TableTree table, TreeRange range) {
    TableTree index = table.root().expires && !range.isEmpty() ? find() : null;
    if (index == null) {
      return 0;
    }
    TreeCursor cursor = new TreeCursor(memory.pages);
    cursor.open(table.root().ref);
    boolean more = RangeWalk.first(cursor, range);
    long over = 0;
    for (int seen = 1; more; seen++) {
      byte[] key = cursor.key();
      long expiry = cursor.expiryMillis();
      if (expiry != 0) {
        over += ExpiryIndex.isOver(expiry, session.nowMillis()) ? 1 : 0;
        remove(index, ExpiryKey.of(table.tableId(), expiry, key, key.length));
      }
      if (seen % BATCH == 0) {
        session.edited(index);
        cursor.open(table.root().ref);
        cursor.seekAtLeast(key, key.length);
      }
      more = RangeWalk.next(cursor, range);
    }
    session.edited(index);
    return over;
  }

  /// Removes a bounded number of the keys that a detached table has in the index.
  ///
  /// @return whether there were any
  boolean freeDetached(int tableId) {
    TableTree index = find();
    if (index == null) {
      return false;
    }
    return RangeWalk.removeSome(memory, index, rangeOf(tableId), SessionTables.FREED_ENTRIES);
  }

  /// Deletes entries that are over.
  ///
  /// @param limit how many at most
  /// @return how many it was
  int purge(int limit) {
    long now = session.nowMillis();
    if (now < memory.nextExpiryMillis) {
      return 0;
    }
    TableTree index = find();
    if (index == null) {
      memory.nextExpiryMillis = Long.MAX_VALUE;
      return 0;
    }
    List<byte[]> due = due(index, now, limit);
    TableTree table = null;
    int tableId = -1;
    for (byte[] key : due) {
      if (ExpiryKey.tableId(key) != tableId) {
        tableId = ExpiryKey.tableId(key);
        table = tables.findById(tableId);
      }
      purge(index, table, key);
    }
    memory.nextExpiryMillis =
        due.size() == limit ? 0 : ExpiryIndex.firstExpiryMillis(memory.pages, index.root().ref);
    return due.size();
  }

  /// Keys of the index whose time has come, of whatever table.
  private List<byte[]> due(TableTree index, long now, int limit) {
    List<byte[]> due = new ArrayList<>();
    TreeCursor cursor = new TreeCursor(memory.pages);
    cursor.open(index.root().ref);
    byte[] key = ExpiryIndex.first(cursor, ExpiryKey.from(0, 0));
    while (key != null && due.size() < limit) {
      if (ExpiryKey.expiryMillis(key) > now) {
        key = ExpiryIndex.first(cursor, ExpiryKey.from(ExpiryKey.tableId(key) + 1, 0));
        continue;
      }
      due.add(key);
      if (!cursor.next()) {
        break;
      }
      key = new byte[cursor.keyLength()];
      cursor.copyKey(key);
    }
    return due;
  }

  /// Deletes one entry, if it is there with that expiry; its key in the index in any case.
  private void purge(TableTree index, @Nullable TableTree table, byte[] indexKey) {
    byte[] key = ExpiryIndex.entryKey(indexKey);
    if (table != null && expiryOf(table, key) == ExpiryKey.expiryMillis(indexKey)) {
      session.delete(table, key, key.length);
    } else {
      remove(index, indexKey);
      session.edited(index);
    }
  }

  private long expiryOf(TableTree table, byte[] key) {
    TreeCursor cursor = new TreeCursor(memory.pages);
    cursor.open(table.root().ref);
    return cursor.seek(key, key.length) ? cursor.expiryMillis() : 0;
  }

  private void remove(TableTree index, byte[] key) {
    memory.tree.delete(index.root(), key, key.length);
  }

  private @Nullable TableTree find() {
    return tables.find(ExpiryIndex.encodedName());
  }

  private TableTree findOrCreate() {
    TableTree found = find();
    return found == null ? session.createTable(ExpiryIndex.encodedName(), false) : found;
  }
}
