package dev.quire.store.cache;

import java.util.concurrent.atomic.LongAdder;

/// What a cache object counts, if it is asked to. For any number of threads.
final class CacheCounts {

  private final boolean counted;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder loads = new LongAdder();
  private final LongAdder failedLoads = new LongAdder();
  private final LongAdder loadNanos = new LongAdder();

  CacheCounts(boolean counted) {
    this.counted = counted;
  }

  void asked(boolean found) {
    if (counted) {
      (found ? hits : misses).increment();
    }
  }

  void loaded(boolean any, long nanos) {
    if (counted) {
      (any ? loads : failedLoads).increment();
      loadNanos.add(nanos);
    }
  }

  CacheStats stats() {
    return new CacheStats(
        hits.sum(), misses.sum(), loads.sum(), failedLoads.sum(), loadNanos.sum());
  }
}
