package dev.quire.store.internal.txn;

import dev.quire.store.internal.region.SharedRegion;

/// One `shm` for each thread, lent to one store after the other: to make one costs more than a
/// small store does with it.
final class SharedMemoryPool {

  private static final ThreadLocal<SharedMemoryPool> OF_THREAD =
      ThreadLocal.withInitial(SharedMemoryPool::new);

  private final SharedRegion[] regions = {newRegion(), newRegion()};
  private int next;

  private static SharedRegion newRegion() {
    return SharedRegion.temporary(SharedState.FIRST_SIZE_BYTES);
  }

  /// Lends one to a store that is closed before the thread opens the next but one.
  static void lendTo(StoreFiles files) {
    SharedMemoryPool pool = OF_THREAD.get();
    SharedRegion region = pool.regions[pool.next];
    pool.next = 1 - pool.next;
    region.segment().fill((byte) 0);
    files.lend(region);
  }
}
