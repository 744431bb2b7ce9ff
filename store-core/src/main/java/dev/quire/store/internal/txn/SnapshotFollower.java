package dev.quire.store.internal.txn;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Follows the newest commit: keeps pinned what its user has *seen*, and waits for something newer,
/// which it then *shows* until the user moves on.
///
/// One thread at a time uses it; any thread may close it. A snapshot that another thread may be
/// reading is not ended under its feet: that thread ends it when it comes here next.
public final class SnapshotFollower implements AutoCloseable {

  private final EngineHandle handle;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Snapshot seen;
  private @Nullable Snapshot shown;

  /// Who may be reading what is shown. Written under the lock.
  private volatile @Nullable Thread user;

  private boolean waiting;

  /// Counts what was shown.
  private final AtomicLong round = new AtomicLong();

  private volatile boolean closed;

  /// @param seen begun through `handle`; ended by the follower
  public SnapshotFollower(EngineHandle handle, Snapshot seen) {
    this.handle = handle;
    this.seen = seen;
  }

  /// The moment that lies so far ahead.
  public static long deadlineNanos(Duration timeout) {
    return HeadWait.deadlineNanos(timeout);
  }

  /// Whether the moment has come.
  public static boolean isPast(long deadlineNanos) {
    return HeadWait.isPast(deadlineNanos);
  }

  /// Waits until there is something newer than what was seen, and shows it. What was shown before
  /// and not moved on to is let go of.
  ///
  /// @return null if there is nothing newer before the deadline, or the follower was closed
  /// @throws IllegalStateException if it is closed already, the store is, or another thread waits
  /// @throws InterruptedException if the thread is or gets interrupted
  public @Nullable Snapshot await(long deadlineNanos) throws InterruptedException {
    HeadWait.requireNotInterrupted();
    long after = enter();
    try {
      return awaitNewer(after, deadlineNanos) ? show(handle.engine().beginRead()) : null;
    } finally {
      leave();
    }
  }

  private long enter() {
    lock.lock();
    try {
      Snapshot from = seen;
      if (closed || from == null) {
        throw isClosed();
      }
      if (waiting) {
        throw new IllegalStateException("another thread is waiting with this watch");
      }
      end(shown);
      shown = null;
      round.incrementAndGet();
      waiting = true;
      return from.txnId();
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitNewer(long after, long deadlineNanos) throws InterruptedException {
    HeadWait wait = new HeadWait();
    SharedState state = handle.engine().parts().state;
    while (!closed) {
      if (!handle.isOpen()) {
        close();
        throw new IllegalStateException("the store is closed");
      }
      if (state.headTxnId() != after) {
        return true;
      }
      if (isPast(deadlineNanos)) {
        return false;
      }
      wait.pause(deadlineNanos);
    }
    return false;
  }

  private @Nullable Snapshot show(Snapshot newer) {
    lock.lock();
    try {
      if (closed) {
        end(newer);
        return null;
      }
      newer.noteSince(System.currentTimeMillis());
      user = Thread.currentThread();
      shown = newer;
      return newer;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      waiting = false;
      if (closed) {
        letGo();
      }
    } finally {
      lock.unlock();
    }
  }

  /// What was seen last. Only while something newer is shown.
  public Snapshot seen() {
    Snapshot current = seen;
    if (current == null) {
      throw isClosed();
    }
    return current;
  }

  /// Which showing this is.
  public long round() {
    return round.get();
  }

  /// Refuses to go on with a showing that is over.
  ///
  /// @throws IllegalStateException if it is, or the follower or the store is closed
  public void requireShown(long expectedRound) {
    // First: whoever closes leaves the snapshots to this thread from now on.
    becomeUser();
    if (closed) {
      lock.lock();
      try {
        letGo();
      } finally {
        lock.unlock();
      }
      throw isClosed();
    }
    if (round.get() != expectedRound) {
      throw new IllegalStateException("these changes are over: the watch has gone on");
    }
    if (!handle.isOpen()) {
      throw new IllegalStateException("the store is closed");
    }
  }

  private void becomeUser() {
    Thread self = Thread.currentThread();
    if (!self.equals(user)) {
      lock.lock();
      try {
        user = self;
      } finally {
        lock.unlock();
      }
    }
  }

  /// What is shown has been seen.
  public void moveOn() {
    lock.lock();
    try {
      if (shown != null) {
        end(seen);
        seen = shown;
        shown = null;
        round.incrementAndGet();
      }
      if (closed) {
        letGo();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether it can still be used.
  public boolean isOpen() {
    return !closed && handle.isOpen();
  }

  /// Ends a wait that is going on, and lets go of the snapshots. Does nothing the second time.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (!waiting && (shown == null || Thread.currentThread().equals(user))) {
        letGo();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The lock is held.
  private void letGo() {
    end(shown);
    end(seen);
    shown = null;
    seen = null;
  }

  private void end(@Nullable Snapshot snapshot) {
    if (snapshot != null) {
      handle.end(snapshot);
    }
  }

  private static IllegalStateException isClosed() {
    return new IllegalStateException("the watch is closed");
  }
}
