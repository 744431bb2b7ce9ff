package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.NavigableMap;

/// A write session and a model that follows it: what a change answers is compared at once.
final class ModelSession {

  final WriteSession session;
  private StoreModel model;
  private final List<StoreModel> savepoints = new ArrayList<>();

  /// @param base what the store contains; not changed
  ModelSession(WriteSession session, StoreModel base) {
    this.session = session;
    this.model = base.copy();
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
    assertEquals(modelOf(table).entries.put(key, value) == null, isNew, "put says new");
  }

  void putIfAbsent(String table, byte[] key, byte[] value, long expiryMillis) {
    TableTree tree = table(table);
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
    assertEquals(modelOf(table).entries.putIfAbsent(key, value) == null, isNew, "putIfAbsent");
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
    assertEquals(modelOf(table).entries.put(key, value) == null, isNew, "putStream says new");
  }

  void delete(String table, byte[] key) {
    TableTree tree = session.findTable(bytes(table));
    if (tree != null) {
      boolean removed = session.delete(tree, key, key.length);
      assertEquals(modelOf(table).entries.remove(key) != null, removed, "delete says removed");
    }
  }

  void deleteRange(
      String table, byte[] from, boolean fromInclusive, byte[] to, boolean toInclusive) {
    TableTree tree = session.findTable(bytes(table));
    if (tree == null || Arrays.compareUnsigned(from, to) > 0) {
      return;
    }
    long removed = session.deleteRange(tree, new TreeRange(from, fromInclusive, to, toInclusive));
    NavigableMap<byte[], byte[]> entries =
        modelOf(table).entries.subMap(from, fromInclusive, to, toInclusive);
    assertEquals(entries.size(), removed, "deleteRange says");
    entries.clear();
  }

  void clear(String table) {
    TableTree tree = session.findTable(bytes(table));
    if (tree != null) {
      session.clear(tree);
      modelOf(table).entries.clear();
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
      adopted.entries.put(cursor.key(), value.toArray(ValueLayout.JAVA_BYTE));
    }
    model.tables.put(table, adopted);
  }

  private TableTree table(String name) {
    boolean integers = name.equals(Edit.tableName(Edit.INTEGER_TABLE));
    model.tables.computeIfAbsent(name, _ -> new TableModel(integers));
    return session.createTable(bytes(name), integers);
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
