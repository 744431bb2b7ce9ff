package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.LatencyHistogram;
import dev.quire.store.internal.format.ProcessMetrics;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.SharedAreas.Area;
import java.lang.foreign.MemorySegment;

/// The [ProcessMetrics] of all process slots. They lie in chunks that double, made when the first
/// process enters one of a chunk's slots; a chunk never moves.
///
/// A process goes on where the one before it in its slot stopped. So nothing has to be added up
/// when a process dies, and a total is exact: it is the sum over all slots, at any time.
final class MetricsTable {

  private static final int FIRST_CHUNK_SLOTS = 4;

  private MetricsTable() {}

  /// Bytes of chunk `chunk`: as many slots as all chunks before it, the first has 4.
  static long chunkBytes(int chunk) {
    return (long) FIRST_CHUNK_SLOTS * ProcessMetrics.SIZE_BYTES << Math.max(0, chunk - 1);
  }

  /// Prepares the slot for this process, whose lock byte is held; and byte 0, so that nobody else
  /// makes the same chunk.
  static void enter(SharedState state, int slot) {
    int chunk = chunkOf(slot);
    state.areas().require(areaOf(chunk), chunkBytes(chunk));
    MemorySegment s = state.segment();
    long at = offset(state, slot);
    for (int code = 0; code < ProcessMetrics.COUNTERS; code++) {
      long before = Word.get(s, at + ProcessMetrics.counter(code));
      Word.setRelease(s, at + ProcessMetrics.base(code), before);
    }
  }

  /// Whether a process ever entered a slot of the same chunk.
  static boolean exists(SharedState state, int slot) {
    int chunk = chunkOf(slot);
    return state.areas().capacityBytes(areaOf(chunk)) >= chunkBytes(chunk);
  }

  /// Where the metrics of a slot lie.
  static long offset(SharedState state, int slot) {
    int chunk = chunkOf(slot);
    int first = chunk == 0 ? 0 : FIRST_CHUNK_SLOTS << chunk - 1;
    return state.areas().offset(areaOf(chunk), chunkBytes(chunk))
        + (long) (slot - first) * ProcessMetrics.SIZE_BYTES;
  }

  /// What all processes counted since `shm` was made, lookups of read transactions left out.
  static long total(SharedState state, Counter counter) {
    state.areas().mapAll();
    long sum = 0;
    for (int slot = 0; slot < ProcessTable.SLOTS; slot++) {
      if (exists(state, slot)) {
        long at = offset(state, slot) + ProcessMetrics.counter(counter.code());
        sum += Word.getAcquire(state.segment(), at);
      }
    }
    return sum;
  }

  /// What the present process of a slot counted, lookups of read transactions added.
  static long own(SharedState state, int slot, Counter counter) {
    MemorySegment s = state.segment();
    long at = offset(state, slot);
    return Word.getAcquire(s, at + ProcessMetrics.counter(counter.code()))
        - Word.getAcquire(s, at + ProcessMetrics.base(counter.code()));
  }

  /// How long something took in all processes since `shm` was made.
  static LatencySample sample(SharedState state, Latency latency) {
    state.areas().mapAll();
    MemorySegment s = state.segment();
    long[] counts = new long[LatencyHistogram.BUCKETS];
    long sumNanos = 0;
    long maxNanos = 0;
    for (int slot = 0; slot < ProcessTable.SLOTS; slot++) {
      if (exists(state, slot)) {
        long at = offset(state, slot) + ProcessMetrics.latency(latency.code());
        LatencyHistogram.addCounts(s, at, counts);
        sumNanos += LatencyHistogram.sumNanos(s, at);
        maxNanos = Math.max(maxNanos, LatencyHistogram.maxNanos(s, at));
      }
    }
    return new LatencySample(counts, sumNanos, maxNanos);
  }

  private static int areaOf(int chunk) {
    return Area.METRICS.code() + chunk;
  }

  private static int chunkOf(int slot) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(slot / FIRST_CHUNK_SLOTS);
  }
}
