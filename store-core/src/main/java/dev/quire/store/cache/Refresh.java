package dev.quire.store.cache;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// When a value that is there is loaded anew.
///
/// A value is refreshed *late*, when it has a certain age, or *early*, at random the more likely
/// the nearer its end is, and the longer loading takes (XFetch: Vattani, Chierichetti, Lowenstein:
/// Optimal Probabilistic Cache Stampede Prevention, VLDB 2015): so that mostly one of all who read
/// it does so in time, though none knows of the others.
///
/// @param life how long an entry lives after a write; zero: for ever
/// @param age at which it is refreshed; zero: at none
/// @param eagerness how early; 1 is what the paper advises, more is earlier, 0 is not at all
record Refresh(Duration life, Duration age, double eagerness) {

  static final Refresh NEVER = new Refresh(Duration.ZERO, Duration.ZERO, 0);

  boolean isNever() {
    return age.isZero() && eagerness == 0;
  }

  /// Whether to load now.
  ///
  /// @param left how long the entry has to live
  /// @param loadNanos how long loading takes
  /// @param chance a random number, above 0 up to 1
  boolean isDue(Duration left, long loadNanos, double chance) {
    boolean late = !age.isZero() && life.minus(left).compareTo(age) >= 0;
    double aheadNanos = -Math.log(chance) * eagerness * loadNanos;
    return late || aheadNanos >= (double) TimeUnit.MILLISECONDS.toNanos(left.toMillis());
  }
}
