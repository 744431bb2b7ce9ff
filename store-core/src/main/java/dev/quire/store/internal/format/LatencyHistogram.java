package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.WORD;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// How long something took, how often: a count for each bucket of durations.
///
/// Buckets are log-linear. Durations below 16 ns have a bucket each; above, each power of two is
/// cut into 8 buckets of one width. A bucket is as wide as an eighth of its lower end at most, and
/// is told by its middle: so a duration that is read out is off by a sixteenth at most. The last
/// bucket also holds all that is longer than [#RANGE_NANOS]. The longest duration is kept exactly.
///
/// One thread at a time writes; others read meanwhile, and see each word whole.
///
/// | offset | size | field    | meaning                      |
/// |-------:|-----:|----------|------------------------------|
/// |      0 |    8 | sumNanos | all durations added up       |
/// |      8 |    8 | maxNanos | the longest duration         |
/// |     16 |  112 | reserved | zero                         |
/// |    128 | 2432 | buckets  | 304 words: durations in each |
public final class LatencyHistogram {

  /// Number of buckets.
  public static final int BUCKETS = 304;

  /// Durations from here on share the last bucket.
  public static final long RANGE_NANOS = 1L << 40;

  /// Each power of two has 1 << SUB_BITS buckets.
  private static final int SUB_BITS = 3;

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          WORD.withName("sumNanos"),
          WORD.withName("maxNanos"),
          MemoryLayout.sequenceLayout(14, WORD).withName("reserved"),
          MemoryLayout.sequenceLayout(BUCKETS, WORD).withName("buckets"));

  /// Size of the struct, in bytes.
  public static final int SIZE_BYTES = 2560;

  private static final long SUM = Fields.offset(LAYOUT, "sumNanos");
  private static final long MAX = Fields.offset(LAYOUT, "maxNanos");
  private static final long COUNTS = Fields.offset(LAYOUT, "buckets");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES && SIZE_BYTES % 128 == 0 : LAYOUT;
    assert bucketOf(RANGE_NANOS - 1) == BUCKETS - 1 : bucketOf(RANGE_NANOS - 1);
  }

  private LatencyHistogram() {}

  /// The bucket of a duration.
  public static int bucketOf(long nanos) {
    long within = Math.min(Math.max(nanos, 0), RANGE_NANOS - 1);
    int shift = Math.max(0, Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(within));
    return (shift << SUB_BITS) + (int) (within >>> shift);
  }

  /// The duration that a bucket stands for, its middle.
  public static long nanosOf(int bucket) {
    int shift = Math.max(0, (bucket >>> SUB_BITS) - 1);
    long low = (long) (bucket - (shift << SUB_BITS)) << shift;
    return low + (1L << shift >>> 1);
  }

  /// Adds one duration. One thread at a time.
  public static void add(MemorySegment s, long at, long nanos) {
    long duration = Math.max(nanos, 0);
    increase(s, at + COUNTS + 8L * bucketOf(duration), 1);
    increase(s, at + SUM, duration);
    if (duration > Word.get(s, at + MAX)) {
      Word.setRelease(s, at + MAX, duration);
    }
  }

  private static void increase(MemorySegment s, long at, long amount) {
    Word.setRelease(s, at, Word.get(s, at) + amount);
  }

  /// Adds the counts of the buckets to `target`, which has [#BUCKETS] elements.
  public static void addCounts(MemorySegment s, long at, long[] target) {
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      target[bucket] += Word.getAcquire(s, at + COUNTS + 8L * bucket);
    }
  }

  /// All durations added up.
  public static long sumNanos(MemorySegment s, long at) {
    return Word.getAcquire(s, at + SUM);
  }

  /// The longest duration, 0 if there is none.
  public static long maxNanos(MemorySegment s, long at) {
    return Word.getAcquire(s, at + MAX);
  }
}
