package dev.quire.store.internal.txn;

import dev.quire.store.internal.region.LockFile;
import java.util.concurrent.locks.LockSupport;

/// What the bytes of the lock file mean.
final class LockBytes {

  /// Whoever has it opens the store, or looks at who has it open.
  static final long OPENING = 0;

  /// A process that has the store open holds this one plus the index of its slot.
  static final long FIRST_PROCESS = 16;

  private static final long RETRY_NANOS = 1_000_000;

  private LockBytes() {}

  /// Takes the byte [#OPENING], waiting if it must.
  ///
  /// @return false if it did not get it
  static boolean acquireOpening(LockFile lock, long timeoutNanos) {
    long deadline = System.nanoTime() + timeoutNanos;
    while (!lock.tryAcquire(OPENING)) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
    return true;
  }

  /// How many processes have the store open. The byte [#OPENING] is held, so none comes or goes by
  /// closing it.
  static int countUsers(LockFile lock) {
    int users = 0;
    for (int slot = 0; slot < ProcessTable.SLOTS; slot++) {
      if (lock.isHeld(FIRST_PROCESS + slot) || lock.isHeldByOther(FIRST_PROCESS + slot)) {
        users++;
      }
    }
    return users;
  }
}
