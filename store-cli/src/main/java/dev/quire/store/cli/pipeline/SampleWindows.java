package dev.quire.store.cli.pipeline;

import java.lang.foreign.MemorySegment;

/// The analysis: least, greatest and mean value of every [#SAMPLES] samples. What it found is
/// summed up in a number that depends on each of them and on their order.
public final class SampleWindows {

  /// Samples of a window; windows do not end where blocks do.
  public static final int SAMPLES = 10_000;

  /// What was found in a window.
  ///
  /// @param time that of its first sample
  record Window(long time, double least, double greatest, double mean) {}

  private long count;
  private long checksum;
  private long firstTime;
  private double least;
  private double greatest;
  private double sum;
  private int inWindow;
  private Window last = new Window(-1, 0, 0, 0);

  /// Takes in the samples of a block.
  void add(MemorySegment block) {
    long at = SampleBlock.FIRST_SAMPLE;
    while (at < SampleBlock.BYTES) {
      if (inWindow == 0) {
        begin(block.get(SampleBlock.LONG, at));
      }
      long left = (SampleBlock.BYTES - at) / SampleBlock.SAMPLE_BYTES;
      int taken = (int) Math.min(SAMPLES - inWindow, left);
      take(block, at, taken);
      at += (long) taken * SampleBlock.SAMPLE_BYTES;
      inWindow += taken;
      if (inWindow == SAMPLES) {
        end();
      }
    }
  }

  private void begin(long time) {
    firstTime = time;
    least = Double.POSITIVE_INFINITY;
    greatest = Double.NEGATIVE_INFINITY;
    sum = 0;
  }

  private void take(MemorySegment block, long from, int samples) {
    double least = this.least;
    double greatest = this.greatest;
    double sum = this.sum;
    for (int i = 0; i < samples; i++) {
      double value =
          block.get(
              SampleBlock.DOUBLE, from + (long) i * SampleBlock.SAMPLE_BYTES + SampleBlock.VALUE);
      if (value < least) {
        least = value;
      }
      if (value > greatest) {
        greatest = value;
      }
      sum += value;
    }
    this.least = least;
    this.greatest = greatest;
    this.sum = sum;
  }

  private void end() {
    last = new Window(firstTime, least, greatest, sum / SAMPLES);
    mix(last.time);
    mix(Double.doubleToLongBits(last.least));
    mix(Double.doubleToLongBits(last.greatest));
    mix(Double.doubleToLongBits(last.mean));
    count++;
    inWindow = 0;
  }

  private void mix(long result) {
    checksum = (checksum ^ result) * 0x9e3779b97f4a7c15L;
    checksum ^= checksum >>> 32;
  }

  /// Windows that are complete.
  long count() {
    return count;
  }

  /// The newest of them.
  Window last() {
    return last;
  }

  /// The number for all of them.
  long checksum() {
    return checksum;
  }
}
