package dev.quire.store.internal.txn;

import dev.quire.store.errors.CommitInDoubtException;
import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.NoteRecord;
import dev.quire.store.internal.page.RunList;
import dev.quire.store.internal.page.SharedAreas;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Commits whose record is in the log and which are not published yet.
///
/// One thread at a time leads: it takes all that have gathered, syncs the log up to the last of
/// them once, and publishes them in order. Those that arrive meanwhile wait for the next round,
/// which one of them leads. The queue's order is the log's, because a commit enters it with the
/// turn held.
final class CommitGroup {

  /// A finished transaction on its way to being visible. Its fields are final or guarded by the
  /// group's lock.
  static final class Commit {
    final Head head;
    final RunList births;
    final RunList frees;

    /// When the commit was asked for, as [System#nanoTime].
    final long sinceNanos;

    private boolean done;
    private @Nullable Throwable failure;

    Commit(Head head, RunList births, RunList frees, long sinceNanos) {
      this.head = head;
      this.births = births;
      this.frees = frees;
      this.sinceNanos = sinceNanos;
    }
  }

  private final EngineParts parts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition roundEnded = lock.newCondition();
  private final ArrayDeque<Commit> waiting = new ArrayDeque<>();
  private boolean leading;
  private int unpublishedFrees;

  CommitGroup(EngineParts parts) {
    this.parts = parts;
  }

  /// Whether every commit that entered is published or has failed.
  boolean isEmpty() {
    lock.lock();
    try {
      return waiting.isEmpty() && !leading;
    } finally {
      lock.unlock();
    }
  }

  /// Entries that publishing what has entered will add to the pending pages.
  int unpublishedFrees() {
    lock.lock();
    try {
      return unpublishedFrees;
    } finally {
      lock.unlock();
    }
  }

  /// Enters a commit; the turn is held.
  void enter(Commit commit) {
    lock.lock();
    try {
      waiting.add(commit);
      unpublishedFrees += commit.frees.size();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the commit is durable and published, leading a round if nobody does.
  ///
  /// @throws CommitInDoubtException if its sync or its publishing failed
  void await(Commit commit) {
    List<Commit> round = List.of();
    lock.lock();
    try {
      while (!commit.done && leading) {
        roundEnded.awaitUninterruptibly();
      }
      if (!commit.done) {
        round = takeRound();
      }
    } finally {
      lock.unlock();
    }
    if (!round.isEmpty()) {
      lead(round);
    }
    requireSuccess(commit);
  }

  /// Waits until nothing that has entered is unpublished; the turn is held, so nothing enters.
  void drain() {
    List<Commit> round = List.of();
    lock.lock();
    try {
      while (leading) {
        roundEnded.awaitUninterruptibly();
      }
      if (!waiting.isEmpty()) {
        round = takeRound();
      }
    } finally {
      lock.unlock();
    }
    if (!round.isEmpty()) {
      lead(round);
    }
  }

  /// Makes the log durable as far as it is published, if nobody is doing so.
  void syncLog() {
    lock.lock();
    try {
      if (leading || !waiting.isEmpty()) {
        return;
      }
      leading = true;
    } finally {
      lock.unlock();
    }
    lead(List.of());
  }

  private List<Commit> takeRound() {
    leading = true;
    List<Commit> round = new ArrayList<>(waiting);
    waiting.clear();
    return round;
  }

  private void lead(List<Commit> round) {
    Throwable failure = null;
    try {
      syncLog(round);
      for (Commit commit : round) {
        publish(commit);
      }
    } catch (RuntimeException | Error e) {
      parts.state.poison();
      failure = e;
    }
    lock.lock();
    try {
      for (Commit commit : round) {
        commit.done = true;
        commit.failure = failure;
        unpublishedFrees -= commit.frees.size();
      }
      leading = false;
      roundEnded.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Makes the log durable up to the round's end, or else as far as it is published, from wherever
  /// it is durable already. What nobody has published yet, nobody has synced: `shm` that says so
  /// was damaged.
  private void syncLog(List<Commit> round) {
    long lsn = round.isEmpty() ? parts.state.newestLsn() : round.getLast().head.lsn();
    long known = parts.state.syncedLsn();
    if (!round.isEmpty() && known >= lsn) {
      throw SharedAreas.damaged("a log synced up to " + known + " that ends at " + lsn);
    }
    // The ring has no more, whatever the word says.
    long from = Math.max(known, lsn - parts.ring.sizeBytes());
    if (from < lsn) {
      long began = System.nanoTime();
      FlightEvent event = FlightEvents.begin(Latency.SYNC);
      parts.ring.sync(from, lsn);
      parts.state.requireSound();
      parts.state.raiseSyncedLsn(lsn);
      parts.metrics.add(Counter.LOG_SYNCS, 1);
      parts.metrics.record(Latency.SYNC, System.nanoTime() - began);
      FlightEvents.end(event, parts, lsn - from, 0);
    }
  }

  /// Makes a commit visible; everything that takes memory was reserved before.
  void publish(Commit commit) {
    parts.spaceLock.lock();
    try {
      parts.state.requireSound();
      parts.turn.requireCurrent();
      parts.note.write(commit.head, commit.births, commit.frees, NoteRecord.PUBLISH);
      parts.note.publish();
      parts.metrics.add(Counter.PAGES_WRITTEN, commit.births.pages());
      parts.countDirty(commit.births, commit.frees);
      for (int i = 0; i < commit.births.size(); i++) {
        parts.allocator.published(commit.births.start(i), commit.births.count(i));
      }
      parts.metrics.add(Counter.COMMITS, 1);
      parts.metrics.record(Latency.COMMIT, System.nanoTime() - commit.sinceNanos);
    } finally {
      parts.spaceLock.unlock();
    }
  }

  private void requireSuccess(Commit commit) {
    Throwable failure = commit.failure;
    if (failure != null) {
      throw inDoubt(commit.head.txnId(), "was written but could not be made durable", failure);
    }
  }

  /// Refuses writes from now on, because a commit failed too late to be undone.
  ///
  /// @param what became of its record
  /// @return what to tell who committed
  StoreException inDoubt(long txnId, String what, Throwable cause) {
    parts.state.poison();
    if (parts.state.isTruncated()) {
      return new StoreTruncatedException(
          "something outside the store cut the data file while transaction "
              + txnId
              + " was committed; close the store in every process and restore a backup",
          cause);
    }
    return new CommitInDoubtException(
        "the commit of transaction "
            + txnId
            + " is in doubt: its record "
            + what
            + "; reopen the store and look whether it is there",
        cause);
  }
}
