package dev.quire.store.internal.txn;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The writer's turn as processes have it: lock byte 1.
///
/// The turn is sticky: a process keeps it from one transaction to the next as long as no other
/// process wants it. Who wants it puts a ticket into its process slot. The holder looks at the
/// tickets when its slice is over, after a transaction; it names the longest waiting process in
/// `turnNext` and lets go. The named one alone may take the turn for some milliseconds. A name that
/// does not answer in that time loses its ticket; a living process sets it again.
///
/// Whatever the space lock guards, in `shm` and in `data`, may be changed only by a process that
/// has the turn. Its threads are kept apart by the locks of the process; those that need the turn
/// for a moment beside a running transaction count as its *users*.
final class SharedTurn {

  /// What a process has to learn when it gets the turn.
  @FunctionalInterface
  interface Arrival {
    /// Called with the lock byte held, before anybody in the process may rely on it.
    ///
    /// @param clean whether the last holder let go in good order; else it died
    /// @param foreign whether another process may have had the turn since
    void arrived(boolean clean, boolean foreign);
  }

  private static final long SLICE_NANOS = 500_000;
  private static final long RESERVED_NANOS = 5_000_000;
  private static final long FIRST_PAUSE_NANOS = 20_000;
  private static final long PAUSE_NANOS = 250_000;
  private static final int FIRST_PAUSES = 40;

  /// How long a waiter looks without a pause: after it has asked, and while it is named.
  private static final long SPIN_NANOS = 20_000;

  private static final int LOOKS_PER_CLOCK = 32;

  /// How often a turn that looks taken is tried all the same: its holder may have died.
  private static final int BLIND_TRY_EVERY = 8;

  private final SharedState state;
  private final ProcessLocks locks;
  private final ReentrantLock guard = new ReentrantLock();
  private final Condition changed = guard.newCondition();
  private volatile Arrival arrival = (clean, foreign) -> {};
  private volatile boolean held;

  /// Threads that need the turn beside the one that writes. Guarded by `guard`.
  private int users;

  private volatile boolean closed;

  /// Value of the word `turn` while this process has it.
  private volatile long number = -1;

  private volatile long sliceStart;

  // Of who waits, in one thread at a time.
  private int seenNext = -1;
  private long seenTurn;
  private long seenSince;

  SharedTurn(SharedState state, ProcessLocks locks) {
    this.state = state;
    this.locks = locks;
    this.held = !locks.isShared();
  }

  /// Who is told when the turn arrives.
  void onArrival(Arrival newArrival) {
    arrival = newArrival;
  }

  /// Whether this process has the turn.
  boolean isHeld() {
    return held;
  }

  /// Takes the turn for the process, unless it has it. One thread at a time.
  ///
  /// @param deadline as [System#nanoTime]; it is tried once at least
  /// @return false if others had it all the time
  boolean acquire(long deadline) {
    if (held) {
      return true;
    }
    long ticket = 0;
    try {
      for (int attempt = 0; ; attempt++) {
        boolean worthwhile = state.isTurnClean() || attempt % BLIND_TRY_EVERY == 0;
        if (worthwhile && mayTake() && tryTake()) {
          return true;
        }
        if (System.nanoTime() - deadline >= 0) {
          return false;
        }
        if (ticket == 0) {
          ticket = ProcessTable.drawTicket(state);
        }
        if (ProcessTable.ticket(state, locks.slot()) != ticket) {
          ProcessTable.setTicket(state, locks.slot(), ticket);
        }
        if (!spinUntilNamed(attempt)) {
          ProcessLocks.pause(attempt < FIRST_PAUSES ? FIRST_PAUSE_NANOS : PAUSE_NANOS);
        }
      }
    } finally {
      if (ticket != 0) {
        ProcessTable.setTicket(state, locks.slot(), 0);
      }
    }
  }

