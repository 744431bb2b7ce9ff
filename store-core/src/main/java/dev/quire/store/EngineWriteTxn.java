package dev.quire.store;

import dev.quire.store.internal.txn.EngineHandle;
import dev.quire.store.internal.txn.TableTree;
import dev.quire.store.internal.txn.WriteSession;
import java.util.ArrayList;
import java.util.List;

/// A write session of the engine and its life.
final class EngineWriteTxn implements WriteTxn {

  private final EngineHandle handle;
  private final WriteSession session;
  private final List<EngineSavepoint> savepoints = new ArrayList<>();

  /// The thread that has the turn, and whose lock only it can give back.
  private final Thread owner = Thread.currentThread();

  private boolean ended;
  private long catalogueVersion;

  EngineWriteTxn(EngineHandle handle, WriteSession session) {
    this.handle = handle;
    this.session = session;
  }

  @Override
  public long id() {
    return session().txnId();
  }

  @Override
  public SessionTable table(String name) {
    return new SessionTable(this, name);
  }

  @Override
  public SessionTable table(String name, TableOptions options) {
    SessionTable table = new SessionTable(this, name);
    TableStats existing = table.stats();
    if (existing == null) {
      create(TableName.encode(name), options);
    } else {
      requireOptions(existing, options);
    }
    return table;
  }

  @Override
  public List<String> tables() {
    WriteSession open = session();
    return TableName.list(open.pages(), open.catalogueRef());
  }

  @Override
  public boolean dropTable(String name) {
    catalogueVersion++;
    return session().dropTable(TableName.encode(name));
  }

  @Override
  public Savepoint savepoint() {
    EngineSavepoint savepoint = new EngineSavepoint(this, session().savepoint());
    savepoints.add(savepoint);
    return savepoint;
  }

  @Override
  public void commit() {
    WriteSession committed = session();
    ended = true;
    committed.commit();
  }

  @Override
  public void rollback() {
    WriteSession abandoned = session();
    ended = true;
    abandoned.rollback();
  }

  @Override
  public boolean isOpen() {
    return !ended && handle.isOpen();
  }

  @Override
  public void close() {
    if (!ended) {
      requireOwner();
      ended = true;
      handle.rollback(session);
    }
  }

  private void requireOwner() {
    if (!owner.equals(Thread.currentThread())) {
      throw new IllegalStateException(
          "the write transaction belongs to thread \""
              + owner.getName()
              + "\": only that thread can use and end it");
    }
  }

  /// The session.
  ///
  /// @throws IllegalStateException if the transaction or the store is closed, or this is not the
  ///   transaction's thread
  WriteSession session() {
    if (ended) {
      throw new IllegalStateException("the write transaction has ended");
    }
    requireOwner();
    if (!handle.isOpen()) {
      throw new IllegalStateException("the store is closed");
    }
    return session;
  }

  /// Makes a table.
  TableTree create(byte[] name, TableOptions options) {
    catalogueVersion++;
    return session().createTable(name, options.settings());
  }

  /// Keeps what was done since the savepoint, and ends it and those inside it.
  void release(EngineSavepoint savepoint) {
    WriteSession open = session();
    end(savepoint);
    open.release(savepoint.id());
  }

  /// Undoes what was done since the savepoint, and ends it and those inside it.
  void rollbackTo(EngineSavepoint savepoint) {
    WriteSession open = session();
    end(savepoint);
    catalogueVersion++;
    open.rollbackTo(savepoint.id());
    open.release(savepoint.id());
  }

  /// Whether the savepoint has not ended, nor one around it.
  boolean isOpen(EngineSavepoint savepoint) {
    return isOpen() && savepoints.contains(savepoint);
  }

  private void end(EngineSavepoint savepoint) {
    int index = savepoints.indexOf(savepoint);
    if (index < 0) {
      throw new IllegalStateException("the savepoint has ended");
    }
    savepoints.subList(index, savepoints.size()).clear();
  }

  /// Changes whenever a name may mean another table than before.
  long catalogueVersion() {
    return catalogueVersion;
  }

  /// @throws IllegalArgumentException if the table has other options
  static void requireOptions(TableStats existing, TableOptions asked) {
    if (!existing.options().equals(asked)) {
      throw new IllegalArgumentException(
          "table \""
              + existing.name()
              + "\" exists with "
              + existing.options()
              + ", asked for was "
              + asked);
    }
  }
}
