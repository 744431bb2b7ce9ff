package dev.quire.store;

import java.time.Duration;

/// A lock that has one holder among all processes that have the store open, known by its name.
///
/// ```java
/// StoreLock lock = store.lock("rebuild");
/// if (lock.tryLock(Duration.ofSeconds(5))) {
///   try {
///     rebuild();
///   } finally {
///     lock.unlock();
///   }
/// }
/// ```
///
/// The holder is the object, not a thread: any thread may give the lock back through the object
/// that took it, and nobody else can. Two objects of one name are two holders, in one process as in
/// two. A lock is not re-entrant. It is given to whoever comes first when it is free, in no order.
///
/// It ends with its holder: when the store object that it was obtained from is closed, or the
/// process dies, however it does. Nobody ever takes it from a living holder, even one that stands
/// still.
///
/// Taking and giving back are write transactions of their own: a thread that has one cannot do
/// either. So a lock is for what takes longer than a transaction; what fits into one needs no lock.
/// A name that was used leaves some bytes in the store for good.
///
/// Every method but [#isHeld] throws [IllegalStateException] once the store is closed.
public interface StoreLock {

  /// The lock's name.
  String name();

  /// Takes the lock if it is free.
  ///
  /// @return whether it was taken
  /// @throws IllegalStateException if this object has it, or this thread has a write transaction
  /// @throws dev.quire.store.errors.StoreLockedException if the writer's turn did not come
  /// @throws InterruptedException if the thread is interrupted: the lock is not taken
  default boolean tryLock() throws InterruptedException {
    return tryLock(Duration.ZERO);
  }

  /// Takes the lock, waiting for it if another holder has it.
  ///
  /// @param timeout how long to wait for the other holder; the writer's turn is waited for besides
  /// @return whether it was taken
  /// @throws IllegalStateException if this object has it, or this thread has a write transaction
  /// @throws dev.quire.store.errors.StoreLockedException if the writer's turn did not come
  /// @throws InterruptedException if the thread is or gets interrupted: the lock is not taken
  boolean tryLock(Duration timeout) throws InterruptedException;

  /// Whether this object has the lock.
  boolean isHeld();

  /// A number that is greater each time the lock is taken, by whomever. Kept with what is written
  /// under the lock elsewhere, it tells what a former holder writes too late.
  ///
  /// @throws IllegalStateException if this object does not have the lock
  long fence();

  /// Gives the lock back.
  ///
  /// @throws IllegalStateException if this object does not have the lock, or this thread has a
  ///   write transaction
  /// @throws dev.quire.store.errors.StoreLockedException if the writer's turn did not come: the
  ///   lock is held still
  void unlock();
}
