package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.QueueState;

/// The state of a bounded table in one write transaction; a commit stores it if it changed.
final class TableBound {

  long usedBytes;
  long nextSequence;
  long hand;
  boolean changed;

  /// Entries evicted in this transaction.
  long evicted;

  TableBound(QueueState state) {
    this.usedBytes = state.usedBytes();
    this.nextSequence = state.nextSequence();
    this.hand = state.hand();
  }

  QueueState state() {
    return new QueueState(usedBytes, nextSequence, hand);
  }

  /// An independent copy: a savepoint's.
  TableBound copy() {
    TableBound copy = new TableBound(state());
    copy.changed = changed;
    copy.evicted = evicted;
    return copy;
  }
}
