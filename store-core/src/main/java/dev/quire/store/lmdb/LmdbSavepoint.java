package dev.quire.store.lmdb;

import dev.quire.store.Savepoint;

/// A savepoint: a transaction nested in another one.
final class LmdbSavepoint implements Savepoint {

  private final LmdbWriteTxn txn;

  LmdbSavepoint(LmdbWriteTxn txn) {
    this.txn = txn;
  }

  @Override
  public void release() {
    txn.end(this, true);
  }

  @Override
  public void rollback() {
    txn.end(this, false);
  }

  @Override
  public void close() {
    if (txn.isOpen(this)) {
      txn.end(this, false);
    }
  }
}
