package dev.quire.store.testing;

import java.util.concurrent.TimeUnit;

/// How long random tests run, and where they say what they did.
///
/// `-Dquire.seed=` repeats a run. `-Dquire.campaign=true` (`-Pcampaign`) makes each campaign last
/// `-Dquire.minutes=` (10).
public final class Campaign {

  private static final long SEED = Long.getLong("quire.seed", System.nanoTime() & 0xFFFF_FFFFL);
  private static final boolean LONG = Boolean.getBoolean("quire.campaign");
  private static final long MINUTES = Long.getLong("quire.minutes", 10);

  private Campaign() {}

  public static long seed() {
    return SEED;
  }

  public static boolean isLong() {
    return LONG;
  }

  /// When a test that takes so many seconds in `verify` ends, as [System#nanoTime].
  public static long deadlineNanos(long secondsInVerify) {
    long nanos =
        LONG ? TimeUnit.MINUTES.toNanos(MINUTES) : TimeUnit.SECONDS.toNanos(secondsInVerify);
    return System.nanoTime() + nanos;
  }

  /// Says what was tried.
  public static void note(String line) {
    System.out.println(line + " (-Dquire.seed=" + SEED + ")");
  }
}
