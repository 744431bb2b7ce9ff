package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreException;
import dev.quire.store.options.Durability;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The background thread of an open store: it syncs the log of a store with an interval, and runs
/// checkpoints when the ring is half full, many pages are dirty, or the period has passed.
///
/// A checkpoint that finds no space is tried again with the next reason; what else fails has
/// poisoned the store, and writers hear of it there.
final class Checkpointer implements AutoCloseable {

  private static final long DIRTY_BYTES = 256L << 20;

  private final EngineParts parts;
  private final Checkpoint checkpoint;
  private final CommitGroup group;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wakened = lock.newCondition();
  private final long syncPeriodNanos;
  private final long checkpointPeriodNanos;
  private boolean wanted;
  private boolean closed;
  private volatile @Nullable StoreException lastFailure;
  private volatile long pagesAtCheckpoint;

  Checkpointer(EngineParts parts, Checkpoint checkpoint, CommitGroup group) {
    this.parts = parts;
    this.checkpoint = checkpoint;
    this.group = group;
    this.checkpointPeriodNanos = parts.options.checkpointPeriod().toNanos();
    this.syncPeriodNanos =
        parts.options.durability() instanceof Durability.Interval interval
            ? interval.period().toNanos()
            : Long.MAX_VALUE;
    this.thread = new Thread(this::run, "quire-checkpoint");
    thread.setDaemon(true);
  }

  void start() {
    if (!parts.isVolatile()) {
      thread.start();
    }
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

  /// What the last checkpoint failed with, or null.
  @Nullable StoreException lastFailure() {
    return lastFailure;
  }

  private boolean isDue() {
    long logged = parts.state.newestLsn() - parts.state.durableLsn();
    long written = parts.state.count(Counter.PAGES_WRITTEN) - pagesAtCheckpoint;
    return 2 * logged > parts.ring.sizeBytes() || written * parts.pageSizeBytes() > DIRTY_BYTES;
  }

  private void run() {
    long nextSync = later(syncPeriodNanos);
    long nextCheckpoint = later(checkpointPeriodNanos);
    while (awaitReason(Math.min(nextSync, nextCheckpoint))) {
      long now = System.nanoTime();
      try {
        if (now - nextSync >= 0) {
          nextSync = later(syncPeriodNanos);
          group.syncLog();
        }
        if (now - nextCheckpoint >= 0 || isDue()) {
          nextCheckpoint = later(checkpointPeriodNanos);
          pagesAtCheckpoint = parts.state.count(Counter.PAGES_WRITTEN);
          checkpoint.run();
          lastFailure = null;
        }
      } catch (StoreException e) {
        lastFailure = e;
      }
    }
  }

  private static long later(long periodNanos) {
    long now = System.nanoTime();
    return periodNanos > Long.MAX_VALUE / 4 ? now + Long.MAX_VALUE / 4 : now + periodNanos;
  }

  /// Waits until a checkpoint is wanted or the time has come.
  ///
  /// @return false when the store is closed
  private boolean awaitReason(long deadlineNanos) {
    lock.lock();
    try {
      while (!closed && !wanted) {
        long left = deadlineNanos - System.nanoTime();
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
