package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.txn.SessionSavepoints.Words;
import dev.quire.store.options.Durability;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One write transaction: the only thread that changes the store, on top of the newest committed
/// state.
///
/// Every change goes into scratch pages and, as an operation, into the redo buffer. When scratch
/// memory is used up, the pages are written to the file early, where nothing refers to them before
/// the commit. A change that fails half way, for want of space, leaves a session that can only be
/// rolled back.
public final class WriteSession extends SessionEntries {

  /// Entries that a writer purges beside its own work, and for each that it stores two more.
  private static final int PURGED_AT_LEAST = 32;

  private static final int PURGED_AT_MOST = 4096;

  private final EngineParts parts;
  private final CommitSequence commits;
  private final Durability durability;
  private final Head base;
  private final SessionSavepoints savepoints;
  private Words words;
  private boolean changed;
  private boolean broken;
  private boolean ended;

  /// @param nowMillis when the transaction begins, epoch milliseconds; 0 if nothing shall expire
  WriteSession(
      EngineParts parts,
      WriterMemory memory,
      CommitSequence commits,
      Head base,
      Durability durability,
      long nowMillis) {
    super(memory, base, nowMillis);
    this.parts = parts;
    this.commits = commits;
    this.base = base;
    this.durability = durability;
    this.words = new Words(base.nextTableId(), base.userTerm(), base.userIndex());
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

  /// {@inheritDoc}
  ///
  /// @throws IllegalArgumentException if it exists with the other kind of keys
  @Override
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
    edit(() -> drop(table));
    memory.redo.dropTable(table.tableId());
    return true;
  }

  private void drop(TableTree table) {
    if (!tables.isLarge(table)) {
      expiry.cleared(table);
      if (table.isBounded()) {
        queue.cleared(table);
      }
    }
    tables.drop(table);
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
    if (changed) {
      purgeOrRollback();
    }
    commits.commit(this);
  }

  private void purgeOrRollback() {
    try {
      purge((int) Math.min(PURGED_AT_MOST, PURGED_AT_LEAST + 2 * expiry.stored()));
    } catch (RuntimeException | Error e) {
      rollback();
      throw e;
    }
  }

  /// Deletes entries whose time has come.
  ///
  /// @param limit how many at most
  /// @return how many it was
  int purge(int limit) {
    requireActive();
    try {
      int purged = expiry.purge(limit);
      commits.countPurged(purged);
      return purged;
    } catch (RuntimeException | Error e) {
      throw broken(e);
    }
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
    if (!published) {
      memory.nextExpiryMillis = 0;
    }
    memory.pages.end(published);
  }

  @Override
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

  @Override
  RuntimeException broken(Throwable e) {
    broken |= !(e instanceof IllegalArgumentException);
    RuntimeException failure = MappedFaults.translate(memory.pages, e);
    broken |= !(failure instanceof IllegalArgumentException);
    if (failure instanceof StoreFullException) {
      commits.roomWanted();
    }
    return failure;
  }

  @Override
  void requireUsable(TableTree table) {
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
