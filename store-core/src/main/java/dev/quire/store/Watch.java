package dev.quire.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Waits for commits, made by any thread of any process, and tells what they changed.
///
/// What is told is the net change between the snapshots that the watch has seen, in the order of
/// keys: not every commit, but never half of one. A user who is slow is told more at a time. The
/// watch keeps one snapshot pinned, the one up to which everything was told; and, while changes are
/// read, the newer one. It has no thread and no queue, and costs the writers nothing.
///
/// A waiting thread looks at the head of the store again and again: at first without a pause, then
/// in pauses that grow with the wait, from 50 us to 2 ms. So a commit is seen after some
/// microseconds if it comes at once, else late by about an eighth of the time that was waited for
/// it.
///
/// ```java
/// ReadTxn start = store.beginRead();
/// load(start.table("jobs"));                                   // everything there is
/// try (Watch watch = store.watch(start, ChangeScope.table("jobs"))) {
///   watch.follow(changes -> {                                  // and what comes then
///     while (changes.next()) { ... }
///   });
/// }
/// ```
///
/// Where a watch stands is lost when it is closed, or its process ends: the snapshot that it would
/// go on from is not there any more. Then read the whole, and watch from that snapshot on.
///
/// Used by one thread at a time, but closed by any. An interrupt ends a wait.
public interface Watch extends AutoCloseable {

  /// Waits until something was changed, and returns what. Changes that were returned before are
  /// over; if they were not read to their end, they are part of what is returned now: so nothing is
  /// lost if handling them fails half way.
  ///
  /// @param timeout how long to wait (0: not at all)
  /// @return at least one change, or null if there was none in time, or the watch was closed
  ///   meanwhile
  /// @throws IllegalStateException if the watch or the store is closed
  /// @throws InterruptedException if the thread is or gets interrupted
  @Nullable Changes poll(Duration timeout) throws InterruptedException;

  /// Calls `handler` with the changes each time there are some, until the watch or the store is
  /// closed: then it returns.
  ///
  /// @throws X if the handler throws it; the changes are told again by the next poll
  /// @throws InterruptedException if the thread is or gets interrupted
  <X extends Exception> void follow(ChangesHandler<X> handler) throws X, InterruptedException;

  /// Whether the watch can still be used.
  boolean isOpen();

  /// Ends the watch. A thread that waits with it comes back; one that reads changes gets an
  /// [IllegalStateException] at its next step, and the snapshots are let go of then. Does nothing
  /// the second time.
  @Override
  void close();
}
