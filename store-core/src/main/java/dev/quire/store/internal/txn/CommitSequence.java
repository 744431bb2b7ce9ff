package dev.quire.store.internal.txn;

import dev.quire.store.errors.CommitInDoubtException;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.RedoRecord;
import dev.quire.store.internal.page.RunList;
import dev.quire.store.internal.txn.CommitGroup.Commit;
import dev.quire.store.options.Durability;

/// The ordered steps of a commit.
///
/// 1. The tables' records go into the catalogue, all scratch pages to free places of the file. Until
///    here nothing refers to anything new, and a failure undoes the transaction.
/// 2. By one of three ways the transaction becomes as durable as asked:
///    the *log* (SYNC, INTERVAL): its record is appended to the redo ring, and synced;
///    a *checkpoint* (SYNC, where the log cannot say it: the record would be too long, or the
///    transaction before is not in the log): a superblock that names it is written;
///    *none* (CHECKPOINT, stores in memory).
/// 3. It is published.
///
/// From the first byte of the record to the end of publishing nothing may fail: what they need was
/// reserved before. If something does fail, the store is poisoned and the caller told that the
/// transaction is in doubt.
final class CommitSequence {

  private final EngineParts parts;
  private final WriterMemory memory;
  private final WriterTurn turn;
  private final CommitGroup group;
  private final Checkpoint checkpoint;
  private final Checkpointer checkpointer;

  /// The newest committed state, published or not. Guarded by the turn.
  private Head tip;

  CommitSequence(
      EngineParts parts,
      WriterMemory memory,
      WriterTurn turn,
      CommitGroup group,
      Checkpoint checkpoint,
      Checkpointer checkpointer) {
    this.parts = parts;
    this.memory = memory;
    this.turn = turn;
    this.group = group;
    this.checkpoint = checkpoint;
    this.checkpointer = checkpointer;
    this.tip = parts.state.head();
  }

  /// The newest committed state; the turn is held.
  Head tip() {
    return tip;
  }

  /// Gives the turn back.
  void endTurn() {
    turn.release();
  }

  /// Whether commits of this durability go through the log where they can.
  boolean logs(Durability durability) {
    return !parts.isVolatile()
        && !(parts.options.durability() instanceof Durability.Checkpoint)
        && !(durability instanceof Durability.Checkpoint);
  }

  /// Commits the session and gives the turn back.
  void commit(WriteSession session) {
    Commit entered = null;
    try {
      if (session.isChanged()) {
        entered = commitWithTurn(session);
      }
    } finally {
      if (!session.isEnded()) {
        session.end(false);
      }
      turn.release();
    }
    if (entered != null) {
      group.await(entered);
    }
    checkpointer.committed();
  }

  /// Does everything that needs the turn.
  ///
  /// @return the commit if it is in the group, to be waited for without the turn; else null
  private @org.jspecify.annotations.Nullable Commit commitWithTurn(WriteSession session) {
    parts.state.requireSound();
    session.writeCatalogue();
    int pages = memory.flush.number(session.txnId());
    try {
      memory.flush.write(session.txnId(), pages);
      RunList births = births(session);
      if (!logs(session.durability())) {
        return commitUnlogged(session, births);
      }
      if (canLog(session)) {
        return commitLogged(session, births);
      }
      commitByCheckpoint(session, births);
      return null;
    } finally {
      if (!session.isEnded()) {
        memory.flush.giveBack();
      }
    }
  }
}
