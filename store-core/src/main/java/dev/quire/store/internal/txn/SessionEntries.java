package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageAllocator.RunSource;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeRange;
import dev.quire.store.internal.tree.TreeWriter;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;

/// The half of a write session that changes entries. Each change goes into the table's tree, into
/// the log, and into the index of expiring entries; entries whose time has come count as absent. A
/// table with a bound evicts entries with each one that is put.
public abstract sealed class SessionEntries permits WriteSession {

  final WriterMemory memory;
  final SessionTables tables;
  final ExpiryWriter expiry;
  final EvictionQueue queue;
  private final long nowMillis;

  /// @param nowMillis when the transaction begins, epoch milliseconds; 0 if nothing shall expire
  SessionEntries(WriterMemory memory, Head base, long nowMillis) {
    this.memory = memory;
    this.nowMillis = nowMillis;
    memory.pages.begin(base.txnId() + 1);
    this.tables = new SessionTables(memory, base.catalogueRef());
    this.expiry = new ExpiryWriter(memory, tables, this);
    this.queue = new EvictionQueue(memory, tables, this);
  }

  /// Notes that a table has changed, and makes room if scratch memory is used up.
  abstract void edited(TableTree table);

  /// Notes that a change failed half way; misuse is found before anything is changed.
  abstract RuntimeException broken(Throwable e);

  abstract void requireUsable(TableTree table);

  /// The table of this name, new and empty if there is none, without expiry and bounds.
  public abstract TableTree createTable(byte[] name, boolean integerKeys);

  ExpiryWriter expiry() {
    return expiry;
  }

  EvictionQueue queue() {
    return queue;
  }

  /// The time of the transaction, fixed at its begin: what expires then or before is not there. 0
  /// of one that only repeats what others have done: nothing expires, and nothing is evicted.
  public long nowMillis() {
    return nowMillis;
  }

  /// What an entry is stored for.
  public enum Way {
    /// Whatever there is.
    PUT,
    /// If there is none.
    IF_ABSENT,
    /// Behind all others.
    APPEND
  }

  /// Stores an entry whatever there is: see [#store].
  public boolean put(
      TableTree table,
      byte[] key,
      int keyLength,
      MemorySegment value,
      long offset,
      long length,
      long expiryMillis) {
    return store(Way.PUT, table, key, keyLength, value, offset, length, expiryMillis);
  }

