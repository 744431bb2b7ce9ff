package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreException;
import dev.quire.store.options.Durability;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The background thread of an open store: it syncs the log of a store with an interval, runs
/// checkpoints when the ring is half full, many pages are dirty, a change found no room, or the
/// period has passed, and looks for processes that died.
///
/// A checkpoint is left to the process that has the turn. The log is synced by any process, so that
/// an interval is kept when the process that committed dies: each looks twice in an interval, and
/// syncs what it has seen before.
///
/// A checkpoint that finds no space is tried again with the next reason; what else fails has
/// poisoned the store, and writers hear of it there.
final class Checkpointer implements AutoCloseable {

  private static final long DIRTY_BYTES = 256L << 20;
  private static final long FAR_NANOS = Long.MAX_VALUE / 4;
  private static final long SWEEP_NANOS = 3_000_000_000L;

  /// When a checkpoint is tried again that another process should have run.
  private static final long RETRY_NANOS = 1_000_000_000L;

  private final EngineParts parts;
  private final Checkpoint checkpoint;
  private final CommitGroup group;
  private final ExpirySweeper sweeper;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wakened = lock.newCondition();
  private final long checkpointPeriodNanos;

  /// How often the log is looked at, which other processes may have written. Zero: never.
  private final long lookPeriodNanos;

  // Of the thread.
  private long nextCheckpoint;
  private long nextSweep;
  private long nextLook;
  private long seenLsn;

  private boolean wanted;
  private boolean roomWanted;
  private boolean syncWanted;
  private long syncDeadlineNanos;
  private boolean closed;
  private volatile @Nullable StoreException lastFailure;

  Checkpointer(EngineParts parts, Checkpoint checkpoint, CommitGroup group, ExpirySweeper sweeper) {
    this.parts = parts;
    this.checkpoint = checkpoint;
    this.group = group;
    this.sweeper = sweeper;
    this.checkpointPeriodNanos = parts.options.checkpointPeriod().toNanos();
    this.lookPeriodNanos =
        parts.locks.isShared() && parts.options.durability() instanceof Durability.Interval interval
            ? interval.period().toNanos() / 2
            : 0;
    this.thread = new Thread(this::run, "quire-checkpoint");
    thread.setDaemon(true);
  }

  void start() {
    if (!parts.isVolatile() || parts.locks.isShared()) {
      thread.start();
    }
  }

  /// Sees to it that the log as it is now is synced within a period.
  void syncWithin(Duration period) {
    long deadline = later(period.toNanos());
    lock.lock();
    try {
      if (!syncWanted || deadline - syncDeadlineNanos < 0) {
        syncWanted = true;
        syncDeadlineNanos = deadline;
        wakened.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// A commit has stored entries that expire.
  void expiring() {
    sweeper.start();
  }

  /// Looks, after a commit, whether a checkpoint is due.
  void committed() {
    if (!parts.isVolatile() && isDue()) {
      lock.lock();
      try {
        wanted = true;
        wakened.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  /// Runs a checkpoint soon, because a change found no room.
  void roomWanted() {
    lock.lock();
    try {
      wanted = true;
      roomWanted = true;
      wakened.signal();
    } finally {
      lock.unlock();
    }
  }

  /// What the last checkpoint failed with, or null.
  @Nullable StoreException lastFailure() {
    return lastFailure;
  }

  private boolean isDue() {
    long logged = parts.state.newestLsn() - parts.state.durableLsn();
    return 2 * logged > parts.ring.sizeBytes()
        || parts.state.dirtyPages() * parts.pageSizeBytes() > DIRTY_BYTES;
  }

  private void run() {
    nextCheckpoint = later(checkpointPeriodNanos);
    nextSweep = later(parts.locks.isShared() ? SWEEP_NANOS : FAR_NANOS);
    nextLook = later(lookPeriodNanos == 0 ? FAR_NANOS : lookPeriodNanos);
    while (awaitReason(Math.min(nextCheckpoint, Math.min(nextSweep, nextLook)))) {
      try {
        act(System.nanoTime());
      } catch (StoreException e) {
        lastFailure = e;
      } catch (InternalError e) {
        // A file that somebody cut.
        parts.state.noteTruncated();
      } catch (RuntimeException | Error e) {
        // Without this thread no promise about time can be kept.
        parts.state.poison();
        throw e;
      }
    }
  }

  private void act(long now) {
    if (takeDueSync(now)) {
      group.syncLog();
    }
    if (now - nextLook >= 0) {
      nextLook = later(lookPeriodNanos);
      lookAtLog();
    }
    if (now - nextSweep >= 0) {
      nextSweep = later(SWEEP_NANOS);
      parts.readers.sweep();
      sweeper.look();
    }
    if (takeRoomWanted() || now - nextCheckpoint >= 0 || isDue()) {
      nextCheckpoint = later(Math.min(RETRY_NANOS, checkpointPeriodNanos));
      if (checkpoint.tryRun()) {
        nextCheckpoint = later(checkpointPeriodNanos);
        lastFailure = null;
      }
    }
  }

  /// Syncs what stood in the log at the last look, if nobody has.
  private void lookAtLog() {
    if (parts.state.syncedLsn() < seenLsn) {
      group.syncLog();
    }
    seenLsn = parts.state.newestLsn();
  }

  private static long later(long periodNanos) {
    long now = System.nanoTime();
    return periodNanos > FAR_NANOS ? now + FAR_NANOS : now + periodNanos;
  }

  private boolean takeRoomWanted() {
    lock.lock();
    try {
      boolean taken = roomWanted;
      roomWanted = false;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /// Whether a sync of the log is due; it counts as done from now on.
  private boolean takeDueSync(long now) {
    lock.lock();
    try {
      if (!syncWanted || now - syncDeadlineNanos < 0) {
        return false;
      }
      syncWanted = false;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until a checkpoint is wanted or the time has come.
  ///
  /// @return false when the store is closed
  private boolean awaitReason(long deadlineNanos) {
    lock.lock();
    try {
      while (!closed && !wanted) {
        long now = System.nanoTime();
        long left = deadlineNanos - now;
        if (syncWanted) {
          left = Math.min(left, syncDeadlineNanos - now);
        }
        if (left <= 0) {
          break;
        }
        wakened.awaitNanos(left);
      }
      wanted = false;
      return !closed;
    } catch (InterruptedException e) {
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /// Stops the thread; a checkpoint that runs is finished first.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      wakened.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(60));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
