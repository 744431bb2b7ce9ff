package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeRange;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.internal.txn.StoreModel.TableModel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/// A write session and a model that follows it: what a change answers is compared at once.
final class ModelSession {

  /// Life of an entry that fades, at most.
  static final int LONGEST_LIFE = 3000;

  private static final int MORTAL_SALT = 0xC000;
  private static final int MAX_ENTRIES = 40;
  private static final int MAX_BYTES = 16 << 10;

  private static final TableSettings BOUNDED = new TableSettings(false, 0, MAX_ENTRIES, MAX_BYTES);

  final WriteSession session;
  private StoreModel model;
  private final List<StoreModel> savepoints = new ArrayList<>();
  private final boolean fading;

  /// @param base what the store contains; not changed
  ModelSession(WriteSession session, StoreModel base) {
    this(session, base, false);
  }

  /// @param fading whether edits put entries whose time comes
  ModelSession(WriteSession session, StoreModel base, boolean fading) {
    this.session = session;
    this.model = base.copy();
    this.model.writtenMillis = Math.max(base.writtenMillis, session.nowMillis());
    this.fading = fading;
  }

  private long nowMillis() {
    return session.nowMillis();
  }

  /// When an entry expires that an edit puts. Most do not; of some nobody lives to see it, and the
  /// index of them is what is tried.
  long expiryMillis(int salt) {
    if (salt < MORTAL_SALT) {
      return 0;
    }
    return fading && salt % 4 != 0 ? nowMillis() + 1 + salt % LONGEST_LIFE : Long.MAX_VALUE - salt;
  }

  /// What the store should contain after a commit.
  StoreModel model() {
    return model;
  }

  void put(String table, byte[] key, byte[] value) {
    put(table, key, value, 0);
  }

  void put(String table, byte[] key, byte[] value, long expiryMillis) {
    TableTree tree = table(table);
    boolean isNew =
        session.put(
            tree, key, key.length, MemorySegment.ofArray(value), 0, value.length, expiryMillis);
    assertEquals(!modelOf(table).has(key, nowMillis()), isNew, "put says new");
    modelOf(table).put(key, value, expiryMillis);
    followEvictions(table, key);
  }

  void putIfAbsent(String table, byte[] key, byte[] value, long expiryMillis) {
    TableTree tree = table(table);
    TableModel expected = modelOf(table);
    MemorySegment source = MemorySegment.ofArray(value);
    boolean isNew =
        session.store(
            WriteSession.Way.IF_ABSENT,
            tree,
            key,
            key.length,
            source,
            0,
            value.length,
            expiryMillis);
    assertEquals(!expected.has(key, nowMillis()), isNew, "putIfAbsent");
    if (isNew) {
      expected.put(key, value, expiryMillis);
      followEvictions(table, key);
    }
  }

  void putStream(String table, byte[] key, byte[] value) {
    TableTree tree = table(table);
    int[] position = {0};
    boolean isNew =
        session.putStream(
            tree,
            key,
            key.length,
            target -> {
              int length = (int) target.byteSize();
              MemorySegment.copy(MemorySegment.ofArray(value), position[0], target, 0, length);
              position[0] += length;
            },
            value.length,
            0);
    assertEquals(!modelOf(table).has(key, nowMillis()), isNew, "putStream says new");
    modelOf(table).put(key, value, 0);
    followEvictions(table, key);
  }

  void delete(String table, byte[] key) {
    TableTree tree = session.findTable(bytes(table));
    if (tree != null) {
      boolean removed = session.delete(tree, key, key.length);
      assertEquals(modelOf(table).has(key, nowMillis()), removed, "delete says removed");
      modelOf(table).remove(key);
    }
  }

  void deleteRange(
      String table, byte[] from, boolean fromInclusive, byte[] to, boolean toInclusive) {
    TableTree tree = session.findTable(bytes(table));
    if (tree == null || Arrays.compareUnsigned(from, to) > 0) {
      return;
    }
    long removed = session.deleteRange(tree, new TreeRange(from, fromInclusive, to, toInclusive));
    TableModel expected = modelOf(table);
    List<byte[]> covered =
        List.copyOf(expected.entries.subMap(from, fromInclusive, to, toInclusive).keySet());
    long live = 0;
    for (byte[] key : covered) {
      live += expected.has(key, nowMillis()) ? 1 : 0;
      expected.remove(key);
    }
    assertEquals(live, removed, "deleteRange says");
  }

