package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.Session;
import java.util.Map;
import java.util.SplittableRandom;

/// Gets and scans of a loaded store. Every result is compared with what was loaded.
final class Reads {

  /// Gets between two looks at the clock.
  private static final int BATCH = 1000;

  private static final int RANGE_BATCH = 10;
  private static final int RANGE_ENTRIES = 100;

  private Reads() {}

  /// Gets by a snapshot each, the values copied.
  static Stopwatch.Reading get(Trial trial) {
    return get(trial, Draw.uniform(trial.entries(), trial.seed()));
  }

  /// The same, some keys far more often than others.
  static Stopwatch.Reading getZipf(Trial trial) {
    return get(trial, new ZipfDraw(trial.entries(), trial.seed()));
  }

  private static Stopwatch.Reading get(Trial trial, Draw draw) {
    return measure(
        trial,
        (session, thread) ->
            count -> {
              long wrong = 0;
              for (int i = 0; i < count; i++) {
                long key = draw.next();
                wrong |= session.get(key) ^ key;
              }
              requireNone(wrong);
            });
  }

  /// Gets by a snapshot each, the values read where they lie.
  static Stopwatch.Reading getInPlace(Trial trial) {
    Draw draw = Draw.uniform(trial.entries(), trial.seed());
    return measure(
        trial,
        (session, thread) ->
            count -> {
              long wrong = 0;
              for (int i = 0; i < count; i++) {
                long key = draw.next();
                wrong |= session.getInPlace(key) ^ key;
              }
              requireNone(wrong);
            });
  }

  /// Gets by one snapshot, the values copied.
  static Stopwatch.Reading getInView(Trial trial) {
    Draw draw = Draw.uniform(trial.entries(), trial.seed());
    return measure(
        trial,
        (session, thread) -> {
          session.beginView();
          return count -> {
            long wrong = 0;
            for (int i = 0; i < count; i++) {
              long key = draw.next();
              wrong |= session.getInView(key) ^ key;
            }
            requireNone(wrong);
          };
        });
  }

  private static Stopwatch.Reading measure(Trial trial, Stopwatch.Starter starter) {
    try (Peer peer = trial.openLoaded()) {
      return Stopwatch.measure(trial, peer, 1, BATCH, starter);
    }
  }

  private static void requireNone(long wrong) {
    if (wrong != 0) {
      throw new IllegalStateException("a get or a range found what was not put");
    }
  }

  /// Walks the whole store, again and again.
  static Map<Metric, Double> scan(Trial trial) {
    int entries = trial.entries();
    long expected = Entry.scanSum(Entry.keys(entries, false));
    try (Peer peer = trial.openLoaded()) {
      Stopwatch.Reading reading =
          Stopwatch.measure(
              trial,
              peer,
              1,
              1,
              (session, thread) ->
                  count -> {
                    for (int i = 0; i < count; i++) {
                      requireSum(session, expected);
                    }
                  });
      return Map.of(
          Metric.SCAN,
          reading.operationsPerSecond() * entries,
          Metric.SCAN_BYTES,
          reading.bytesPerOperation() / entries);
    }
  }

  /// Walks ranges of 100 entries, each by a snapshot of its own, from any entry with the same
  /// chance, but for the last ones.
  static Map<Metric, Double> range(Trial trial) {
    long[] keys = Entry.keys(trial.entries(), true);
    long[] sums = new long[keys.length + 1];
    for (int i = 0; i < keys.length; i++) {
      sums[i + 1] = sums[i] + Entry.scanned(keys[i], keys[i], 0);
    }
    SplittableRandom random = new SplittableRandom(trial.seed());
    try (Peer peer = trial.openLoaded()) {
      Stopwatch.Reading reading =
          Stopwatch.measure(
              trial,
              peer,
              1,
              RANGE_BATCH,
              (session, thread) ->
                  count -> {
                    long wrong = 0;
                    for (int i = 0; i < count; i++) {
                      int start = random.nextInt(keys.length - RANGE_ENTRIES);
                      long expected = sums[start + RANGE_ENTRIES] - sums[start];
                      wrong |= session.range(keys[start], RANGE_ENTRIES) ^ expected;
                    }
                    requireNone(wrong);
                  });
      return Map.of(
          Metric.RANGE,
          reading.operationsPerSecond() * RANGE_ENTRIES,
          Metric.RANGE_BYTES,
          reading.bytesPerOperation() / RANGE_ENTRIES);
    }
  }

  /// Walks the whole store once.
  static void requireSum(Session session, long expected) {
    long sum = session.scan();
    if (sum != expected) {
      throw new IllegalStateException(
          "a scan found other entries than were put: sum " + sum + ", expected " + expected);
    }
  }
}
