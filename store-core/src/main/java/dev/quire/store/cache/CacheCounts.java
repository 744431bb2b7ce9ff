package dev.quire.store.cache;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What a cache object counts, if it is asked to. For any number of threads.
final class CacheCounts {

  private final boolean counted;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder loads = new LongAdder();
  private final LongAdder failedLoads = new LongAdder();
  private final LongAdder loadNanos = new LongAdder();
  private final AtomicLong lastLoadNanos = new AtomicLong();

  CacheCounts(boolean counted) {
    this.counted = counted;
  }

  void asked(boolean found) {
    if (counted) {
      (found ? hits : misses).increment();
    }
  }

  void loaded(boolean any, long nanos) {
    if (any) {
      lastLoadNanos.set(nanos);
    }
    if (counted) {
      (any ? loads : failedLoads).increment();
      loadNanos.add(nanos);
    }
  }

  /// How long the newest value took to load, counted or not; 0 if there was none.
  long lastLoadNanos() {
    return lastLoadNanos.get();
  }

  CacheStats stats() {
    return new CacheStats(
        hits.sum(), misses.sum(), loads.sum(), failedLoads.sum(), loadNanos.sum());
  }
}
