package dev.quire.store.lmdb;

import dev.quire.store.errors.StoreLockedException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Who may write in this process: one thread at a time, in the order in which they came.
final class WriterTurn {

  private final Semaphore free = new Semaphore(1, true);
  private volatile @Nullable Thread owner;

  /// Takes the turn.
  ///
  /// @throws IllegalStateException if this thread has it
  /// @throws StoreLockedException if it did not come in time
  void take(long timeoutNanos) {
    if (Thread.currentThread().equals(owner)) {
      throw new IllegalStateException(
          "this thread already has a write transaction of this store: use its tables, or end it");
    }
    if (!acquire(timeoutNanos)) {
      Thread holder = owner;
      throw new StoreLockedException(
          "the turn to write did not come within "
              + TimeUnit.NANOSECONDS.toMillis(timeoutNanos)
              + " ms: thread \""
              + (holder == null ? "?" : holder.getName())
              + "\" has it");
    }
    owner = Thread.currentThread();
  }

  private boolean acquire(long timeoutNanos) {
    long end = System.nanoTime() + timeoutNanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return free.tryAcquire(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
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

  /// Gives the turn back.
  void giveBack() {
    owner = null;
    free.release();
  }
}
