package dev.quire.store.internal.txn;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waiting for a commit of any process: the head word is looked at again and again, at first
/// without a pause, then in pauses of an eighth of the time that the wait has taken so far.
///
/// There is nothing that a process could wake another one with; so this is what a wait costs: after
/// it was over an eighth of its time, and before it some dozens of wake-ups until the pauses are as
/// long as they get.
final class HeadWait {

  /// Differences of nanoTime mean something up to here.
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE / 4);

  private static final int SPINS = 1000;
  private static final long FIRST_PAUSE_NANOS = 50_000;
  private static final long LONGEST_PAUSE_NANOS = 2_000_000;

  private int spins;
  private long startNanos;

  /// Pauses for a moment, no longer than to the deadline.
  ///
  /// @throws InterruptedException if the thread is interrupted: what it waits for may never come
  void pause(long deadlineNanos) throws InterruptedException {
    requireNotInterrupted();
    if (spins < SPINS) {
      spins++;
      Thread.onSpinWait();
      return;
    }
    long now = System.nanoTime();
    if (spins == SPINS) {
      spins++;
      startNanos = now;
    }
    long pause = Math.clamp((now - startNanos) / 8, FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
    LockSupport.parkNanos(this, Math.min(pause, deadlineNanos - now));
  }

  /// The moment that lies so far ahead, as [System#nanoTime]; at most some decades.
  static long deadlineNanos(Duration timeout) {
    Duration shorter = timeout.compareTo(FOREVER) > 0 ? FOREVER : timeout;
    return System.nanoTime() + shorter.toNanos();
  }

  /// Whether the moment has come.
  static boolean isPast(long deadlineNanos) {
    return System.nanoTime() - deadlineNanos >= 0;
  }

  /// @throws InterruptedException if the thread is interrupted
  static void requireNotInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while waiting for a commit");
    }
  }
}
