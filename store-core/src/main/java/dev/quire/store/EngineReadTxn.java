package dev.quire.store;

import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineHandle;
import dev.quire.store.internal.txn.Snapshot;
import java.util.List;

/// A snapshot of the engine and its life.
final class EngineReadTxn implements ReadTxn {

  private final EngineHandle handle;
  private final Snapshot snapshot;
  private final long nowMillis;
  private boolean closed;

  EngineReadTxn(EngineHandle handle, Snapshot snapshot) {
    this.handle = handle;
    this.snapshot = snapshot;
    this.nowMillis = handle.engine().nowMillis();
  }

  @Override
  public long id() {
    return snapshot().txnId();
  }

  @Override
  public SnapshotTable table(String name) {
    return new SnapshotTable(this, name);
  }

  @Override
  public List<String> tables() {
    Snapshot pages = snapshot();
    return TableName.list(pages, pages.catalogueRef());
  }

  @Override
  public boolean isOpen() {
    return !closed && handle.isOpen();
  }

  @Override
  public void close() {
    // The snapshot object serves another transaction as soon as it has ended: end it once.
    if (!closed) {
      closed = true;
      handle.end(snapshot);
    }
  }

  /// The time of the transaction, fixed at its begin.
  long nowMillis() {
    return nowMillis;
  }

  /// Gives the snapshot away: it lives on, the transaction is closed.
  Snapshot giveAway() {
    Snapshot given = snapshot();
    closed = true;
    return given;
  }

  /// Whether the snapshot is one of this engine.
  ///
  /// @throws IllegalStateException if the transaction or the store is closed
  boolean isOf(Engine engine) {
    snapshot();
    return handle.engine() == engine;
  }

  /// The pages.
  ///
  /// @throws IllegalStateException if the transaction or the store is closed
  Snapshot snapshot() {
    if (closed) {
      throw new IllegalStateException("the read transaction is closed");
    }
    if (!handle.isOpen()) {
      throw new IllegalStateException("the store is closed");
    }
    return snapshot;
  }
}
