package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.Session;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Reads and puts of one store, by one thread in turns as YCSB has them, or by two threads.
///
/// Source: B. Cooper et al., Benchmarking Cloud Serving Systems with YCSB, 2010, table 2.
final class Mixed {

  private static final int BATCH = 100;

  /// Entries of the longest range.
  private static final int LONGEST = 100;

  private Mixed() {}

  /// Gets by a snapshot each and puts without sync, their keys chosen by Zipf's law.
  ///
  /// @param gets the share of gets
  static Stopwatch.Reading getsAndPuts(Trial trial, double gets) {
    Draw draw = new ZipfDraw(trial.entries(), trial.seed());
    SplittableRandom random = new SplittableRandom(trial.seed());
    return measure(
        trial,
        session ->
            count -> {
              for (int i = 0; i < count; i++) {
                long key = draw.next();
                if (random.nextDouble() < gets) {
                  requireVersion(session.get(key) - key);
                } else {
                  session.put(key, i);
                }
              }
            });
  }

  /// Ranges of up to 100 entries, each length with the same chance, from starts by Zipf's law; and
  /// puts of entries that are new, without sync.
  ///
  /// @param ranges the share of ranges
  static Stopwatch.Reading rangesAndInserts(Trial trial, double ranges) {
    Draw draw = new ZipfDraw(trial.entries(), trial.seed());
    SplittableRandom random = new SplittableRandom(trial.seed());
    long[] next = {trial.entries()};
    return measure(
        trial,
        session ->
            count -> {
              for (int i = 0; i < count; i++) {
                if (random.nextDouble() < ranges) {
                  requireFound(session.range(draw.next(), 1 + random.nextInt(LONGEST)));
                } else {
                  session.put(Entry.key(next[0]++), 0);
                }
              }
            });
  }

  /// One thread gets, by a snapshot each, another one puts, without sync; any key with the same
  /// chance.
  static Map<Metric, Double> beside(Trial trial) {
    try (Peer peer = trial.openLoaded()) {
      List<Stopwatch.Reading> found =
          Stopwatch.measureEach(
              trial,
              peer,
              2,
              BATCH,
              (session, thread) -> {
                Draw draw = Draw.uniform(trial.entries(), trial.seed() + thread);
                return thread == 0 ? gets(session, draw) : puts(session, draw);
              });
      return Map.of(
          Metric.BESIDE_GET,
          found.get(0).nanosPerOperation(),
          Metric.BESIDE_PUT,
          found.get(1).operationsPerSecond());
    }
  }

  private static Stopwatch.Work gets(Session session, Draw draw) {
    return count -> {
      for (int i = 0; i < count; i++) {
        long key = draw.next();
        requireVersion(session.get(key) - key);
      }
    };
  }

  private static Stopwatch.Work puts(Session session, Draw draw) {
    return count -> {
      for (int i = 0; i < count; i++) {
        session.put(draw.next(), i);
      }
    };
  }

  private interface Starter {

    Stopwatch.Work start(Session session);
  }

  private static Stopwatch.Reading measure(Trial trial, Starter starter) {
    try (Peer peer = trial.openLoaded()) {
      return Stopwatch.measure(trial, peer, 1, BATCH, (session, _) -> starter.start(session));
    }
  }

  private static void requireVersion(long version) {
    if (version < 0 || version >= BATCH) {
      throw new IllegalStateException("a get found a value that was not put");
    }
  }

  private static void requireFound(long sum) {
    if (sum == 0) {
      throw new IllegalStateException("a range found nothing");
    }
  }
}
