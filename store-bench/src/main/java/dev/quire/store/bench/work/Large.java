package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.Place;
import dev.quire.store.bench.peer.Session;
import java.util.Map;

/// Large values: loads a store of about the payload that the trial's entries have, in transactions
/// of about a megabyte, then gets entries of it and puts them again, without sync. The warm-up of
/// the load fills other stores, as that of [Loads] does.
final class Large {

  private static final int KILOBYTES_10 = 10_000;
  private static final int MEGABYTE = 1_000_000;
  private static final int LEAST_ENTRIES = 20;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MICRO = 1e3;

  private Large() {}

  /// Measures the workload of one length.
  static Map<Metric, Double> run(Workload workload, Trial trial) {
    boolean isMegabyte = workload == Workload.LARGE_1M;
    Found found = run(trial.with(place(trial, isMegabyte ? MEGABYTE : KILOBYTES_10)));
    return isMegabyte
        ? Map.of(Metric.LOAD_1M, found.load, Metric.GET_1M, found.get, Metric.PUT_1M, found.put)
        : Map.of(Metric.LOAD_10K, found.load, Metric.GET_10K, found.get, Metric.PUT_10K, found.put);
  }

  private static Place place(Trial trial, int valueBytes) {
    long entries = trial.place().payloadBytes() / valueBytes;
    return new Place(
        trial.place().directory(), (int) Math.max(LEAST_ENTRIES, entries), valueBytes, false);
  }

  /// @param load megabytes a second
  /// @param get microseconds
  /// @param put operations a second
  private record Found(double load, double get, double put) {}

  private static Found run(Trial trial) {
    int entries = trial.entries();
    long[] keys = Entry.keys(entries, false);
    int transaction = Math.max(1, MEGABYTE / trial.place().valueBytes());
    Place warm = trial.place().at(Loads.warmDirectory(trial.place()));
    Loads.repeatWarm(
        trial,
        () -> {
          Directories.makeEmpty(warm.directory());
          try (Peer peer = trial.kind().open(warm)) {
            load(peer, keys, transaction);
          }
        });
    try (Peer peer = trial.kind().open(trial.place())) {
      long start = System.nanoTime();
      load(peer, keys, transaction);
      double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
      double load = trial.place().payloadBytes() / seconds / MEGABYTE;
      Stopwatch.Reading gets =
          Stopwatch.measure(trial, peer, 1, transaction, (session, _) -> gets(trial, session));
      Stopwatch.Reading puts =
          Stopwatch.measure(trial, peer, 1, transaction, (session, _) -> puts(trial, session));
      return new Found(
          load, gets.nanosPerOperation() / NANOS_PER_MICRO, puts.operationsPerSecond());
    }
  }

  private static void load(Peer peer, long[] keys, int transaction) {
    try (Session session = peer.session()) {
      for (int from = 0; from < keys.length; from += transaction) {
        session.load(keys, from, Math.min(from + transaction, keys.length), false);
      }
    }
  }

  private static Stopwatch.Work gets(Trial trial, Session session) {
    Draw draw = Draw.uniform(trial.entries(), trial.seed());
    return count -> {
      for (int i = 0; i < count; i++) {
        long key = draw.next();
        if (session.get(key) != key) {
          throw new IllegalStateException("a get found a value that was not put");
        }
      }
    };
  }

  private static Stopwatch.Work puts(Trial trial, Session session) {
    Draw draw = Draw.uniform(trial.entries(), trial.seed());
    return count -> {
      for (int i = 0; i < count; i++) {
        session.put(draw.next(), i);
      }
    };
  }
}
