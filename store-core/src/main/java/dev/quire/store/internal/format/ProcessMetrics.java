package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.WORD;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/// What the processes that had one process slot have counted and timed, one after the other: it is
/// never set back. So the store's totals are the sums over all slots, whoever has died.
///
/// What the slot's present process counted is the counter less its base, which the process stores
/// when it enters the slot.
///
/// | offset | size | field             | meaning                                            |
/// |-------:|-----:|-------------------|----------------------------------------------------|
/// |      0 |  256 | counters          | 32 words                                           |
/// |    256 |  256 | bases             | 32 words: what the slot's earlier processes left   |
/// |    512 | 2560 | commitLatency     | [LatencyHistogram]: from the call to being visible |
/// |   3072 | 2560 | syncLatency       | the same of syncs of the log                       |
/// |   5632 | 2560 | checkpointLatency | the same of checkpoints, from the plan on          |
/// |   8192 | 2560 | turnWaitLatency   | the same of waits for the writer's turn            |
public final class ProcessMetrics {

  /// Words for counters, in use or not.
  public static final int COUNTERS = 32;

  /// Number of histograms.
  public static final int LATENCIES = 4;

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          MemoryLayout.sequenceLayout(COUNTERS, WORD).withName("counters"),
          MemoryLayout.sequenceLayout(COUNTERS, WORD).withName("bases"),
          LatencyHistogram.LAYOUT.withName("commitLatency"),
          LatencyHistogram.LAYOUT.withName("syncLatency"),
          LatencyHistogram.LAYOUT.withName("checkpointLatency"),
          LatencyHistogram.LAYOUT.withName("turnWaitLatency"));

  /// Size of the struct, in bytes.
  public static final int SIZE_BYTES = 10752;

  private static final long COUNTER_WORDS = Fields.offset(LAYOUT, "counters");
  private static final long BASE_WORDS = Fields.offset(LAYOUT, "bases");
  private static final long HISTOGRAMS = Fields.offset(LAYOUT, "commitLatency");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES && SIZE_BYTES % 128 == 0 : LAYOUT;
  }

  private ProcessMetrics() {}

  /// Offset of a counter's word in the struct.
  public static long counter(int code) {
    return COUNTER_WORDS + 8L * code;
  }

  /// Offset of the word of a counter's base.
  public static long base(int code) {
    return BASE_WORDS + 8L * code;
  }

  /// Offset of a [LatencyHistogram].
  public static long latency(int code) {
    return HISTOGRAMS + (long) code * LatencyHistogram.SIZE_BYTES;
  }
}
