package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.ScratchPlaces;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeRange;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tables of one write transaction: those it has looked at, and the catalogue they hang in.
///
/// A small table is dropped at once. A large one is detached: its record moves to a name that only
/// the store can give, and every later transaction frees a bounded number of its pages, so that
/// none takes long.
final class SessionTables {

  /// A table of more pages is detached.
  private static final long SMALL_PAGES = 256;

  /// Keys of a system table that one transaction frees for a detached table.
  static final int FREED_ENTRIES = 8192;

  /// Leaves of detached tables that one transaction frees.
  private static final int FREED_LEAVES = 256;

  private final WriterMemory memory;
  private final TreeRoot catalogue;
  private final Map<String, TableTree> tables = new LinkedHashMap<>();

  SessionTables(WriterMemory memory, long catalogueRef) {
    this.memory = memory;
    try {
      this.catalogue = Catalogue.tree(memory.pages, catalogueRef);
      PendingFault.raise();
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(memory.pages, e);
    }
  }

  /// Root of the catalogue.
  TreeRoot catalogue() {
    return catalogue;
  }

  /// The table of this name, or null.
  @Nullable TableTree find(byte[] name) {
    String key = new String(name, StandardCharsets.UTF_8);
    TableTree known = tables.get(key);
    if (known != null) {
      return known.isDropped() ? null : known;
    }
    TableRecord record;
    try {
      record = Catalogue.find(memory.pages, catalogue.ref, name);
      PendingFault.raise();
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(memory.pages, e);
    }
    if (record == null) {
      return null;
    }
    TableTree table = new TableTree(name, record, Catalogue.root(record), false);
    tables.put(key, table);
    return table;
  }

