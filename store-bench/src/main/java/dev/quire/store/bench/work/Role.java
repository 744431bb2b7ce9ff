package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.Session;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/// What one of several processes does with the store that they share.
enum Role {
  /// Gets entries, any with the same chance, by a snapshot each.
  READER,
  /// Puts entries again, each in a transaction of its own.
  WRITER,
  /// Puts an entry now and then, and notes how long that takes.
  VISITOR,
  /// Puts one entry again and again, with the time in it.
  TELLER,
  /// Gets that entry all the time, and notes how old its time is when it is a new one.
  LOOKER;

  private static final int GET_BATCH = 1000;
  private static final int PUT_BATCH = 10;
  private static final int TOLD_LONGER_MILLIS = 1000;
  private static final long PATIENCE_MILLIS = 10_000;
  private static final long PERIOD_NANOS = 1_000_000;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final double NANOS_PER_MICRO = 1e3;
  private static final int MOST_TIMES = 1 << 20;

  /// What a process found.
  ///
  /// @param rate operations a second, of those that do nothing else
  /// @param median half of the times were no longer, in microseconds
  /// @param slow 99 of 100 were no longer
  record Finding(double rate, double median, double slow) {

    static Finding parse(String line) {
      double[] n = Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
      return new Finding(n[0], n[1], n[2]);
    }

    String line() {
      return rate + " " + median + " " + slow;
    }
  }

  /// Does it for the time of the trial.
  Finding run(Trial trial, Peer peer) {
    return switch (this) {
      case READER -> rate(Stopwatch.measure(trial, peer, 1, GET_BATCH, (s, _) -> gets(trial, s)));
      case WRITER -> rate(Stopwatch.measure(trial, peer, 1, PUT_BATCH, (s, _) -> puts(trial, s)));
      case VISITOR -> times(trial, peer, 0, Role::visit);
      case TELLER -> times(trial, peer, TOLD_LONGER_MILLIS, Role::tell);
      case LOOKER -> times(trial, peer, 0, new Look());
    };
  }

  private static Finding rate(Stopwatch.Reading reading) {
    return new Finding(reading.operationsPerSecond(), 0, 0);
  }

  private static Stopwatch.Work gets(Trial trial, Session session) {
    Draw draw = Draw.uniform(trial.entries(), trial.seed());
    return count -> {
      for (int i = 0; i < count; i++) {
        long key = draw.next();
        requireVersion(session.get(key) - key);
      }
    };
  }

  private static Stopwatch.Work puts(Trial trial, Session session) {
    Draw draw = Draw.uniform(trial.entries(), trial.seed());
    return count -> {
      for (int i = 0; i < count; i++) {
        session.put(draw.next(), 1);
      }
    };
  }

  private static void requireVersion(long version) {
    if (version < 0) {
      throw new IllegalStateException("a get found a value that was not put");
    }
  }

  /// One step of a role that notes times.
  private interface Step {

    /// @param warm whether the warm-up is over; until then there are no pauses
    /// @return nanoseconds, or -1 if there is nothing to be noted
    long run(Session session, boolean warm);
  }

  private static long visit(Session session, boolean warm) {
    pauseIf(warm);
    long start = System.nanoTime();
    session.put(Entry.key(0), 1);
    return System.nanoTime() - start;
  }

  private static long tell(Session session, boolean warm) {
    pauseIf(warm);
    session.put(Entry.key(0), System.nanoTime());
    return 0;
  }

  private static void pauseIf(boolean warm) {
    if (warm) {
      LockSupport.parkNanos(PERIOD_NANOS);
    }
  }

  private static final class Look implements Step {

    private long seen;

    @Override
    public long run(Session session, boolean warm) {
      long told = session.get(Entry.key(0)) - Entry.key(0);
      requireVersion(told);
      if (told == seen) {
        return -1;
      }
      seen = told;
      return System.nanoTime() - told;
    }
  }

  /// @param longer milliseconds for which it goes on, for the sake of others
  private static Finding times(Trial trial, Peer peer, int longer, Step step) {
    long warm = System.nanoTime() + trial.warmupMillis() * NANOS_PER_MILLI;
    long end = warm + (trial.measureMillis() + longer) * NANOS_PER_MILLI;
    long late = end + PATIENCE_MILLIS * NANOS_PER_MILLI;
    long[] times = new long[MOST_TIMES];
    int count = 0;
    try (Session session = peer.session()) {
      while (count < MOST_TIMES && System.nanoTime() - (count == 0 ? late : end) < 0) {
        boolean isWarm = System.nanoTime() - warm >= 0;
        long time = step.run(session, isWarm);
        if (time >= 0 && isWarm) {
          times[count++] = time;
        }
      }
    }
    if (count == 0) {
      throw new IllegalStateException("nothing was seen");
    }
    Arrays.sort(times, 0, count);
    return new Finding(
        0, times[count / 2] / NANOS_PER_MICRO, times[(int) (count * 0.99)] / NANOS_PER_MICRO);
  }
}
