package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageAllocator.RunSource;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.tree.TreeRange;
import dev.quire.store.internal.tree.TreeWriter;
import dev.quire.store.internal.txn.SessionSavepoints.Words;
import dev.quire.store.options.Durability;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One write transaction: the only thread that changes the store, on top of the newest committed
/// state.
///
/// Every change goes into scratch pages and, as an operation, into the redo buffer. When scratch
/// memory is used up, the pages are written to the file early, where nothing refers to them before
/// the commit. A change that fails half way, for want of space, leaves a session that can only be
/// rolled back.
public final class WriteSession {

  private final EngineParts parts;
  final WriterMemory memory;
  private final CommitSequence commits;
  private final Durability durability;
  private final Head base;
  private final SessionTables tables;
  private final SessionSavepoints savepoints;
  private Words words;
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
    this.words = new Words(base.nextTableId(), base.userTerm(), base.userIndex());
    memory.pages.begin(txnId());
    this.tables = new SessionTables(memory, base.catalogueRef());
    this.savepoints = new SessionSavepoints(memory, tables);
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
    return tables.catalogue().ref;
  }

  /// Finds a table.
  ///
  /// @param name UTF-8
  /// @return null if there is none of this name
  public @Nullable TableTree findTable(byte[] name) {
    return tables.find(name);
  }

  /// The table of this name, new and empty if there is none, without expiry and bounds.
  ///
  /// @throws IllegalArgumentException if it exists with the other kind of keys
  public TableTree createTable(byte[] name, boolean integerKeys) {
    return createTable(name, TableSettings.plain(integerKeys));
  }

  /// The table of this name, made with these settings if there is none.
  ///
  /// @throws IllegalArgumentException if it exists with the other kind of keys
  public TableTree createTable(byte[] name, TableSettings settings) {
    TableTree existing = findTable(name);
    if (existing != null) {
      existing.requireKeys(settings.integerKeys());
      return existing;
    }
    int tableId = Math.toIntExact(words.nextTableId());
    return createTable(name, Catalogue.newRecord(tableId, settings, txnId()));
  }

  /// Creates a table from its record, as replay does; there is none of this name.
  TableTree createTable(byte[] name, TableRecord record) {
    requireActive();
    long nextTableId = Math.max(words.nextTableId(), record.tableId() + 1L);
    words = new Words(nextTableId, words.userTerm(), words.userIndex());
    memory.redo.createTable(record.tableId(), name, tables.bytesOf(record));
    changed = true;
    try {
      return tables.create(name, record);
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
  }

  /// Removes a table and everything in it.
  ///
  /// @return whether there was one of this name
  public boolean dropTable(byte[] name) {
    TableTree table = findTable(name);
    if (table == null) {
      return false;
    }
    edit(() -> tables.drop(table));
    memory.redo.dropTable(table.tableId());
    return true;
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
  /// @return whether the key is new
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
    memory.slot.set(value, offset, length);
    memory.slot.expiryMillis = expiryMillis;
    TreeWriter tree = memory.tree;
    boolean added = true;
    try {
      switch (way) {
        case PUT -> added = tree.put(table.root(), key, keyLength, memory.slot);
        case IF_ABSENT -> added = tree.putIfAbsent(table.root(), key, keyLength, memory.slot);
        case APPEND -> tree.append(table.root(), key, keyLength, memory.slot);
      }
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
    if (added || way == Way.PUT) {
      memory.redo.put(table.tableId(), key, keyLength, value, offset, length, expiryMillis);
      edited(table);
    }
    return added;
  }

  /// Stores an entry whose value comes from a source and is never held in memory as a whole.
  public boolean putStream(
      TableTree table, byte[] key, int keyLength, RunSource source, long length) {
    requireUsable(table);
    long run = memory.pages.writeRun(source, length);
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
    words = new Words(words.nextTableId(), term, index);
    changed = true;
  }

  /// Opens a savepoint inside those that are open.
  ///
  /// @return its depth, from 1 on
  public int savepoint() {
    requireActive();
    return savepoints.open(words);
  }

  /// Undoes everything since the savepoint was opened; it stays open, those inside it are gone.
  public void rollbackTo(int depth) {
    requireActive();
    words = savepoints.rollbackTo(depth);
  }

  /// Closes a savepoint and those inside it; what was done since then stays done.
  public void release(int depth) {
    requireActive();
    savepoints.release(depth);
  }

  /// Makes the changes durable, as asked, and visible. The session has ended, whatever happens.
  public void commit() {
    requireActive();
    if (savepoints.depth() > 0) {
      release(1);
    }
    commits.commit(this);
  }

  /// Forgets the changes. Idempotent.
  public void rollback() {
    if (!ended) {
      commits.undo(this);
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

  Words words() {
    return words;
  }

  SessionTables tables() {
    return tables;
  }

  /// Ends the session; the turn is still held.
  void end(boolean published) {
    ended = true;
    memory.pages.end(published);
  }

  /// Notes that a table has changed, and makes room if scratch memory is used up.
  void edited(TableTree table) {
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
    try {
      commits.writePages(this, () -> {});
    } catch (RuntimeException | Error e) {
      flush.giveBack();
      throw e;
    }
    tables.redirectAll(savepoints.saved());
    flush.moveTo(memory.pages);
    flush.begin();
    memory.pages.refresh();
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
    broken |= !(e instanceof IllegalArgumentException);
    RuntimeException failure = MappedFaults.translate(memory.pages, e);
    broken |= !(failure instanceof IllegalArgumentException);
    if (failure instanceof StoreFullException) {
      commits.roomWanted();
    }
    return failure;
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