  void clear(String table) {
    TableTree tree = session.findTable(bytes(table));
    if (tree != null) {
      session.clear(tree);
      modelOf(table).clear();
    }
  }

  void dropTable(String table) {
    boolean dropped = session.dropTable(bytes(table));
    assertEquals(model.tables.remove(table) != null, dropped, "dropTable says");
  }

  void savepoint() {
    savepoints.add(model.copy());
    assertEquals(savepoints.size(), session.savepoint(), "depth of the savepoint");
  }

  int savepointDepth() {
    return savepoints.size();
  }

  /// Goes back to a savepoint, which stays open.
  void rollbackTo(int depth) {
    session.rollbackTo(depth);
    model = savepoints.get(depth - 1).copy();
    savepoints.subList(depth, savepoints.size()).clear();
  }

  void release(int depth) {
    session.release(depth);
    savepoints.subList(depth - 1, savepoints.size()).clear();
  }

  /// Puts an entry into a table with a bound, and lets the model follow what was evicted.
  void putBounded(String table, TableSettings settings, byte[] key, byte[] value, long expiry) {
    TableTree tree = session.createTable(bytes(table), settings);
    boolean _ =
        session.put(tree, key, key.length, MemorySegment.ofArray(value), 0, value.length, expiry);
    adopt(table);
  }

  /// Deletes the entries of one table whose time has come; others have none.
  void purge(String table) {
    int _ = session.purge(Integer.MAX_VALUE);
    adopt(table);
  }

  /// The model of a table is what the session sees.
  private void adopt(String table) {
    TableModel adopted = new TableModel(false);
    TableTree tree = session.findTable(bytes(table));
    TreeCursor cursor = new TreeCursor(session.pages());
    cursor.open(tree == null ? PageRef.NONE : tree.root().ref);
    ValueSlot slot = new ValueSlot();
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      cursor.value(slot);
      MemorySegment value = slot.segment.asSlice(slot.offset, slot.length);
      adopted.put(cursor.key(), value.toArray(ValueLayout.JAVA_BYTE), cursor.expiryMillis());
    }
    model.tables.put(table, adopted);
  }

  /// Takes what the session has evicted out of the model of a bounded table; looks whether the
  /// table is below its bound, has the entry that was just put, and had to evict others.
  private void followEvictions(String table, byte[] put) {
    TableTree tree = session.findTable(bytes(table));
    if (tree == null || !table.equals(Edit.tableName(Edit.BOUNDED_TABLE))) {
      return;
    }
    TableModel expected = modelOf(table);
    long before = bytesOf(expected);
    int entriesBefore = expected.entries.size();
    NavigableSet<byte[]> gone = new TreeSet<>(expected.entries.comparator());
    gone.addAll(expected.entries.keySet());
    TreeCursor cursor = new TreeCursor(session.pages());
    cursor.open(tree.root().ref);
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      assertTrue(gone.remove(cursor.key()), "an entry that nobody put");
    }
    assertFalse(gone.contains(put), "the new entry was evicted");
    boolean evicted = gone.stream().anyMatch(key -> !expected.isOver(key, model.writtenMillis));
    gone.forEach(expected::remove);
    assertTrue(expected.entries.size() <= MAX_ENTRIES, "above the bound: entries");
    assertTrue(bytesOf(expected) <= MAX_BYTES, "above the bound: bytes");
    assertTrue(
        !evicted || entriesBefore > MAX_ENTRIES || before > MAX_BYTES, "evicted without need");
  }

  private static long bytesOf(TableModel table) {
    long bytes = 0;
    for (Map.Entry<byte[], byte[]> entry : table.entries.entrySet()) {
      bytes += entry.getKey().length + entry.getValue().length;
    }
    return bytes;
  }

  private TableTree table(String name) {
    boolean integers = name.equals(Edit.tableName(Edit.INTEGER_TABLE));
    model.tables.computeIfAbsent(name, _ -> new TableModel(integers));
    return name.equals(Edit.tableName(Edit.BOUNDED_TABLE))
        ? session.createTable(bytes(name), BOUNDED)
        : session.createTable(bytes(name), integers);
  }

  private TableModel modelOf(String table) {
    TableModel found = model.tables.get(table);
    if (found == null) {
      throw new AssertionError("the store has a table " + table + ", the model has not");
    }
    return found;
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
