package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.PageAllocator.RunSource;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.tree.TreeRange;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.options.Durability;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One write transaction: the only thread that changes the store, on top of the newest committed state.
///
/// Every change goes into scratch pages and, as an operation, into the redo buffer. When scratch memory
/// is used up, the pages are written to the file early, where nothing refers to them before the commit.
/// A change that fails half way, for want of space, leaves a session that can only be rolled back.
public final class WriteSession {

  private final EngineParts parts;
  private final WriterMemory memory;
  private final CommitSequence commits;
  private final Durability durability;
  private final Head base;
  private final TreeRoot catalogue;
  private final Map<String, TableTree> tables = new LinkedHashMap<>();
  private final List<Savepoint> savepoints = new ArrayList<>();
  private long nextTableId;
  private long userTerm;
  private long userIndex;
  private boolean changed;
  private boolean broken;
  private boolean ended;

  WriteSession(
      EngineParts parts,
      WriterMemory memory,
      CommitSequence commits,
      Head base,
      Durability durability) {
    this.parts = parts;
    this.memory = memory;
    this.commits = commits;
    this.base = base;
    this.durability = durability;
    this.nextTableId = base.nextTableId();
    this.userTerm = base.userTerm();
    this.userIndex = base.userIndex();
    memory.pages.begin(txnId());
    this.catalogue = Catalogue.tree(memory.pages, base.catalogueRef());
    memory.flush.begin();
    memory.redo.begin(commits.logs(durability));
  }

  /// Id that the transaction will have.
  public long txnId() {
    return base.txnId() + 1;
  }

  /// The pages as the transaction sees them.
  public PageReader pages() {
    return memory.pages;
  }

  /// Root of the catalogue as the transaction sees it, but for the sizes of changed tables.
  public long catalogueRef() {
    return catalogue.ref;
  }

  /// Finds a table.
  ///
  /// @param name UTF-8
  /// @return null if there is none of this name
  public @Nullable TableTree findTable(byte[] name) {
    String key = new String(name, StandardCharsets.UTF_8);
    TableTree known = tables.get(key);
    if (known != null) {
      return known.isDropped() ? null : known;
    }
    TableRecord record = Catalogue.find(memory.pages, catalogue.ref, name);
    if (record == null) {
      return null;
    }
    TableTree table = new TableTree(name, record, Catalogue.root(record), false);
    tables.put(key, table);
    return table;
  }

  /// The table of this name, new and empty if there is none.
  ///
  /// @throws IllegalArgumentException if it exists with the other kind of keys
  public TableTree createTable(byte[] name, boolean integerKeys) {
    TableTree existing = findTable(name);
    if (existing != null) {
      if (existing.root().integerKeys != integerKeys) {
        throw new IllegalArgumentException(
            "table "
                + new String(name, StandardCharsets.UTF_8)
                + " exists with "
                + (integerKeys ? "byte-string keys, asked for integer keys" : "integer keys, asked for byte-string keys"));
      }
      return existing;
    }
    int kind = integerKeys ? TableRecord.KIND_INTEGERS : TableRecord.KIND_BYTES;
    int tableId = Math.toIntExact(nextTableId++);
    TableRecord record =
        new TableRecord(PageRef.NONE, 0, tableId, kind, 0, 0, 0, 0, 0, 0, 0, 0, txnId());
    return createTable(name, record);
  }

  /// Creates a table from its record, as replay does; there is none of this name.
  TableTree createTable(byte[] name, TableRecord record) {
    nextTableId = Math.max(nextTableId, record.tableId() + 1L);
    TableTree table = new TableTree(name, record, new TreeRoot(record.kind() == TableRecord.KIND_INTEGERS), true);
    record.write(memory.tableRecord, 0);
    byte[] bytes = new byte[TableRecord.SIZE_BYTES];
    MemorySegment.copy(memory.tableRecord, 0, MemorySegment.ofArray(bytes), 0, bytes.length);
    memory.redo.createTable(record.tableId(), name, bytes);
    tables.put(new String(name, StandardCharsets.UTF_8), table);
    edit(() -> putRecord(table));
    return table;
  }

  /// Removes a table and everything in it.
  ///
  /// @return whether there was one of this name
  public boolean dropTable(byte[] name) {
    TableTree table = findTable(name);
    if (table == null) {
      return false;
    }
    edit(
        () -> {
          memory.tree.clear(table.root());
          memory.tree.delete(catalogue, name, name.length);
        });
    table.drop();
    memory.redo.dropTable(table.tableId());
    return true;
  }