  /// Looks for a moment whether the turn is kept for this process: at first, and while it is named
  /// and may be let go of at once. Not for ever: who named it may be stopped.
  private boolean spinUntilNamed(int attempt) {
    boolean named = state.turnNext() == locks.slot() && attempt < FIRST_PAUSES;
    if (attempt > 0 && !named) {
      return false;
    }
    long end = System.nanoTime() + SPIN_NANOS;
    do {
      for (int look = 0; look < LOOKS_PER_CLOCK; look++) {
        if (state.isTurnClean() && state.turnNext() == locks.slot()) {
          return true;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() - end < 0);
    return false;
  }

  /// Whether nobody else is named, or who is named has not come in its time.
  private boolean mayTake() {
    int next = state.turnNext();
    if (next < 0 || next == locks.slot()) {
      return true;
    }
    long now = System.nanoTime();
    long turn = state.turn();
    if (next != seenNext || turn != seenTurn) {
      seenNext = next;
      seenTurn = turn;
      seenSince = now;
    }
    if (now - seenSince < RESERVED_NANOS) {
      return false;
    }
    ProcessTable.setTicket(state, next, 0);
    return true;
  }

  private boolean tryTake() {
    if (!locks.tryTake(ProcessLocks.TURN)) {
      return false;
    }
    boolean arrived = false;
    try {
      locks.requireIntact();
      requireEntered();
      boolean clean = state.isTurnClean();
      boolean foreign = state.turn() != number;
      number = state.beginTurn(locks.slot());
      arrival.arrived(clean, foreign);
      arrived = true;
    } finally {
      if (!arrived) {
        locks.release(ProcessLocks.TURN);
      }
    }
    guard.lock();
    try {
      held = true;
      sliceStart = System.nanoTime();
      changed.signalAll();
    } finally {
      guard.unlock();
    }
    return true;
  }

  /// Whether another process waits for the turn that this one has.
  boolean isWaitedFor() {
    return locks.isShared()
        && held
        && !state.isExpelled()
        && ProcessTable.longestWaiting(state, locks.slot()) >= 0;
  }

  /// Whether the slice is over and another process waits. Looked at between two transactions.
  boolean isWanted() {
    if (!locks.isShared() || !held) {
      return false;
    }
    long now = System.nanoTime();
    if (now - sliceStart < SLICE_NANOS) {
      return false;
    }
    if (!isWaitedFor()) {
      sliceStart = now;
      return false;
    }
    return true;
  }

  /// Lets go of the turn, if the process has it. No thread writes, nothing committed is
  /// unpublished.
  void handOver() {
    guard.lock();
    try {
      while (users > 0) {
        changed.awaitUninterruptibly();
      }
      if (!held || !locks.isShared()) {
        return;
      }
      held = false;
    } finally {
      guard.unlock();
    }
    if (!state.isExpelled()) {
      int next = ProcessTable.longestWaiting(state, locks.slot());
      state.endTurn(next, !state.isPoisoned());
    }
    locks.release(ProcessLocks.TURN);
  }

  /// Keeps the turn with the process until [#endUse], if it has it.
  boolean tryUse() {
    guard.lock();
    try {
      if (!held) {
        return false;
      }
      users++;
      return true;
    } finally {
      guard.unlock();
    }
  }

  void endUse() {
    guard.lock();
    try {
      users--;
      changed.signalAll();
    } finally {
      guard.unlock();
    }
  }

  /// Fails unless this process still has the turn and its place: otherwise another process took it
  /// for dead, and what it is about to write could destroy what that one wrote.
  void requireCurrent() {
    if (locks.isShared() && (state.turn() != number || !locks.isEntered(state))) {
      state.expel();
      state.requireSound();
    }
  }

  /// Fails unless this process still has its place among the processes.
  void requireEntered() {
    if (!locks.isEntered(state)) {
      state.expel();
    }
    if (state.isExpelled()) {
      state.requireSound();
    }
  }

  /// Waits until the process has the turn.
  ///
  /// @return false when it is closed
  boolean awaitHeld() {
    guard.lock();
    try {
      while (!held && !closed) {
        changed.awaitUninterruptibly();
      }
      return !closed;
    } finally {
      guard.unlock();
    }
  }

  /// Ends [#awaitHeld].
  void close() {
    guard.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      guard.unlock();
    }
  }

  /// Who has the turn, for a message.
  String describeHolder() {
    int next = state.turnNext();
    if (state.isTurnClean()) {
      return next < 0 ? "nobody just now" : "kept for " + ProcessTable.describe(state, next);
    }
    long millis = Math.max(0, System.currentTimeMillis() - state.turnSince());
    return ProcessTable.describe(state, state.turnHolder())
        + " since "
        + TimeUnit.MILLISECONDS.toSeconds(millis)
        + "."
        + String.valueOf(1000 + millis % 1000).substring(1)
        + " s";
  }
}
