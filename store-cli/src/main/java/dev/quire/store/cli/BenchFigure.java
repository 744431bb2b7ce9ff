package dev.quire.store.cli;

import java.util.Arrays;
import java.util.Locale;

/// How fast one kind of work was.
///
/// @param work what was done, as "get"
/// @param each what the times are those of, as "1,000 puts"
/// @param count how many entries it was done to
/// @param nanos how long all took
/// @param sorted times, the shortest first; at least one
record BenchFigure(String work, String each, long count, long nanos, long[] sorted) {

  private static final String ROW = "%-8s %-12s %14s %-12s %12s %12s %12s %12s";

  /// Above the lines.
  static final String HEADING =
      ROW.formatted("engine", "work", "entries", "time of", "p50", "p90", "p99", "longest");

  /// @param times in any order, kept
  static BenchFigure of(String work, String each, long count, long nanos, long[] times) {
    Arrays.sort(times);
    return new BenchFigure(work, each, count, nanos, times);
  }

  /// The time that a share of all did not exceed.
  long percentile(double share) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
  }

  private double perSecond() {
    return count / (Math.max(1, nanos) / 1e9);
  }

  /// A line for people.
  String line(String engine) {
    return String.format(
        Locale.ROOT,
        ROW,
        engine,
        work,
        Amounts.rate(count, nanos),
        each,
        Amounts.micros(percentile(0.5)),
        Amounts.micros(percentile(0.9)),
        Amounts.micros(percentile(0.99)),
        Amounts.micros(sorted[sorted.length - 1]));
  }

  /// A line for programs.
  Json json(String engine) {
    return Json.object()
        .put("engine", engine)
        .put("work", work)
        .put("perSecond", perSecond())
        .put("timeOf", each)
        .put("p50Nanos", percentile(0.5))
        .put("p90Nanos", percentile(0.9))
        .put("p99Nanos", percentile(0.99))
        .put("maxNanos", sorted[sorted.length - 1]);
  }
}