  /// The table with this id, or null if there is none, or it is detached.
  @Nullable TableTree findById(int tableId) {
    TreeCursor cursor = new TreeCursor(memory.pages);
    cursor.open(catalogue.ref);
    ValueSlot record = new ValueSlot();
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      cursor.value(record);
      if (Catalogue.decode(record).tableId() == tableId) {
        byte[] name = new byte[cursor.keyLength()];
        cursor.copyKey(name);
        return Catalogue.isDetached(new String(name, StandardCharsets.UTF_8)) ? null : find(name);
      }
    }
    return null;
  }

  /// The bounded tables whose state somebody has asked for.
  List<TableTree> bounded() {
    List<TableTree> bounded = new ArrayList<>();
    for (TableTree table : tables.values()) {
      if (table.bound() != null) {
        bounded.add(table);
      }
    }
    return bounded;
  }

  /// A new table; there is none of this name.
  TableTree create(byte[] name, TableRecord record) {
    TreeRoot root = new TreeRoot(record.kind() == TableRecord.KIND_INTEGERS);
    root.boundedId = record.isBounded() ? record.tableId() : 0;
    TableTree table = new TableTree(name, record, root, true);
    tables.put(new String(name, StandardCharsets.UTF_8), table);
    putRecord(name, record, root);
    return table;
  }

  /// Whether a table has more pages than one transaction should free.
  boolean isLarge(TableTree table) {
    TreeRoot root = table.root();
    return root.leafPages + root.branchPages + root.overflowPages > SMALL_PAGES;
  }

  /// Takes a table out of the catalogue and frees its pages, or detaches it.
  void drop(TableTree table) {
    if (isLarge(table)) {
      detach(table);
    } else {
      memory.tree.clear(table.root());
    }
    memory.tree.delete(catalogue, table.name(), table.name().length);
    table.drop();
  }

  /// The table goes on under its other name: what the transaction has changed of it is still
  /// scratch, so it is one of the transaction's tables.
  private void detach(TableTree table) {
    String name = Catalogue.DETACHED + Integer.toHexString(table.tableId());
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    tables.put(name, new TableTree(bytes, table.record(), table.root().copy(), true));
    putRecord(bytes, table.record(), table.root());
    memory.hasDetached = true;
  }

  /// Frees some pages of one detached table, if there is one: first what it has in the index of
  /// expiring entries, and in the queue.
  void freeDetached(ExpiryWriter expiry, EvictionQueue queue) {
    if (!memory.hasDetached) {
      return;
    }
    byte[] from = Catalogue.DETACHED.getBytes(StandardCharsets.UTF_8);
    TreeCursor cursor = new TreeCursor(memory.pages);
    cursor.open(catalogue.ref);
    if (!cursor.seekAtLeast(from, from.length)) {
      memory.hasDetached = false;
      return;
    }
    byte[] name = new byte[cursor.keyLength()];
    cursor.copyKey(name);
    if (!Arrays.equals(name, 0, Math.min(name.length, from.length), from, 0, from.length)) {
      memory.hasDetached = false;
      return;
    }
    TableTree table = find(name);
    if (table == null) {
      return;
    }
    if (table.root().expires && expiry.freeDetached(table.tableId())
        || table.isBounded() && queue.freeDetached(table.tableId())) {
      return;
    }
    byte[] end = keyAfter(table.root());
    if (end == null) {
      memory.tree.clear(table.root());
      memory.tree.delete(catalogue, name, name.length);
      table.drop();
    } else {
      memory.tree.deleteRange(table.root(), new TreeRange(null, false, end, false));
      table.edited();
    }
  }

  /// The first key behind the leaves that one transaction frees, or null if there is none.
  private byte @Nullable [] keyAfter(TreeRoot root) {
    TreeCursor cursor = new TreeCursor(memory.pages);
    cursor.open(root.ref);
    long entries = FREED_LEAVES * Math.max(1, root.entries / Math.max(1, root.leafPages));
    boolean more = cursor.first();
    for (long i = 0; more && i < entries; i++) {
      more = cursor.next();
    }
    if (!more) {
      return null;
    }
    byte[] key = new byte[cursor.keyLength()];
    cursor.copyKey(key);
    return key;
  }

  /// Brings the records of changed tables into the catalogue. Done twice in a commit: before the
  /// pages are numbered, so that the catalogue's own pages are there; and after, with the final
  /// references to the tables' roots, which changes neither the size nor the place of a record.
  void writeCatalogue() {
    for (TableTree table : tables.values()) {
      if (table.isChanged() && !table.isDropped()) {
        redirect(table.root());
        putRecord(table.name(), table.record(), table.root());
      }
    }
  }

  /// What a savepoint keeps.
  record Saved(TreeRoot catalogue, List<TableTree.Saved> tables) {}

  Saved save() {
    List<TableTree.Saved> saved = new ArrayList<>();
    for (TableTree table : tables.values()) {
      saved.add(table.save());
    }
    return new Saved(catalogue.copy(), saved);
  }

  void restore(Saved saved) {
    catalogue.set(saved.catalogue());
    tables.clear();
    for (TableTree.Saved each : saved.tables()) {
      each.table().restore(each);
      tables.put(new String(each.table().name(), StandardCharsets.UTF_8), each.table());
    }
  }

  /// After a spill: roots name the final places.
  void redirectAll(List<Saved> savepoints) {
    redirect(catalogue);
    for (TableTree table : tables.values()) {
      redirect(table.root());
      table.moved();
    }
    for (Saved saved : savepoints) {
      redirect(saved.catalogue());
      for (TableTree.Saved each : saved.tables()) {
        redirect(each.root());
      }
    }
  }

  /// After a flush that was taken back: roots name the scratch pages again.
  void takeBack(ScratchPlaces places) {
    for (TableTree table : tables.values()) {
      table.root().ref = places.scratchRef(table.root().ref);
    }
  }

  private void redirect(TreeRoot root) {
    root.ref = memory.flush.finalRef(root.ref);
  }

  private void putRecord(byte[] name, TableRecord record, TreeRoot root) {
    Catalogue.record(record, root).write(memory.tableRecord, 0);
    memory.slot.set(memory.tableRecord, 0, TableRecord.SIZE_BYTES);
    memory.tree.put(catalogue, name, name.length, memory.slot);
  }

  /// A record as bytes, for the log.
  byte[] bytesOf(TableRecord record) {
    record.write(memory.tableRecord, 0);
    byte[] bytes = new byte[TableRecord.SIZE_BYTES];
    MemorySegment.copy(memory.tableRecord, 0, MemorySegment.ofArray(bytes), 0, bytes.length);
    return bytes;
  }
}
