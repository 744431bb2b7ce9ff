package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreLockedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Whose turn it is to write: one thread at a time, in the order in which they asked in the
/// process; and one process at a time, as [SharedTurn] says.
///
/// A process that does not write lets go of its turn after a moment, by a thread that waits for
/// that moment and for nothing else.
final class WriterTurn implements AutoCloseable {

  /// How long a process keeps the turn after its last transaction while another one waits for it.
  private static final long IDLE_NANOS = 1_000_000;

  /// How long it keeps the turn while nobody waits: to take it again costs system calls.
  private static final long KEEP_NANOS = 16_000_000;

  /// How often who needs the turn for a moment looks whether the process has got it.
  private static final long LOOK_NANOS = 5_000_000;

  private static final int LOOKS = 200;

  private final EngineParts parts;
  private final SharedTurn shared;
  private final CommitGroup group;
  private final boolean isShared;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Thread keeper = new Thread(this::letGoWhenIdle, "quire-turn");
  private volatile @Nullable Thread holder;
  private volatile long sinceNanos;
  private volatile long endedNanos;
  private volatile boolean keeperWaits;

  WriterTurn(EngineParts parts, CommitGroup group) {
    this.parts = parts;
    this.shared = parts.turn;
    this.isShared = parts.locks.isShared();
    this.group = group;
    keeper.setDaemon(true);
  }

  void start() {
    if (isShared) {
      keeper.start();
    }
  }

  /// Waits for the turn. An interrupt neither shortens the wait nor gets lost.
  ///
  /// @throws IllegalStateException if this thread has the turn already
  /// @throws StoreLockedException after `timeout`
  void acquire(Duration timeout) {
    long began = System.nanoTime();
    FlightEvent event = FlightEvents.begin(Latency.TURN_WAIT);
    long deadline = began + timeout.toNanos();
    acquireThread(timeout);
    boolean ready = false;
    try {
      if (!shared.acquire(deadline)) {
        throw new StoreLockedException(
            "waited "
                + timeout.toMillis()
                + " ms for the writer's turn, which is held by "
                + shared.describeHolder()
                + "; let its transaction end, end the process if it is stopped, or ask for a longer"
                + " timeout");
      }
      parts.metrics.record(Latency.TURN_WAIT, System.nanoTime() - began);
      FlightEvents.end(event, parts, 0, 0);
      ready = true;
    } finally {
      if (!ready) {
        releaseThread();
      }
    }
  }

  /// Waits until no other thread of the process writes, whatever other processes do.
  void acquireThread(Duration timeout) {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "this thread has an open write transaction; commit or close it first, or use its tables");
    }
    boolean locked = tryLock(timeout.toNanos());
    // Who has it for a moment without writing is waited for in any case.
    for (int look = 0; !locked && holder == null && look < LOOKS; look++) {
      locked = tryLock(LOOK_NANOS);
    }
    if (!locked) {
      throw new StoreLockedException(describeHolder(timeout));
    }
    holder = Thread.currentThread();
    sinceNanos = System.nanoTime();
  }

  /// Ends the transaction; the process keeps the turn unless another one waits and has waited long
  /// enough.
  void release() {
    try {
      if (shared.isWanted()) {
        group.drain();
        shared.handOver();
      }
    } finally {
      releaseThread();
    }
  }

  void releaseThread() {
    holder = null;
    endedNanos = System.nanoTime();
    lock.unlock();
    if (keeperWaits) {
      keeperWaits = false;
      LockSupport.unpark(keeper);
    }
  }

  /// Sees to it that the process has the turn until [SharedTurn#endUse]; beside a transaction that
  /// this or another thread has open, or without one.
  ///
  /// @param timeout how long to wait for another process; it is tried once at least
  boolean use(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      if (shared.tryUse()) {
        return true;
      }
      long left = deadline - System.nanoTime();
      if (left > 0 ? tryLock(Math.min(left, LOOK_NANOS)) : lock.tryLock()) {
        try {
          return shared.acquire(deadline) && shared.tryUse();
        } finally {
          releaseThread();
        }
      }
      if (left <= 0) {
        return false;
      }
    }
  }

  private boolean tryLock(long timeoutNanos) {
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + timeoutNanos;
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

  private void letGoWhenIdle() {
    try {
      while (shared.awaitHeld()) {
        long idle = System.nanoTime() - endedNanos;
        if (idle < IDLE_NANOS) {
          LockSupport.parkNanos(IDLE_NANOS - idle);
        } else if (idle < KEEP_NANOS && !shared.isWaitedFor()) {
          LockSupport.parkNanos(IDLE_NANOS);
        } else if (lock.tryLock()) {
          letGo();
        } else {
          awaitEnd();
        }
      }
    } catch (InternalError e) {
      // A file that somebody cut: whoever reads or writes next hears of it.
    } catch (StoreException e) {
      // A word of `shm` that somebody damaged: so does who writes next.
    }
  }

  /// With the lock held, which it gives back.
  private void letGo() {
    try {
      if (System.nanoTime() - endedNanos >= IDLE_NANOS) {
        group.drain();
        shared.handOver();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Until the thread that writes is done.
  private void awaitEnd() {
    keeperWaits = true;
    if (lock.isLocked()) {
      LockSupport.park();
    }
  }

  /// Stops the thread that lets go of the turn. The process keeps what it has.
  @Override
  public void close() {
    shared.close();
    LockSupport.unpark(keeper);
    boolean interrupted = false;
    while (keeper.isAlive()) {
      try {
        keeper.join(TimeUnit.SECONDS.toMillis(60));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
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
