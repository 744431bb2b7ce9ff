package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.NoteRecord;
import dev.quire.store.internal.format.RedoRecord;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.RestingMap;
import dev.quire.store.internal.page.RunList;
import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.internal.txn.Steps.Step;
import java.lang.foreign.MemorySegment;

/// Finishes what a dead process was doing, from what it left in `shm`; as an opener, when no
/// process lives, or with the turn that the dead one had, while others go on reading.
///
/// What the dead process had taken for a transaction that it did not publish is in no bitmap, so
/// nothing is to be given back. `used` is made anew: live, pending, the pages of the map at rest,
/// and those of a checkpoint on its way. Everything may be done again, from the start, by who comes
/// after a successor that died too.
final class Successor {

  private final EngineParts parts;
  private final SuperblockFile superblocks;

  Successor(EngineParts parts) {
    this.parts = parts;
    this.superblocks = new SuperblockFile(parts.region, parts.buffers, parts.pageSizeBytes());
  }

  /// Finishes a checkpoint whose process died between its plan and `durable`. The turn and the
  /// checkpoint's byte are held.
  void resolveCheckpoint() {
    resolveCandidate();
    parts.spaceLock.lock();
    try {
      // A plan whose superblock is neither durable nor on its way: nobody will write it.
      parts.plan.settle(parts.allocator);
      if (parts.plan.isInForce()) {
        parts.plan.abandon();
        parts.plan.settle(parts.allocator);
      }
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// A candidate that was written is made durable, another one is dropped.
  private void resolveCandidate() {
    SharedState state = parts.state;
    long candidate = state.candidateSequence();
    if (candidate == state.durableSequence()) {
      return;
    }
    if (superblocks.find(candidate) != null) {
      parts.region.sync(SyncRole.CHECKPOINT);
      state.requireSound();
      state.setDurable(candidate);
    } else {
      state.dropCandidate();
    }
  }

  /// Finishes the dead process's publish and makes `used` anew. The turn is held.
  ///
  /// @param checkpointHeld whether the checkpoint's byte is held too, so that no process is at one
  void completeSpace(boolean checkpointHeld) {
    if (checkpointHeld) {
      resolveCandidate();
    }
    resolveNote();
    if (checkpointHeld) {
      resolveCheckpoint();
    }
    parts.spaceLock.lock();
    try {
      RestingMap resting = loadResting();
      parts.map.copyLiveToUsed();
      resting.forEach(page -> parts.map.setUsed(page, 1));
      if (parts.plan.isInForce()) {
        parts.plan.forEach(page -> parts.map.setUsed(page, 1));
      }
      for (long at = parts.pending.start(); at < parts.pending.end(); at++) {
        if (parts.pending.count(at) != 0) {
          parts.map.setUsed(parts.pending.pageNo(at), parts.pending.count(at));
        }
      }
      parts.allocator.reset(parts.state.highWater());
    } finally {
      parts.spaceLock.unlock();
    }
    parts.steps.reached(Step.TAKEOVER_NOTE_DONE);
  }

  private void resolveNote() {
    parts.spaceLock.lock();
    try {
      long noteState = parts.note.state();
      if (noteState == NoteRecord.PUBLISH) {
        parts.note.publish();
      } else if (noteState == NoteRecord.PREPARED) {
        // Its process had the checkpoint's byte as well, so the candidate is resolved.
        if (parts.state.durableTxnId() == parts.note.head().txnId()) {
          parts.note.publishPrepared();
        } else {
          parts.note.withdraw();
        }
      }
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// The space map of the durable superblock. No page of it is given back without the turn.
  RestingMap loadResting() {
    Superblock durable = parts.isVolatile() ? null : durable();
    return durable == null
        ? RestingMap.empty(parts.pageSizeBytes())
        : Recovery.loadResting(parts, durable);
  }

  private Superblock durable() {
    while (true) {
      long sequence = parts.state.durableSequence();
      Superblock found = superblocks.find(sequence);
      if (found != null) {
        return found;
      }
      if (sequence == parts.state.durableSequence()) {
        throw SuperblockFile.missing(sequence);
      }
    }
  }

  /// Whether a void record fits into the ring.
  boolean hasRoomForVoid() {
    Head head = parts.state.head();
    long end = parts.ring.endOf(head.lsn(), RedoRecord.lengthBytes(0));
    return end - parts.state.durableLsn() <= parts.ring.sizeBytes();
  }

  /// Writes a void record of a new epoch where the log stands: what the dead process may have
  /// appended behind it can never come back. The turn is held, and there is room.
  void endDeadLog() {
    if (parts.isVolatile()) {
      return;
    }
    Head head = parts.state.head();
    int length = (int) RedoRecord.lengthBytes(0);
    // The dead process may have synced what it did not publish: the void record takes its place.
    long synced = Math.min(parts.state.syncedLsn(), head.lsn());
    parts.state.setSyncedLsn(synced);
    MemorySegment record = parts.buffers.allocate(length);
    RedoRing.End end =
        parts.ring.append(
            new RedoRecord.Header(
                length,
                head.lsn(),
                head.txnId(),
                head.loggedTxnId(),
                parts.state.durableSequence(),
                head.epoch() + 1,
                RedoRecord.VOID,
                head.userTerm(),
                head.userIndex(),
                0),
            head.chainCrc(),
            record);
    parts.ring.sync(synced, end.lsn());
    parts.state.requireSound();
    parts.state.raiseSyncedLsn(end.lsn());
    Head ended = head.withLog(end.lsn(), end.chainCrc(), head.epoch() + 1);
    // By a note: whoever comes after another death in here finds the whole head or none of it.
    parts.spaceLock.lock();
    try {
      parts.note.require(0, 0, head.highWaterPage());
      parts.note.write(ended, new RunList(), new RunList(), NoteRecord.PUBLISH);
      parts.note.publish();
    } finally {
      parts.spaceLock.unlock();
    }
  }
}
