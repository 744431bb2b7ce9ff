package dev.quire.store.internal.txn;

import dev.quire.store.errors.CommitInDoubtException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.RedoRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.RunList;
import dev.quire.store.internal.txn.CommitGroup.Commit;
import dev.quire.store.options.Durability;
import org.jspecify.annotations.Nullable;

/// The ordered steps of a commit.
///
/// 1. The tables' records go into the catalogue, all scratch pages to free places of the file.
///    Until here nothing refers to anything new, and a failure undoes the transaction.
/// 2. By one of three ways the transaction becomes as durable as asked: the *log* (SYNC, INTERVAL):
///    its record is appended to the redo ring, and synced; a *checkpoint* (SYNC, where the log
///    cannot say it: the record would be too long, or the transaction before is not in the log): a
///    superblock that names it is written; *none* (CHECKPOINT, stores in memory).
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
  private final FileGuard guard;

  /// The newest committed state, published or not. Guarded by the turn.
  private Head tip;

  /// When the running commit was asked for. Guarded by the turn.
  private long sinceNanos;

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
    this.guard = new FileGuard(parts);
    this.tip = parts.state.head();
  }

  /// The newest committed state; the turn is held.
  Head tip() {
    return tip;
  }

  /// The turn has come from elsewhere: the newest committed state is the newest published one.
  void refreshTip() {
    tip = parts.state.head();
  }

  /// A change found no room: what a checkpoint frees may serve the next.
  void roomWanted() {
    checkpointer.roomWanted();
  }

  /// Ends the session without a trace, and gives the turn back.
  void undo(WriteSession session) {
    try {
      undoWithTurn(session);
    } catch (InternalError e) {
      throw MappedFaults.translate(memory.pages, e);
    }
  }

  private void undoWithTurn(WriteSession session) {
    try {
      if (!session.isEnded()) {
        session.end(false);
      }
    } finally {
      turn.release();
    }
  }

  /// Whether commits of this durability go through the log where they can.
  boolean logs(Durability durability) {
    return !parts.isVolatile()
        && !(parts.options.durability() instanceof Durability.Checkpoint)
        && !(durability instanceof Durability.Checkpoint);
  }

  /// Commits the session and gives the turn back.
  void commit(WriteSession session) {
    try {
      FlightEvent event = session.isChanged() ? FlightEvents.begin(Latency.COMMIT) : null;
      Commit entered = commitAndRelease(session);
      if (entered != null) {
        group.await(entered);
      }
      FlightEvents.end(event, parts, session.txnId(), 0);
      checkpointer.committed();
      if (session.expiry().stored() > 0) {
        checkpointer.expiring();
      }
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(memory.pages, e);
    }
  }

  private @Nullable Commit commitAndRelease(WriteSession session) {
    try {
      return session.isChanged() ? commitWithTurn(session) : null;
    } finally {
      undoWithTurn(session);
    }
  }

  /// Commits the session, visible when this returns, and keeps the turn.
  void commitInTurn(WriteSession session) {
    group.drain();
    Commit entered = commitWithTurn(session);
    if (entered != null) {
      group.await(entered);
    }
  }

  /// Does everything that needs the turn.
  ///
  /// @return the commit if it is in the group, to be waited for without the turn; else null
  private @Nullable Commit commitWithTurn(WriteSession session) {
    sinceNanos = System.nanoTime();
    parts.state.requireSound();
    session.tables().freeDetached(session.expiry(), session.queue());
    parts.metrics.add(Counter.EVICTIONS, session.queue().save());
    session.tables().writeCatalogue();
    try {
      writePages(session, session.tables()::writeCatalogue);
      RunList births = new RunList();
      memory.flush.appendRunsTo(births);
      memory.pages.born().appendTo(births, session.txnId());
      // Nothing that was read or stored so far met the end of a file that somebody cut.
      MappedFaults.settle(memory.pages);
      parts.data.requireReached();
      guard.lookNowAndThen();
      return switch (wayOf(session)) {
        case NONE -> publishUnlogged(session, births);
        case LOG -> commitByLog(session, births);
        case CHECKPOINT -> commitByCheckpoint(session, births);
      };
    } finally {
      if (!session.isEnded()) {
        memory.flush.giveBack();
      }
    }
  }

  /// Writes the scratch pages of the session to places that nothing refers to. If there is no room
  /// for them, a checkpoint may free what the durable snapshot alone needs, and the disk may have
  /// room elsewhere: then once more.
  ///
  /// @param numbered called when the pages have their numbers, before they are written
  void writePages(WriteSession session, Runnable numbered) {
    try {
      tryWritePages(session, numbered);
    } catch (StoreFullException e) {
      session.tables().takeBack(memory.flush.takeBack());
      makeRoom();
      tryWritePages(session, numbered);
    }
  }

  private void tryWritePages(WriteSession session, Runnable numbered) {
    reserveStamps(memory.pages.scratch().limit());
    int pages = memory.flush.number(session.txnId(), session.tables().catalogue().ref);
    numbered.run();
    memory.flush.write(session.txnId(), pages);
  }

  /// Brings the newest transaction to rest, if there is room for that.
  private void makeRoom() {
    group.drain();
    try {
      checkpoint.run();
    } catch (StoreFullException e) {
      if (parts.state.isPoisoned()) {
        throw e;
      }
    }
  }

  private enum Way {
    NONE,
    LOG,
    CHECKPOINT
  }

  private Way wayOf(WriteSession session) {
    if (!logs(session.durability())) {
      boolean sync = session.durability() instanceof Durability.Sync;
      return sync && !parts.isVolatile() ? Way.CHECKPOINT : Way.NONE;
    }
    Head base = session.base();
    boolean unbroken =
        base.loggedTxnId() == base.txnId() || parts.state.durableTxnId() == base.txnId();
    return unbroken && memory.redo.isComplete() ? Way.LOG : Way.CHECKPOINT;
  }

  private @Nullable Commit publishUnlogged(WriteSession session, RunList births) {
    Head base = session.base();
    Head head = head(session, base.lsn(), base.chainCrc(), base.loggedTxnId());
    Commit commit = new Commit(head, births, memory.pages.takeFreed(), sinceNanos);
    reserve(commit);
    session.end(true);
    publishOrPoison(commit);
    tip = head;
    return null;
  }

  private @Nullable Commit commitByLog(WriteSession session, RunList births) {
    Head base = session.base();
    int length = memory.redo.seal();
    waitForRing(base.lsn(), length);
    parts.turn.requireCurrent();
    Commit planned = new Commit(base, births, memory.pages.takeFreed(), sinceNanos);
    reserve(planned);
    session.end(true);
    Commit commit;
    try {
      RedoRing.End end =
          parts.ring.append(redoHeader(session, length), base.chainCrc(), memory.redo.memory());
      Head head = head(session, end.lsn(), end.chainCrc(), session.txnId());
      commit = new Commit(head, births, planned.frees, sinceNanos);
      tip = head;
    } catch (RuntimeException | Error e) {
      throw inDoubt(session.txnId(), e);
    }
    if (session.durability() instanceof Durability.Interval interval && group.isEmpty()) {
      publishOrPoison(commit);
      checkpointer.syncWithin(interval.period());
      return null;
    }
    group.enter(commit);
    return commit;
  }

  /// The transaction becomes durable with a superblock that names it, before it is published.
  private @Nullable Commit commitByCheckpoint(WriteSession session, RunList births) {
    group.drain();
    Head base = session.base();
    Head head = head(session, base.lsn(), base.chainCrc(), session.txnId());
    Commit commit = new Commit(head, births, memory.pages.takeFreed(), sinceNanos);
    reserve(commit);
    try {
      checkpoint.commit(
          commit,
          () -> {
            session.end(true);
            publishOrPoison(commit);
          });
    } catch (CommitInDoubtException | StoreTruncatedException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      if (parts.state.isPoisoned()) {
        throw inDoubt(session.txnId(), e);
      }
      throw e;
    }
    tip = head;
    return null;
  }

  private void publishOrPoison(Commit commit) {
    try {
      group.publish(commit);
    } catch (RuntimeException | Error e) {
      throw inDoubt(commit.head.txnId(), e);
    }
  }

  /// Publishes the newest state once more, so that its head names the file's end as it is now. The
  /// turn is held.
  void republish() {
    group.drain();
    Head base = tip;
    Head head =
        new Head(
            base.txnId() + 1,
            base.catalogueRef(),
            parts.allocator.highWater(),
            parts.data.sizeBytes(),
            base.lsn(),
            base.chainCrc(),
            base.epoch(),
            base.loggedTxnId(),
            base.nextTableId(),
            base.userTerm(),
            base.userIndex());
    Commit commit = new Commit(head, new RunList(), new RunList(), System.nanoTime());
    reserve(commit);
    publishOrPoison(commit);
    tip = head;
  }

  private StoreException inDoubt(long txnId, Throwable cause) {
    return group.inDoubt(txnId, "failed after its first byte was written", cause);
  }

  private Head head(WriteSession session, long lsn, int chainCrc, long loggedTxnId) {
    return new Head(
        session.txnId(),
        memory.flush.finalRef(session.tables().catalogue().ref),
        parts.allocator.highWater(),
        parts.data.sizeBytes(),
        lsn,
        chainCrc,
        session.base().epoch(),
        loggedTxnId,
        session.words().nextTableId(),
        session.words().userTerm(),
        session.words().userIndex());
  }

  private RedoRecord.Header redoHeader(WriteSession session, int length) {
    Head base = session.base();
    return new RedoRecord.Header(
        length,
        base.lsn(),
        session.txnId(),
        base.txnId(),
        parts.state.durableSequence(),
        base.epoch(),
        RedoRecord.COMMIT,
        session.words().userTerm(),
        session.words().userIndex(),
        memory.redo.operationsBytes());
  }

  /// Reserves what publishing the commit, and those before it that are not published, will take.
  private void reserve(Commit commit) {
    parts.spaceLock.lock();
    try {
      int frees = commit.frees.size() + group.unpublishedFrees();
      parts.note.require(commit.births.size(), frees, parts.allocator.highWater());
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// Waits until a record of this length fits into the ring, running checkpoints if it does not.
  private void waitForRing(long lsn, long length) {
    while (parts.ring.endOf(lsn, length) - parts.state.durableLsn() > parts.ring.sizeBytes()) {
      parts.metrics.add(Counter.RING_FULL_WAITS, 1);
      group.drain();
      checkpoint.renew();
    }
  }

  /// Makes sure that so many stamps lie below the limit that a durable superblock reserved.
  void reserveStamps(long count) {
    if (!parts.isVolatile() && parts.state.nextStamp() + count > parts.state.durableStampLimit()) {
      group.drain();
      checkpoint.renew();
    }
  }

  /// Counts entries that the writing transaction has purged.
  void countPurged(int entries) {
    parts.metrics.add(Counter.EXPIRATIONS, entries);
  }
}
