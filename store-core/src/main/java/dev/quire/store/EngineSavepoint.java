package dev.quire.store;

/// A savepoint of the engine.
final class EngineSavepoint implements Savepoint {

  private final EngineWriteTxn txn;
  private final int id;

  EngineSavepoint(EngineWriteTxn txn, int id) {
    this.txn = txn;
    this.id = id;
  }

  /// The engine's name for it.
  int id() {
    return id;
  }

  @Override
  public void release() {
    txn.release(this);
  }

  @Override
  public void rollback() {
    txn.rollbackTo(this);
  }

  @Override
  public void close() {
    if (txn.isOpen(this)) {
      txn.rollbackTo(this);
    }
  }
}
