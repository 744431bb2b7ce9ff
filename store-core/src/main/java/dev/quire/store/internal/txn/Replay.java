package dev.quire.store.internal.txn;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.RedoOperation;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeRange;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Applies the log's operations to a write session, as one transaction.
///
/// Of each key only the last operation counts; they are applied in key order, so that neighbours
/// share their pages; those pages are read ahead. Ranges, and creating, dropping and clearing
/// tables, take effect where they stand.
final class Replay {

  /// The last operation on a key.
  ///
  /// @param offset of the operation in the log
  private record Last(long offset) {}

  /// One table on the way.
  private static final class Target {
    final TableTree table;
    final NavigableMap<byte[], Last> last = new TreeMap<>(Arrays::compareUnsigned);

    Target(TableTree table) {
      this.table = table;
    }
  }

  private final EngineParts parts;
  private final WriteSession session;
  private final MemorySegment log;

  /// By table id.
  private @Nullable Target[] targets = new Target[16];

  Replay(EngineParts parts, WriteSession session, MemorySegment log) {
    this.parts = parts;
    this.session = session;
    this.log = log;
    readTables();
  }

  /// Applies everything.
  void run(LogScan scan) {
    for (LogScan.Transaction transaction : scan.transactions()) {
      long at = transaction.offset();
      long end = at + transaction.lengthBytes();
      while (at < end) {
        at = step(at, end);
      }
    }
    for (Target target : targets) {
      if (target != null) {
        applyLast(target);
      }
    }
  }

  private void readTables() {
    TreeCursor cursor = new TreeCursor(session.pages());
    cursor.open(session.catalogueRef());
    ValueSlot slot = new ValueSlot();
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      byte[] name = new byte[cursor.keyLength()];
      cursor.copyKey(name);
      cursor.value(slot);
      TableRecord record = Catalogue.decode(slot);
      TableTree table = session.findTable(name);
      if (table != null) {
        addTarget(record.tableId(), table);
      }
    }
  }

  private long step(long at, long end) {
    int keyLength = RedoOperation.keyLength(log, at);
    int valueLength = RedoOperation.valueLength(log, at);
    long next = at + RedoOperation.lengthBytes(keyLength, valueLength);
    if (keyLength < 0 || valueLength < 0 || next > end) {
      throw damaged("an operation that ends in its record", "one of " + (next - at) + " bytes");
    }
    int tableId = RedoOperation.tableId(log, at);
    byte[] key = bytes(at + RedoOperation.SIZE_BYTES, keyLength);
    switch (RedoOperation.code(log, at)) {
      case RedoOperation.PUT, RedoOperation.DELETE -> target(tableId).last.put(key, new Last(at));
      case RedoOperation.DELETE_RANGE -> deleteRange(target(tableId), at, key);
      case RedoOperation.CREATE_TABLE -> createTable(at, key);
      case RedoOperation.DROP_TABLE -> {
        session.dropTable(target(tableId).table.name());
        targets[tableId] = null;
      }
      case RedoOperation.CLEAR_TABLE -> {
        target(tableId).last.clear();
        session.clear(target(tableId).table);
      }
      default -> throw damaged("an operation", "code " + RedoOperation.code(log, at));
    }
    return next;
  }

  private void createTable(long at, byte[] name) {
    long recordAt = at + RedoOperation.SIZE_BYTES + name.length;
    TableRecord record = TableRecord.read(log, recordAt);
    addTarget(record.tableId(), session.createTable(name, record));
  }

  private void deleteRange(Target target, long at, byte[] lower) {
    int flags = RedoOperation.flags(log, at);
    int upperLength = RedoOperation.valueLength(log, at);
    byte[] upper = bytes(at + RedoOperation.SIZE_BYTES + lower.length, upperLength);
    boolean fromInclusive = (flags & RedoOperation.FROM_INCLUSIVE) != 0;
    boolean toInclusive = (flags & RedoOperation.TO_INCLUSIVE) != 0;
    byte @Nullable [] from = (flags & RedoOperation.HAS_FROM) == 0 ? null : lower;
    byte @Nullable [] to = (flags & RedoOperation.HAS_TO) == 0 ? null : upper;
    NavigableMap<byte[], Last> covered = target.last;
    if (from != null) {
      covered = covered.tailMap(from, fromInclusive);
    }
    if (to != null) {
      covered = covered.headMap(to, toInclusive);
    }
    covered.clear();
    session.deleteRange(target.table, new TreeRange(from, fromInclusive, to, toInclusive));
  }

  private void applyLast(Target target) {
    byte[][] keys = target.last.keySet().toArray(new byte[0][]);
    ReadAhead.run(parts.region, parts.pageSizeBytes(), target.table.root(), keys);
    for (Map.Entry<byte[], Last> entry : target.last.entrySet()) {
      byte[] key = entry.getKey();
      long at = entry.getValue().offset();
      if (RedoOperation.code(log, at) == RedoOperation.DELETE) {
        session.delete(target.table, key, key.length);
      } else {
        session.put(
            target.table,
            key,
            key.length,
            log,
            at + RedoOperation.SIZE_BYTES + key.length,
            RedoOperation.valueLength(log, at),
            RedoOperation.expiryMillis(log, at));
      }
    }
  }

  private void addTarget(int tableId, TableTree table) {
    if (tableId < 0) {
      throw damaged("a table id of 0 and up", "table id " + tableId);
    }
    if (tableId >= targets.length) {
      targets = Arrays.copyOf(targets, Math.max(tableId + 1, 2 * targets.length));
    }
    targets[tableId] = new Target(table);
  }

  private Target target(int tableId) {
    Target target = tableId < 0 || tableId >= targets.length ? null : targets[tableId];
    if (target == null) {
      throw damaged("an operation on a table that exists", "table id " + tableId);
    }
    return target;
  }

  private byte[] bytes(long offset, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(log, offset, MemorySegment.ofArray(bytes), 0, length);
    return bytes;
  }

  private static CorruptPageException damaged(String expected, String found) {
    return new CorruptPageException(new Violation(-1, "in the redo ring " + expected, found));
  }
}
