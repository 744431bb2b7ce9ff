package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreException;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.options.Durability;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The background thread that purges entries whose time has come, in transactions of a bounded
/// size.
///
/// There is none before somebody has seen an entry that expires. Any process may sweep, one at a
/// time: who does has the lock byte [ProcessLocks#SWEEP]. What fails is left to the next time, or
/// to the writers, who purge as well.
final class ExpirySweeper {

  /// Entries that one transaction purges.
  private static final int STEP = 512;

  /// How long the writer's turn is waited for; a close waits as long.
  private static final Duration TURN_TIMEOUT = Duration.ofMillis(50);

  /// A purge need not be durable: what it deletes is gone for everybody anyway.
  private static final Durability PURGE = Durability.interval(Duration.ofSeconds(1));

  private final Engine engine;
  private final EngineParts parts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wakened = lock.newCondition();
  private @Nullable Thread thread;
  private boolean stopped;

  ExpirySweeper(Engine engine, EngineParts parts) {
    this.engine = engine;
    this.parts = parts;
  }

  /// Looks whether the newest transaction has entries that expire; if so, sees to them from now on.
  void look() {
    if (parts.options.readOnly() || isRunning()) {
      return;
    }
    try {
      if (firstExpiryMillis() != Long.MAX_VALUE) {
        start();
      }
    } catch (StoreException e) {
      // Whoever reads hears of it.
    } catch (InternalError e) {
      parts.state.noteTruncated();
    }
  }

  private boolean isRunning() {
    lock.lock();
    try {
      return thread != null || stopped;
    } finally {
      lock.unlock();
    }
  }

  /// There are entries that expire: they are seen to from now on.
  void start() {
    lock.lock();
    try {
      if (thread == null && !stopped) {
        Thread started = new Thread(this::run, "quire-expiry");
        started.setDaemon(true);
        thread = started;
        started.start();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (awaitPeriod()) {
      try {
        if (firstExpiryMillis() <= engine.nowMillis() && parts.locks.tryTake(ProcessLocks.SWEEP)) {
          try {
            sweep();
          } finally {
            parts.locks.release(ProcessLocks.SWEEP);
          }
        }
      } catch (StoreException | IllegalStateException e) {
        // The next time, or whoever writes next.
      } catch (InternalError e) {
        // A file that somebody cut.
        parts.state.noteTruncated();
      }
    }
  }

  private long firstExpiryMillis() {
    Snapshot snapshot = engine.beginRead();
    try {
      return ExpiryIndex.firstExpiryMillis(snapshot, rootRef(snapshot));
    } finally {
      snapshot.end();
    }
  }

  private static long rootRef(Snapshot snapshot) {
    TableRecord index = snapshot.findTable(ExpiryIndex.encodedName());
    return index == null ? PageRef.NONE : index.rootRef();
  }

  private void sweep() {
    boolean more = true;
    while (more && !isStopped()) {
      WriteSession session = engine.beginWrite(durability(), TURN_TIMEOUT);
      try {
        more = session.purge(STEP) == STEP;
        session.commit();
      } finally {
        session.rollback();
      }
    }
  }

  private Durability durability() {
    boolean logged = parts.options.durability() instanceof Durability.Sync;
    return logged ? PURGE : parts.options.durability();
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a period.
  ///
  /// @return false when the thread is to end
  private boolean awaitPeriod() {
    lock.lock();
    try {
      long left = parts.options.sweepPeriod().toNanos();
      while (!stopped && left > 0) {
        left = wakened.awaitNanos(left);
      }
      return !stopped;
    } catch (InterruptedException e) {
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  /// Ends the thread, or sees to it that there will be none; a transaction of it is finished first.
  void stop() {
    Thread running;
    lock.lock();
    try {
      stopped = true;
      running = thread;
      thread = null;
      wakened.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (running != null && running.isAlive()) {
      try {
        running.join(TimeUnit.SECONDS.toMillis(60));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Sweeps again after [#stop], because the store could not be closed.
  void goOn() {
    lock.lock();
    try {
      stopped = false;
    } finally {
      lock.unlock();
    }
    look();
  }
}
