package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a store should contain: its tables, each a sorted map.
final class StoreModel {

  /// One table.
  static final class TableModel {
    final boolean integerKeys;
    final TreeMap<byte[], byte[]> entries;

    /// When those entries expire that do, epoch milliseconds.
    final TreeMap<byte[], Long> expiries;

    TableModel(boolean integerKeys) {
      this(
          integerKeys,
          new TreeMap<>(Arrays::compareUnsigned),
          new TreeMap<>(Arrays::compareUnsigned));
    }

    private TableModel(
        boolean integerKeys, TreeMap<byte[], byte[]> entries, TreeMap<byte[], Long> expiries) {
      this.integerKeys = integerKeys;
      this.entries = entries;
      this.expiries = expiries;
    }

    TableModel copy() {
      return new TableModel(integerKeys, new TreeMap<>(entries), new TreeMap<>(expiries));
    }

    /// Puts an entry.
    ///
    /// @param expiryMillis 0 for none
    void put(byte[] key, byte[] value, long expiryMillis) {
      entries.put(key, value);
      expiries.remove(key);
      if (expiryMillis != 0) {
        expiries.put(key, expiryMillis);
      }
    }

    void remove(byte[] key) {
      entries.remove(key);
      expiries.remove(key);
    }

    void clear() {
      entries.clear();
      expiries.clear();
    }

    /// Whether the time of an entry has come, so that it counts as absent, purged or not.
    boolean isOver(byte[] key, long nowMillis) {
      Long expiry = expiries.get(key);
      return expiry != null && expiry <= nowMillis;
    }

    /// Whether there is an entry whose time has not come.
    boolean has(byte[] key, long nowMillis) {
      return entries.containsKey(key) && !isOver(key, nowMillis);
    }
  }

  final TreeMap<String, TableModel> tables = new TreeMap<>();

  /// Time of the last transaction: what was over by then may have been purged.
  long writtenMillis;

  /// An independent copy. Keys and values are shared: nobody changes them.
  StoreModel copy() {
    StoreModel copy = new StoreModel();
    copy.writtenMillis = writtenMillis;
    tables.forEach((name, table) -> copy.tables.put(name, table.copy()));
    return copy;
  }

  /// Number of entries of all tables.
  long entryCount() {
    long count = 0;
    for (TableModel table : tables.values()) {
      count += table.entries.size();
    }
    return count;
  }

  /// Compares a snapshot with this.
  ///
  /// @return the first difference in words, or null
  @Nullable String differenceTo(Snapshot snapshot) {
    TreeCursor cursor = new TreeCursor(snapshot);
    cursor.open(snapshot.catalogueRef());
    ValueSlot slot = new ValueSlot();
    boolean more = skipOwn(cursor, cursor.first());
    for (Map.Entry<String, TableModel> table : tables.entrySet()) {
      String found = more ? new String(keyOf(cursor), StandardCharsets.UTF_8) : "no further table";
      if (!found.equals(table.getKey())) {
        return "expected table " + table.getKey() + ", found " + found;
      }
      cursor.value(slot);
      String difference = difference(snapshot, Catalogue.decode(slot), table.getValue());
      if (difference != null) {
        return "table " + table.getKey() + ": " + difference;
      }
      more = skipOwn(cursor, cursor.next());
    }
    return more ? "table " + new String(keyOf(cursor), StandardCharsets.UTF_8) + " is new" : null;
  }

  /// Goes on to a table that is not the store's own.
  private static boolean skipOwn(TreeCursor tables, boolean valid) {
    boolean more = valid;
    while (more && new String(keyOf(tables), StandardCharsets.UTF_8).startsWith("quire.")) {
      more = tables.next();
    }
    return more;
  }

  private @Nullable String difference(Snapshot snapshot, TableRecord record, TableModel model) {
    if (model.integerKeys != (record.kind() == TableRecord.KIND_INTEGERS)) {
      return "kind " + record.kind();
    }
    TreeCursor cursor = new TreeCursor(snapshot);
    cursor.open(record.rootRef());
    ValueSlot slot = new ValueSlot();
    boolean more = cursor.first();
    long purged = 0;
    for (Map.Entry<byte[], byte[]> entry : model.entries.entrySet()) {
      byte[] key = entry.getKey();
      if (!more || !Arrays.equals(keyOf(cursor), key)) {
        if (model.isOver(key, writtenMillis)) {
          purged++;
          continue;
        }
        return "expected key " + hex(key) + ", found " + (more ? hex(keyOf(cursor)) : "the end");
      }
      cursor.value(slot);
      if (!contains(slot, entry.getValue())) {
        return "of key " + hex(key) + " the value differs";
      }
      if (cursor.expiryMillis() != model.expiries.getOrDefault(key, 0L)) {
        return "key " + hex(key) + " expires at " + cursor.expiryMillis();
      }
      more = cursor.next();
    }
    long expected = model.entries.size() - purged;
    if (!more && record.entries() != expected) {
      return "there are " + expected + " entries, its record says " + record.entries();
    }
    return more ? "key " + hex(keyOf(cursor)) + " is new" : null;
  }

  /// Whether the slot names exactly these bytes.
  static boolean contains(ValueSlot slot, byte[] expected) {
    return slot.length == expected.length
        && slot.segment.asSlice(slot.offset, slot.length).mismatch(MemorySegment.ofArray(expected))
            < 0;
  }

  private static byte[] keyOf(TreeCursor cursor) {
    byte[] key = new byte[cursor.keyLength()];
    cursor.copyKey(key);
    return key;
  }

  private static String hex(byte[] key) {
    String all = HexFormat.of().formatHex(key, 0, Math.min(key.length, 24));
    return key.length > 24 ? all + "... (" + key.length + " bytes)" : all;
  }
}
