package dev.quire.store.lmdb;

import dev.quire.store.lmdb.LmdbCatalogue.Handle;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lmdbjava.Txn;

/// What a write transaction knows at one level of nesting, and has again when that level ends.
///
/// @param txn the native transaction
/// @param tables the tables that there are
/// @param emptied databases of dropped tables
/// @param structural whether tables were made or dropped
/// @param changed whether anything was changed
record LmdbLevel(
    Txn<MemorySegment> txn,
    Map<String, Handle> tables,
    Map<String, Handle> emptied,
    boolean structural,
    boolean changed) {

  /// The same inside a native transaction.
  LmdbLevel within(Txn<MemorySegment> other) {
    return new LmdbLevel(other, tables, emptied, structural, changed);
  }

  /// The same with a change.
  LmdbLevel afterChange() {
    return changed ? this : new LmdbLevel(txn, tables, emptied, structural, true);
  }

  /// The same with a new table.
  LmdbLevel with(String name, Handle made) {
    Map<String, Handle> more = new LinkedHashMap<>(tables);
    more.put(name, made);
    Map<String, Handle> left = new LinkedHashMap<>(emptied);
    left.remove(name);
    return new LmdbLevel(txn, more, left, true, true);
  }

  /// The same without a table, whose database is empty.
  LmdbLevel without(String name, Handle dropped) {
    Map<String, Handle> fewer = new LinkedHashMap<>(tables);
    fewer.remove(name);
    Map<String, Handle> more = new LinkedHashMap<>(emptied);
    more.put(name, dropped);
    return new LmdbLevel(txn, fewer, more, true, true);
  }
}
