package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.LatencyHistogram;
import dev.quire.store.testing.Campaign;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Goal: percentiles of a histogram are those of the durations, off by a sixteenth at most; and
/// histograms that are added up are one histogram.
///
/// Method: seeded durations of several distributions, beside a sorted array of them.
class LatencySampleTest {

  private static final double[] PARTS = {0.001, 0.1, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999, 1};

  private static LatencySample sample(MemorySegment... histograms) {
    long[] counts = new long[LatencyHistogram.BUCKETS];
    long sum = 0;
    long max = 0;
    for (MemorySegment histogram : histograms) {
      LatencyHistogram.addCounts(histogram, 0, counts);
      sum += LatencyHistogram.sumNanos(histogram, 0);
      max = Math.max(max, LatencyHistogram.maxNanos(histogram, 0));
    }
    return new LatencySample(counts, sum, max);
  }

  private static long draw(SplittableRandom random, int distribution) {
    return switch (distribution) {
      case 0 -> random.nextLong(40);
      case 1 -> random.nextLong(1, 2_000_000);
      case 2 -> (long) (-Math.log(1 - random.nextDouble()) * 150_000);
      case 3 -> random.nextLong() >>> random.nextInt(24, 63);
      default -> random.nextInt(100) == 0 ? 14_000_000 + random.nextInt(1000) : 500;
    };
  }

  private static void assertPercentiles(long[] durations, LatencySample sample, long seed) {
    long[] sorted = durations.clone();
    Arrays.sort(sorted);
    for (double part : PARTS) {
      long exact = sorted[(int) Math.max(1, Math.ceil(part * sorted.length)) - 1];
      long told = sample.percentileNanos(part);
      assertTrue(
          16 * Math.abs(told - exact) <= exact,
          () -> "seed " + seed + ", " + part + ": " + told + " instead of " + exact);
    }
    assertEquals(sorted.length, sample.count());
    assertEquals(sorted[sorted.length - 1], sample.maxNanos());
    assertEquals(Arrays.stream(sorted).sum(), sample.sumNanos());
  }

  @Test
  void percentiles_ofRandomDurations_areOffByASixteenthAtMost() {
    long seed = Campaign.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 60; round++) {
      long[] durations = new long[1 + random.nextInt(3000)];
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment[] processes = new MemorySegment[1 + random.nextInt(4)];
        for (int i = 0; i < processes.length; i++) {
          processes[i] = arena.allocate(LatencyHistogram.SIZE_BYTES, 128);
        }
        for (int i = 0; i < durations.length; i++) {
          durations[i] = draw(random, round % 5);
          LatencyHistogram.add(processes[random.nextInt(processes.length)], 0, durations[i]);
        }
        assertPercentiles(durations, sample(processes), seed);
      }
    }
  }

  @Test
  void buckets_ofAllDurations_areInOrderAndCoverTheirMiddles() {
    int last = -1;
    for (long nanos = 0; nanos < LatencyHistogram.RANGE_NANOS; nanos += 1 + nanos / 40) {
      int bucket = LatencyHistogram.bucketOf(nanos);
      assertTrue(bucket == last || bucket == last + 1, "at " + nanos);
      last = bucket;
    }
    assertEquals(LatencyHistogram.BUCKETS - 1, last);
    for (int bucket = 0; bucket < LatencyHistogram.BUCKETS; bucket++) {
      assertEquals(bucket, LatencyHistogram.bucketOf(LatencyHistogram.nanosOf(bucket)));
    }
  }

  @Test
  void durations_outOfRange_areKeptAsTheLongest() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment histogram = arena.allocate(LatencyHistogram.SIZE_BYTES, 128);
      assertEquals(0, sample(histogram).percentileNanos(0.5));
      LatencyHistogram.add(histogram, 0, -5);
      assertEquals(0, sample(histogram).percentileNanos(1));
      LatencyHistogram.add(histogram, 0, Long.MAX_VALUE);
      assertEquals(Long.MAX_VALUE, sample(histogram).percentileNanos(1));
      assertEquals(0, sample(histogram).percentileNanos(0.5));
      assertEquals(2, sample(histogram).count());
    }
  }
}
