package dev.quire.store.cli.pipeline;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The unit that is handed on: a header, then samples.
///
/// | offset | bytes | field                                                              |
/// |-------:|------:|--------------------------------------------------------------------|
/// |      0 |     8 | number of the block, from 0; [#END] in the one behind the last     |
/// |      8 |     8 | when it was complete: [System#nanoTime], on Linux a clock of the   |
/// |        |       | host, the same in all processes                                    |
/// |     16 |    16 | the first sample: its time in nanoseconds, and its value, a double |
/// |    ... |       | the others                                                         |
///
/// What the samples are follows from the number alone. So what came over can be compared with what
/// was sent.
public final class SampleBlock {

  /// Length of a block.
  public static final int BYTES = 128 << 10;

  /// Length of a sample.
  public static final int SAMPLE_BYTES = 16;

  /// Samples of a block.
  public static final int SAMPLES = BYTES / SAMPLE_BYTES - 1;

  static final long END = -1;

  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
  static final int FIRST_SAMPLE = 16;
  static final int VALUE = Long.BYTES;

  private static final int COMPLETED = Long.BYTES;
  private static final long PERIOD_NANOS = 1_000;
  private static final double GRAIN = 1.0 / 1024;

  private SampleBlock() {}

  /// Makes the samples of block `number`, and completes it.
  static void fill(MemorySegment block, long number) {
    long time = number * SAMPLES * PERIOD_NANOS;
    long noise = ~number * 0x9e3779b97f4a7c15L;
    for (int at = FIRST_SAMPLE; at < BYTES; at += SAMPLE_BYTES) {
      noise ^= noise << 13;
      noise ^= noise >>> 7;
      noise ^= noise << 17;
      block.set(LONG, at, time);
      block.set(DOUBLE, at + VALUE, (noise >> 40) * GRAIN);
      time += PERIOD_NANOS;
    }
    block.set(LONG, 0, number);
    block.set(LONG, COMPLETED, System.nanoTime());
  }

  /// Makes the block behind the last one, which carries a number of the producer's.
  static void fillEnd(MemorySegment block, long number) {
    block.set(LONG, 0, END);
    block.set(LONG, COMPLETED, number);
  }

  static long number(MemorySegment block) {
    return block.get(LONG, 0);
  }

  static long completedNanos(MemorySegment block) {
    return block.get(LONG, COMPLETED);
  }

  /// What the block behind the last one carries.
  static long endNumber(MemorySegment block) {
    return block.get(LONG, COMPLETED);
  }
}
