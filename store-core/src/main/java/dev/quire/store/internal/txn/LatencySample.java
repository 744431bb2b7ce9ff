package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.LatencyHistogram;

/// Durations as they were counted up to one moment.
///
/// @param counts for each bucket of [LatencyHistogram]
/// @param sumNanos all of them added up
/// @param maxNanos the longest, exactly; 0 if there is none
public record LatencySample(long[] counts, long sumNanos, long maxNanos) {

  /// Number of durations.
  public long count() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /// A duration that a part of all do not exceed, off by a sixteenth at most; 0 if there is none.
  ///
  /// @param part 0 to 1; 0.5 is the median
  public long percentileNanos(double part) {
    long rank = Math.max(1, (long) Math.ceil(part * count()));
    long seen = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      seen += counts[bucket];
      if (seen >= rank) {
        boolean open = bucket == counts.length - 1;
        return open ? maxNanos : Math.min(LatencyHistogram.nanosOf(bucket), maxNanos);
      }
    }
    return maxNanos;
  }
}
