package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.internal.format.NoteRecord;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.RestingMap;
import dev.quire.store.internal.txn.CommitGroup.Commit;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes one committed state durable by itself, so that the log before it is no longer needed.
///
/// 1. With the turn, under the space lock: note the head and pin it; choose the pages of the next
///    space map, write them down as the [MapPlan], and copy into their images what the head uses.
/// 2. Write the images; sync the file. Everything that the head reaches is on the medium.
/// 3. Set `candidate`: its pages stay pinned whoever dies.
/// 4. Write the superblock into the slot that `durable` does not name; sync that range alone.
/// 5. Set `durable`. Whoever has the turn next gives back the pages of the old map.
///
/// Commits go on after 1, in this process and in others. From 1 to 5 the checkpoint's byte is held,
/// so there are never two; who holds it never waits for the turn, and so may be waited for by who
/// has the turn. A failure in 1 or 2 for want of space leaves everything as it was; any other
/// failure of a write or sync poisons the store.
final class Checkpoint {

  private static final long RETRY_NANOS = 1_000_000;

  private final EngineParts parts;
  private final WriterTurn turn;
  private final Successor successor;

  /// Held with the checkpoint's byte.
  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by `lock`.
  private final CheckpointSteps steps;

  Checkpoint(EngineParts parts, WriterTurn turn, Successor successor) {
    this.parts = parts;
    this.turn = turn;
    this.successor = successor;
    this.steps = new CheckpointSteps(parts, successor);
  }

  /// Brings the newest published transaction to rest, unless it is; waits for the turn.
  void run() {
    requireOutside();
    if (!parts.isVolatile() && isBehind()) {
      run(false, false, parts.options.lockTimeout());
    }
  }

  /// The same without waiting for another process.
  ///
  /// @return false if another process has the turn, or runs a checkpoint
  boolean tryRun() {
    return parts.isVolatile() || !isBehind() || tryRun(false, Duration.ZERO);
  }

  /// Writes a superblock even if nothing was committed: for fresh stamps, and at the end of
  /// recovery.
  void renew() {
    run(true, false, parts.options.lockTimeout());
  }

  /// The last checkpoint before the store is closed; nobody reads or writes any more.
  ///
  /// @return length that the file may be cut to
  long runLast() {
    run(true, true, parts.options.lockTimeout());
    return steps.endBytes();
  }

  /// Calls `action` while no checkpoint is on its way. The turn is held.
  void whileNone(Runnable action) {
    takeLock(parts.options.lockTimeout());
    try {
      action.run();
    } finally {
      releaseLock();
    }
  }

  /// Makes an unpublished transaction durable and publishes it; the turn is held and everything
  /// before is published. No other checkpoint comes in between: it would find the bitmaps of this
  /// transaction with the head of the one before.
  ///
  /// @param publish makes the transaction the head
  void commit(Commit commit, Runnable publish) {
    takeLock(parts.options.lockTimeout());
    try {
      successor.resolveCheckpoint();
      parts.turn.requireCurrent();
      parts.spaceLock.lock();
      try {
        parts.note.write(commit.head, commit.births, commit.frees, NoteRecord.PREPARED);
        parts.note.applyToMap();
      } finally {
        parts.spaceLock.unlock();
      }
      try {
        steps.complete(steps.plan(commit.head, false));
      } catch (RuntimeException | Error e) {
        withdraw();
        throw e;
      }
      publish.run();
    } finally {
      releaseLock();
    }
  }

  /// Brings the head to rest for who has taken the turn and cannot be asked for it yet.
  void runForTaker() {
    takeLock(parts.options.lockTimeout());
    try {
      successor.resolveCheckpoint();
      steps.complete(steps.plan(null, false));
    } finally {
      releaseLock();
    }
    settle();
  }

  /// Calls `action` with the durable space map while nothing is published or brought to rest, by
  /// any process.
  void whileStill(Consumer<RestingMap> action) {
    if (!tryWhileStill(parts.options.lockTimeout(), action)) {
      throw busy(parts.options.lockTimeout());
    }
  }

  /// The same, if nobody keeps the turn or the checkpoint's byte for longer.
  ///
  /// @param timeout how long each of them is waited for
  /// @return false if somebody does
  boolean tryWhileStill(Duration timeout, Consumer<RestingMap> action) {
    if (!turn.use(timeout)) {
      return false;
    }
    try {
      if (!tryTakeLock(timeout)) {
        return false;
      }
      try {
        if (!parts.state.isPoisoned()) {
          successor.resolveCheckpoint();
          steps.refresh();
        }
        parts.spaceLock.lock();
        try {
          action.accept(steps.resting());
        } finally {
          parts.spaceLock.unlock();
        }
      } finally {
        releaseLock();
      }
      return true;
    } finally {
      parts.turn.endUse();
    }
  }

