package dev.quire.store.cli.pipeline;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// What a run was like; written as one line of numbers.
///
/// @param windows number of windows, of all blocks
/// @param checksum what [SampleWindows] found in all blocks
/// @param bytes that came over as fast as they could, without the warm-up
/// @param nanos how long those took
/// @param producerNanos processor time of the producer for those
/// @param consumerNanos processor time of the consumer for those
/// @param fast delays of those blocks
/// @param rated delays of the blocks at a fixed rate
public record PipelineReport(
    long windows,
    long checksum,
    long bytes,
    long nanos,
    long producerNanos,
    long consumerNanos,
    Delays fast,
    Delays rated) {

  private static final int NUMBERS = 10;

  /// The time from the completion of a block to the end of its analysis.
  ///
  /// @param medianNanos half of the blocks took no longer
  /// @param slowNanos 99 of 100 took no longer
  public record Delays(long medianNanos, long slowNanos) {

    static Delays of(long[] nanos, int from, int to) {
      long[] sorted = Arrays.copyOfRange(nanos, from, to);
      Arrays.sort(sorted);
      return sorted.length == 0
          ? new Delays(0, 0)
          : new Delays(sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.99)]);
    }
  }

  /// The report as a line.
  public String line() {
    return LongStream.of(
            windows,
            checksum,
            bytes,
            nanos,
            producerNanos,
            consumerNanos,
            fast.medianNanos,
            fast.slowNanos,
            rated.medianNanos,
            rated.slowNanos)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(" "));
  }

  /// The report that [#line] was called on.
  ///
  /// @throws NumberFormatException if it is none
  public static PipelineReport parse(String line) {
    long[] n = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
    if (n.length != NUMBERS) {
      throw new NumberFormatException("not a report: " + line);
    }
    return new PipelineReport(
        n[0], n[1], n[2], n[3], n[4], n[5], new Delays(n[6], n[7]), new Delays(n[8], n[9]));
  }
}