  /// Stores an entry.
  ///
  /// @param value native or heap memory
  /// @param expiryMillis absolute, 0 for none
  /// @return whether there was none; for [Way#IF_ABSENT] that is, whether it was stored
  /// @throws IllegalArgumentException if an appended key is not greater than the table's last
  public boolean store(
      Way way,
      TableTree table,
      byte[] key,
      int keyLength,
      MemorySegment value,
      long offset,
      long length,
      long expiryMillis) {
    requireUsable(table);
    queue.requireFits(table, keyLength, length);
    if (way == Way.APPEND && table.root().expires) {
      deleteExpiredTail(table);
    }
    memory.slot.set(value, offset, length);
    memory.slot.expiryMillis = expiryMillis;
    TreeWriter tree = memory.tree;
    boolean added = true;
    try {
      switch (way) {
        case PUT -> added = tree.put(table.root(), key, keyLength, memory.slot);
        case IF_ABSENT ->
            added = tree.putIfAbsent(table.root(), key, keyLength, memory.slot, nowMillis);
        case APPEND -> tree.append(table.root(), key, keyLength, memory.slot);
      }
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    if (added || way == Way.PUT) {
      memory.redo.put(table.tableId(), key, keyLength, value, offset, length, expiryMillis);
      return stored(table, key, keyLength, length, expiryMillis) || added;
    }
    return false;
  }

  /// Makes the last entry one that has not expired.
  private void deleteExpiredTail(TableTree table) {
    TreeCursor cursor = new TreeCursor(memory.pages);
    cursor.open(table.root().ref);
    while (cursor.last() && cursor.isOver(nowMillis)) {
      byte[] key = cursor.key();
      delete(table, key, key.length);
      cursor.open(table.root().ref);
    }
  }

  /// An entry was stored, or deleted.
  ///
  /// @param length of its value, -1 if it was deleted
  /// @return whether it took the place of one whose time had come
  private boolean stored(
      TableTree table, byte[] key, int keyLength, long length, long expiryMillis) {
    long before = memory.tree.foundExpiryMillis();
    long lengthBefore = memory.tree.foundValueLength();
    if (table.isBounded() || (before | expiryMillis) != 0) {
      try {
        expiry.changed(table, key, keyLength, before, expiryMillis);
        if (table.isBounded() && length < 0) {
          queue.removed(table, key, keyLength, lengthBefore);
        } else if (table.isBounded()) {
          queue.stored(table, key, keyLength, lengthBefore, length);
        }
      } catch (RuntimeException | Error e) {
        throw broken(e);
      }
    }
    edited(table);
    return ExpiryIndex.isOver(before, nowMillis);
  }

  /// Gives an entry another expiry.
  ///
  /// @return whether there is one
  public boolean expire(TableTree table, byte[] key, int keyLength, long expiryMillis) {
    requireUsable(table);
    try {
      ValueSlot value = new ValueSlot();
      TreeCursor cursor = new TreeCursor(memory.pages);
      cursor.open(table.root().ref);
      if (!cursor.seek(key, keyLength) || ExpiryIndex.isOver(cursor.expiryMillis(), nowMillis)) {
        return false;
      }
      cursor.value(value);
      if (value.runRef == PageRef.NONE) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) value.length]);
        bytes.copyFrom(value.segment.asSlice(value.offset, value.length));
        memory.slot.set(bytes, 0, value.length);
        value.set(bytes, 0, value.length);
      } else {
        memory.slot.keepRun(value.runRef, value.length);
      }
      memory.slot.expiryMillis = expiryMillis;
      memory.tree.put(table.root(), key, keyLength, memory.slot);
      memory.redo.put(
          table.tableId(), key, keyLength, value.segment, value.offset, value.length, expiryMillis);
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    stored(table, key, keyLength, memory.slot.length, expiryMillis);
    return true;
  }

  /// Stores an entry whose value comes from a source and is never held in memory as a whole.
  public boolean putStream(
      TableTree table,
      byte[] key,
      int keyLength,
      RunSource source,
      long length,
      long expiryMillis) {
    requireUsable(table);
    queue.requireFits(table, keyLength, length);
    long run = memory.pages.writeRun(source, length);
    boolean added;
    memory.slot.setRun(run, length);
    memory.slot.expiryMillis = expiryMillis;
    try {
      added = memory.tree.put(table.root(), key, keyLength, memory.slot);
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    memory.redo.giveUp();
    return stored(table, key, keyLength, length, expiryMillis) || added;
  }

  /// Removes an entry.
  ///
  /// @return whether there was one
  public boolean delete(TableTree table, byte[] key, int keyLength) {
    requireUsable(table);
    boolean removed;
    try {
      removed = memory.tree.delete(table.root(), key, keyLength);
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    if (removed) {
      memory.redo.delete(table.tableId(), key, keyLength);
      return !stored(table, key, keyLength, -1, 0);
    }
    return false;
  }

  /// Removes all entries of a range.
  ///
  /// @return how many
  public long deleteRange(TableTree table, TreeRange range) {
    requireUsable(table);
    long removed;
    long over;
    try {
      over = expiry.removed(table, range);
      if (table.isBounded()) {
        queue.removed(table, range);
      }
      removed = memory.tree.deleteRange(table.root(), range);
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    if (removed > 0) {
      memory.redo.deleteRange(table.tableId(), range);
      edited(table);
    }
    return removed - over;
  }

  /// Removes all entries.
  public void clear(TableTree table) {
    requireUsable(table);
    try {
      expiry.cleared(table);
      if (table.isBounded()) {
        queue.cleared(table);
      }
      memory.tree.clear(table.root());
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    memory.redo.clearTable(table.tableId());
    edited(table);
  }
}