  /// Gives back what a finished checkpoint, of any process, left to be given back. The turn is
  /// held.
  void settle() {
    if (parts.plan.isInForce()) {
      parts.spaceLock.lock();
      try {
        parts.plan.settle(parts.allocator);
      } finally {
        parts.spaceLock.unlock();
      }
    }
  }

  private boolean isBehind() {
    return parts.state.durableTxnId() != parts.state.headTxnId();
  }

  private StoreLockedException busy(Duration timeout) {
    return new StoreLockedException(
        "waited "
            + timeout.toMillis()
            + " ms for a checkpoint: the writer's turn is held by "
            + parts.turn.describeHolder()
            + ", or another process runs one; end the process that is stopped");
  }

  private void run(boolean anyway, boolean last, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (anyway || isBehind()) {
      long left = deadline - System.nanoTime();
      if (tryRun(last, Duration.ofNanos(Math.max(0, left)))) {
        return;
      }
      if (left <= 0) {
        throw busy(timeout);
      }
      awaitOther();
    }
  }

  /// Waits for the checkpoint that this process has on its way.
  void awaitEnd() {
    lock.lock();
    try {
      assert lock.getHoldCount() == 1 : "a checkpoint waits for itself";
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a checkpoint that is on its way in this or another process, without the turn.
  private void awaitOther() {
    awaitEnd();
    ProcessLocks.pause(RETRY_NANOS);
  }

  /// @return false if the turn was not to be had, or another checkpoint is on its way
  private boolean tryRun(boolean last, Duration timeout) {
    CheckpointSteps.@Nullable Plan plan = null;
    if (!turn.use(timeout)) {
      return false;
    }
    try {
      if (!tryLock()) {
        return false;
      }
      try {
        successor.resolveCheckpoint();
        plan = steps.plan(null, last);
      } finally {
        if (plan == null) {
          releaseLock();
        }
      }
    } finally {
      parts.turn.endUse();
    }
    try {
      steps.complete(plan);
    } finally {
      releaseLock();
      if (parts.turn.tryUse()) {
        try {
          settle();
        } finally {
          parts.turn.endUse();
        }
      }
    }
    return true;
  }

  private boolean tryLock() {
    requireOutside();
    if (!lock.tryLock()) {
      return false;
    }
    boolean taken = false;
    try {
      taken = parts.locks.tryTake(ProcessLocks.CHECKPOINT);
    } finally {
      if (!taken) {
        lock.unlock();
      }
    }
    return taken;
  }

  private void takeLock(Duration timeout) {
    if (!tryTakeLock(timeout)) {
      throw busy(timeout);
    }
  }

  /// Waits for the checkpoint that this process has on its way, then for that of another one.
  ///
  /// @return false if the other one does not end in time
  private boolean tryTakeLock(Duration timeout) {
    requireOutside();
    lock.lock();
    boolean taken = false;
    try {
      taken = parts.locks.take(ProcessLocks.CHECKPOINT, System.nanoTime() + timeout.toNanos());
    } finally {
      if (!taken) {
        lock.unlock();
      }
    }
    return taken;
  }

  private void releaseLock() {
    try {
      parts.locks.release(ProcessLocks.CHECKPOINT);
    } finally {
      lock.unlock();
    }
  }

  /// The lock could be taken again by the thread that has it; its steps would be mixed up.
  private void requireOutside() {
    if (lock.isHeldByCurrentThread()) {
      throw new AssertionError("a checkpoint, or a commit by one, inside a checkpoint");
    }
  }

  /// Makes the next checkpoint write anew what of the space map lies at page `limit` or behind.
  void renewMapFrom(long limit) {
    whileStill(
        map -> {
          for (int leaf = 0; leaf < map.leafCount(); leaf++) {
            long ref = map.leafRef(leaf);
            if (ref != PageRef.NONE && PageRef.pageNo(ref) >= limit) {
              parts.map.markLeafChanged(leaf);
            }
          }
        });
  }

  private void withdraw() {
    if (!parts.state.isPoisoned()) {
      parts.spaceLock.lock();
      try {
        parts.note.withdraw();
      } finally {
        parts.spaceLock.unlock();
      }
    }
  }
}
