package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreLockedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Whose turn it is to write: one thread at a time, in the order in which they asked.
final class WriterTurn {

  private final ReentrantLock lock = new ReentrantLock(true);
  private volatile @Nullable Thread holder;
  private volatile long sinceNanos;

  /// Waits for the turn. An interrupt neither shortens the wait nor gets lost.
  ///
  /// @throws IllegalStateException if this thread has the turn already
  /// @throws StoreLockedException after `timeout`
  void acquire(Duration timeout) {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "this thread has an open write transaction; commit or close it first, or use its tables");
    }
    if (!tryLock(timeout)) {
      throw new StoreLockedException(describeHolder(timeout));
    }
    holder = Thread.currentThread();
    sinceNanos = System.nanoTime();
  }

  boolean isHeldByCurrentThread() {
    return lock.isHeldByCurrentThread();
  }

  void release() {
    holder = null;
    lock.unlock();
  }

  private boolean tryLock(Duration timeout) {
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      while (true) {
        try {
          return lock.tryLock(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private String describeHolder(Duration timeout) {
    Thread thread = holder;
    String who =
        thread == null
            ? "another thread of this process"
            : "thread \""
                + thread.getName()
                + "\" of this process for "
                + (System.nanoTime() - sinceNanos) / 1_000_000
                + " ms";
    return "waited "
        + timeout.toMillis()
        + " ms for the writer's turn, which is held by "
        + who
        + "; let its transaction end, or ask for a longer timeout";
  }
}
