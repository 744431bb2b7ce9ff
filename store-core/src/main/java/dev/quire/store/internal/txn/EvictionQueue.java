package dev.quire.store.internal.txn;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.QueueKey;
import dev.quire.store.internal.format.QueueState;
import dev.quire.store.internal.format.TouchTable;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeRange;
import dev.quire.store.internal.tree.TreeReader;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Keeps bounded tables below their bounds in one write transaction, by SIEVE (Zhang et al., NSDI
/// 2024): entries stand in the order in which they were put; a *hand* goes from the oldest to the
/// newest, and over again. It passes over those that were used since it was last there, and evicts
/// the first that was not.
///
/// The order is in the table `quire.queue` ([QueueKey]), which follows from the entries like the
/// index of those that expire: the log says nothing of it, and who replays an operation changes the
/// queue with the entry. So after a crash of the machine the entries that replay has put stand in
/// the order of their keys. An eviction is a delete like any, and is in the log.
///
/// Which keys were used is not stored: [TouchedKeys].
public final class EvictionQueue {

  /// Name of the table.
  public static final String NAME = "quire.queue";

  private static final byte[] ENCODED_NAME = NAME.getBytes(StandardCharsets.UTF_8);

  /// Entries that the hand passes over at most before it evicts one, used or not.
  private static final int MAX_PASSED = 1024;

  /// Entries that are looked at between two chances to spill.
  private static final int BATCH = 1024;

  private final WriterMemory memory;
  private final SessionTables tables;
  private final SessionEntries session;

  EvictionQueue(WriterMemory memory, SessionTables tables, SessionEntries session) {
    this.memory = memory;
    this.tables = tables;
    this.session = session;
  }

  /// @throws IllegalArgumentException if an entry is larger than its table may be
  void requireFits(TableTree table, int keyLength, long valueLength) {
    long most = table.record().maxBytes();
    if (most != 0 && keyLength + valueLength > most) {
      throw new IllegalArgumentException(
          "entry of "
              + (keyLength + valueLength)
              + " bytes: table "
              + new String(table.name(), StandardCharsets.UTF_8)
              + " holds at most "
              + most);
    }
  }

  /// An entry of a bounded table was put; entries are evicted until the table is below its bounds.
  ///
  /// @param before length of the value that it had, -1 if it is new
  void stored(TableTree table, byte[] key, int keyLength, long before, long after) {
    TableTree queue = findOrCreate();
    TableBound bound = bound(table, queue);
    int id = table.tableId();
    bound.changed = true;
    if (before < 0) {
      byte[] place = QueueKey.place(id, bound.nextSequence);
      put(queue, place, MemorySegment.ofArray(key).asSlice(0, keyLength));
      byte[] number = QueueKey.numberBytes(bound.nextSequence);
      put(queue, QueueKey.key(id, key, keyLength), MemorySegment.ofArray(number));
      bound.nextSequence++;
      bound.usedBytes += keyLength + after;
      memory.touched.require(table.root().entries);
      session.edited(queue);
    } else {
      bound.usedBytes += after - before;
      memory.touched.touch(TouchTable.hash(id, key, keyLength));
    }
    while (session.nowMillis() != 0 && isOver(table, bound)) {
      evict(table, queue, bound, key, keyLength);
    }
  }

  private static boolean isOver(TableTree table, TableBound bound) {
    long maxEntries = table.record().maxEntries();
    long maxBytes = table.record().maxBytes();
    return maxEntries != 0 && table.root().entries > maxEntries
        || maxBytes != 0 && bound.usedBytes > maxBytes;
  }

  /// Evicts one entry, but not the one with this key.
  private void evict(
      TableTree table, TableTree queue, TableBound bound, byte[] kept, int keptLength) {
    int id = table.tableId();
    TreeRange all = places(id, 0);
    TreeCursor cursor = new TreeCursor(memory.pages);
    cursor.open(queue.root().ref);
    boolean more = RangeWalk.first(cursor, places(id, bound.hand));
    byte[] victim = null;
    for (int passed = 0; passed <= 2 * MAX_PASSED && victim == null; passed++) {
      if (!more && !RangeWalk.first(cursor, all)) {
        break;
      }
      byte[] key = valueOf(cursor);
      boolean used =
          isKey(key, kept, keptLength)
              || memory.touched.clear(TouchTable.hash(id, key, key.length)) && passed < MAX_PASSED;
      if (used) {
        more = RangeWalk.next(cursor, all);
      } else {
        victim = key;
        bound.hand = handBehind(cursor, all, kept, keptLength);
      }
    }
    long entries = table.root().entries;
    if (victim != null) {
      session.delete(table, victim, victim.length);
    }
    if (table.root().entries == entries) {
      throw damaged("places of the entries of table id " + id, "none of an entry to evict");
    }
    bound.evicted++;
  }

  /// Where the search after the one that found the cursor's entry begins: behind it, or again with
  /// the oldest if there is none behind but the entry that was just put.
  private static long handBehind(TreeCursor cursor, TreeRange all, byte[] kept, int keptLength) {
    long behind = QueueKey.sequence(cursor.key()) + 1;
    boolean more = RangeWalk.next(cursor, all);
    if (more && isKey(valueOf(cursor), kept, keptLength)) {
      more = RangeWalk.next(cursor, all);
    }
    return more ? behind : 0;
  }

  private static boolean isKey(byte[] key, byte[] kept, int keptLength) {
    return key.length == keptLength && Arrays.equals(key, 0, keptLength, kept, 0, keptLength);
  }

  /// An entry of a bounded table was deleted.
  void removed(TableTree table, byte[] key, int keyLength, long valueLength) {
    TableTree queue = find();
    if (queue != null) {
      TableBound bound = bound(table, queue);
      remove(table, queue, bound, key, keyLength, valueLength);
      session.edited(queue);
    }
  }

  private void remove(
      TableTree table,
      TableTree queue,
      TableBound bound,
      byte[] key,
      int keyLength,
      long valueLength) {
    byte[] byKey = QueueKey.key(table.tableId(), key, keyLength);
    byte[] number = findValue(queue, byKey);
    if (number == null || number.length != Long.BYTES) {
      throw damaged("a place for each entry of table id " + table.tableId(), "none for one");
    }
    byte[] place = QueueKey.place(table.tableId(), QueueKey.number(number));
    memory.tree.delete(queue.root(), byKey, byKey.length);
    memory.tree.delete(queue.root(), place, place.length);
    memory.touched.clear(TouchTable.hash(table.tableId(), key, keyLength));
    bound.usedBytes -= keyLength + valueLength;
    bound.changed = true;
  }

  /// The entries of a range of a bounded table are about to go.
  void removed(TableTree table, TreeRange range) {
    TableTree queue = find();
    if (queue == null || range.isEmpty()) {
      return;
    }
    TableBound bound = bound(table, queue);
    TreeCursor cursor = new TreeCursor(memory.pages);
    cursor.open(table.root().ref);
    ValueSlot value = new ValueSlot();
    boolean more = RangeWalk.first(cursor, range);
    for (int seen = 1; more; seen++) {
      byte[] key = cursor.key();
      cursor.value(value);
      remove(table, queue, bound, key, key.length, value.length);
      if (seen % BATCH == 0) {
        session.edited(queue);
        cursor.open(table.root().ref);
        cursor.seekAtLeast(key, key.length);
      }
      more = RangeWalk.next(cursor, range);
    }
    session.edited(queue);
  }

  /// All entries of a bounded table are about to go.
  void cleared(TableTree table) {
    TableTree queue = find();
    if (queue != null) {
      memory.tree.deleteRange(queue.root(), rangeOf(table.tableId()));
      TableBound bound = new TableBound(QueueState.EMPTY);
      bound.changed = true;
      table.setBound(bound);
      session.edited(queue);
    }
  }

  /// Removes a bounded number of the keys that a detached table has in the queue.
  ///
  /// @return whether there were any
  boolean freeDetached(int tableId) {
    TableTree queue = find();
    return queue != null
        && RangeWalk.removeSome(memory, queue, rangeOf(tableId), SessionTables.FREED_ENTRIES);
  }

  /// Stores the states of the tables that changed: before a commit.
  ///
  /// @return how many entries were evicted
  long save() {
    long evicted = 0;
    for (TableTree table : tables.bounded()) {
      TableBound bound = table.bound();
      TableTree queue = find();
      if (queue != null && bound != null && bound.changed && !table.isDropped()) {
        byte[] state = bound.state().bytes();
        put(queue, QueueKey.state(table.tableId()), MemorySegment.ofArray(state));
        bound.changed = false;
        queue.edited();
        evicted += bound.evicted;
      }
    }
    return evicted;
  }

  private TableBound bound(TableTree table, TableTree queue) {
    TableBound bound = table.bound();
    if (bound == null) {
      byte[] state = findValue(queue, QueueKey.state(table.tableId()));
      if (state != null && state.length != QueueState.SIZE_BYTES) {
        throw damaged("a state of " + QueueState.SIZE_BYTES + " bytes", state.length + " bytes");
      }
      bound =
          new TableBound(
              state == null ? QueueState.EMPTY : QueueState.read(MemorySegment.ofArray(state), 0));
      table.setBound(bound);
    }
    return bound;
  }

  private void put(TableTree queue, byte[] key, MemorySegment value) {
    memory.tree.put(queue.root(), key, key.length, memory.slot.set(value, 0, value.byteSize()));
  }

  private byte @Nullable [] findValue(TableTree queue, byte[] key) {
    ValueSlot slot = new ValueSlot();
    long root = queue.root().ref;
    return root != PageRef.NONE && TreeReader.find(memory.pages, root, key, key.length, slot)
        ? bytesOf(slot)
        : null;
  }

  private static byte[] valueOf(TreeCursor cursor) {
    ValueSlot slot = new ValueSlot();
    cursor.value(slot);
    return bytesOf(slot);
  }

  private static byte[] bytesOf(ValueSlot slot) {
    return slot.segment.asSlice(slot.offset, slot.length).toArray(ValueLayout.JAVA_BYTE);
  }

  private static TreeRange places(int tableId, long from) {
    return new TreeRange(
        QueueKey.place(tableId, from), true, QueueKey.key(tableId, new byte[0], 0), false);
  }

  private static TreeRange rangeOf(int tableId) {
    return new TreeRange(QueueKey.state(tableId), true, QueueKey.state(tableId + 1), false);
  }

  private static CorruptPageException damaged(String expected, String found) {
    return new CorruptPageException(new Violation(-1, "in " + NAME + " " + expected, found));
  }

  private @Nullable TableTree find() {
    return tables.find(ENCODED_NAME);
  }

  private TableTree findOrCreate() {
    TableTree found = find();
    return found == null ? session.createTable(ENCODED_NAME, false) : found;
  }
}