  /// Stores an entry.
  ///
  /// @param value native or heap memory
  /// @param expiryMillis absolute, 0 for none
  /// @return whether the key is new
  public boolean put(
      TableTree table,
      byte[] key,
      int keyLength,
      MemorySegment value,
      long offset,
      long length,
      long expiryMillis) {
    requireUsable(table);
    memory.slot.set(value, offset, length);
    memory.slot.expiryMillis = expiryMillis;
    boolean added;
    try {
      added = memory.tree.put(table.root(), key, keyLength, memory.slot);
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    logPut(table, key, keyLength, value, offset, length, expiryMillis);
    return added;
  }

  /// Stores an entry unless the key is there.
  ///
  /// @return whether it was stored
  public boolean putIfAbsent(
      TableTree table,
      byte[] key,
      int keyLength,
      MemorySegment value,
      long offset,
      long length,
      long expiryMillis) {
    requireUsable(table);
    memory.slot.set(value, offset, length);
    memory.slot.expiryMillis = expiryMillis;
    boolean added;
    try {
      added = memory.tree.putIfAbsent(table.root(), key, keyLength, memory.slot);
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    if (added) {
      logPut(table, key, keyLength, value, offset, length, expiryMillis);
    }
    return added;
  }

  /// Stores an entry behind all others.
  ///
  /// @throws IllegalArgumentException if the key is not greater than the table's last
  public void append(
      TableTree table,
      byte[] key,
      int keyLength,
      MemorySegment value,
      long offset,
      long length,
      long expiryMillis) {
    requireUsable(table);
    memory.slot.set(value, offset, length);
    memory.slot.expiryMillis = expiryMillis;
    try {
      memory.tree.append(table.root(), key, keyLength, memory.slot);
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    logPut(table, key, keyLength, value, offset, length, expiryMillis);
  }

  /// Stores an entry whose value comes from a source and is never held in memory as a whole.
  public boolean putStream(
      TableTree table, byte[] key, int keyLength, RunSource source, long length) {
    requireUsable(table);
    long run;
    try {
      run = memory.pages.writeRun(source, length);
    } catch (RuntimeException e) {
      memory.pages.refresh();
      throw e;
    }
    boolean added;
    try {
      added = memory.tree.put(table.root(), key, keyLength, memory.slot.setRun(run, length));
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    memory.redo.giveUp();
    edited(table);
    return added;
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
      edited(table);
    }
    return removed;
  }

  /// Removes all entries of a range.
  ///
  /// @return how many
  public long deleteRange(TableTree table, TreeRange range) {
    requireUsable(table);
    long removed;
    try {
      removed = memory.tree.deleteRange(table.root(), range);
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    if (removed > 0) {
      memory.redo.deleteRange(table.tableId(), range);
      edited(table);
    }
    return removed;
  }

  /// Removes all entries.
  public void clear(TableTree table) {
    requireUsable(table);
    edit(() -> memory.tree.clear(table.root()));
    memory.redo.clearTable(table.tableId());
    edited(table);
  }

  /// Sets the two words that commit with the data.
  public void userWords(long term, long index) {
    requireActive();
    userTerm = term;
    userIndex = index;
    changed = true;
  }

  private record Savepoint(
      SessionPages.Mark mark,
      long redoMark,
      TreeRoot catalogue,
      List<TableTree.Saved> tables,
      long nextTableId,
      long userTerm,
      long userIndex) {}

  /// Opens a savepoint inside those that are open.
  ///
  /// @return its depth, from 1 on
  public int savepoint() {
    requireActive();
    List<TableTree.Saved> saved = new ArrayList<>();
    for (TableTree table : tables.values()) {
      saved.add(table.save());
    }
    savepoints.add(
        new Savepoint(
            memory.pages.savepoint(),
            memory.redo.mark(),
            catalogue.copy(),
            saved,
            nextTableId,
            userTerm,
            userIndex));
    return savepoints.size();
  }

  /// Undoes everything since the savepoint was opened; it stays open, those inside it are gone.
  public void rollbackTo(int depth) {
    requireActive();
    Savepoint savepoint = requireSavepoint(depth);
    savepoints.subList(depth, savepoints.size()).clear();
    memory.pages.rollbackTo(savepoint.mark());
    memory.redo.cutTo(savepoint.redoMark());
    catalogue.set(savepoint.catalogue());
    tables.clear();
    for (TableTree.Saved saved : savepoint.tables()) {
      saved.table().restore(saved);
      tables.put(new String(saved.table().name(), StandardCharsets.UTF_8), saved.table());
    }
    nextTableId = savepoint.nextTableId();
    userTerm = savepoint.userTerm();
    userIndex = savepoint.userIndex();
  }

  /// Closes a savepoint and those inside it; what was done since then stays done.
  public void release(int depth) {
    requireActive();
    Savepoint savepoint = requireSavepoint(depth);
    savepoints.subList(depth - 1, savepoints.size()).clear();
    memory.pages.release(savepoint.mark());
  }

  private Savepoint requireSavepoint(int depth) {
    if (depth < 1 || depth > savepoints.size()) {
      throw new IllegalStateException(
          "savepoint " + depth + " is not open; " + savepoints.size() + " are");
    }
    return savepoints.get(depth - 1);
  }

  /// Makes the changes durable, as asked, and visible. The session has ended, whatever happens.
  public void commit() {
    requireActive();
    if (!savepoints.isEmpty()) {
      release(1);
    }
    commits.commit(this);
  }

  /// Forgets the changes. Idempotent.
  public void rollback() {
    if (!ended) {
      end(false);
      commits.endTurn();
    }
  }

  /// Whether the session was committed or rolled back.
  public boolean isEnded() {
    return ended;
  }

  Head base() {
    return base;
  }

  Durability durability() {
    return durability;
  }

  boolean isChanged() {
    return changed;
  }

  long nextTableId() {
    return nextTableId;
  }

  long userTerm() {
    return userTerm;
  }

  long userIndex() {
    return userIndex;
  }

  TreeRoot catalogue() {
    return catalogue;
  }

  /// Brings the records of changed tables into the catalogue. Done twice in a commit: before the pages
  /// are numbered, so that the catalogue's own pages are there; and after, with the final references to
  /// the tables' roots, which changes neither the size nor the place of a record.
  void writeCatalogue() {
    for (TableTree table : tables.values()) {
      if (table.isChanged() && !table.isDropped()) {
        redirect(table.root());
        putRecord(table);
      }
    }
  }

  /// Ends the session; the turn is still held.
  void end(boolean published) {
    ended = true;
    memory.pages.end(published);
  }

  private void putRecord(TableTree table) {
    Catalogue.record(table.record(), table.root()).write(memory.tableRecord, 0);
    memory.slot.set(memory.tableRecord, 0, TableRecord.SIZE_BYTES);
    memory.tree.put(catalogue, table.name(), table.name().length, memory.slot);
  }

  private void logPut(
      TableTree table,
      byte[] key,
      int keyLength,
      MemorySegment value,
      long offset,
      long length,
      long expiryMillis) {
    memory.redo.put(table.tableId(), key, keyLength, value, offset, length, expiryMillis);
    edited(table);
  }

  private void edited(TableTree table) {
    table.edited();
    changed = true;
    long scratchBytes = (long) memory.pages.scratch().liveCount() * parts.pageSizeBytes();
    if (scratchBytes > parts.options.writerMemoryBytes()) {
      edit(this::spill);
    }
  }

  /// Writes the scratch pages to the file: they are pages of the file from now on.
  private void spill() {
    PageFlush flush = memory.flush;
    commits.reserveStamps(memory.pages.scratch().limit());
    int count = flush.number(txnId());
    try {
      flush.write(txnId(), count);
    } catch (RuntimeException | Error e) {
      flush.giveBack();
      throw e;
    }
    redirect(catalogue);
    for (TableTree table : tables.values()) {
      redirect(table.root());
      table.moved();
    }
    for (Savepoint savepoint : savepoints) {
      redirect(savepoint.catalogue());
      for (TableTree.Saved saved : savepoint.tables()) {
        redirect(saved.root());
      }
    }
    flush.moveTo(memory.pages);
    flush.begin();
    memory.pages.refresh();
  }

  private void redirect(TreeRoot root) {
    root.ref = memory.flush.finalRef(root.ref);
  }

  private void edit(Runnable action) {
    requireActive();
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    changed = true;
  }

  /// Notes that a change failed half way; misuse is found before anything is changed.
  private RuntimeException broken(Throwable e) {
    if (!(e instanceof IllegalArgumentException)) {
      broken = true;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return (RuntimeException) e;
  }

  private void requireUsable(TableTree table) {
    requireActive();
    if (table.isDropped()) {
      throw new IllegalStateException(
          "table "
              + new String(table.name(), StandardCharsets.UTF_8)
              + " was dropped in this transaction");
    }
  }

  private void requireActive() {
    if (ended) {
      throw new IllegalStateException("the write transaction has ended; begin another");
    }
    if (broken) {
      throw new IllegalStateException(
          "a change of this write transaction failed; it can only be rolled back");
    }
  }
}
