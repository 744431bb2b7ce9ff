package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.Session;
import java.util.Arrays;
import java.util.Map;

/// Opens a loaded store and gets one entry: first in a JVM that has not touched the store's classes
/// yet, then again and again.
final class Opens {

  private static final double NANOS_PER_MILLI = 1e6;
  private static final int REOPENINGS = 21;

  private Opens() {}

  /// Measures, the cold opening before anything else. Closing is not in the times.
  static Map<Metric, Double> open(Trial trial) {
    double cold = openOnce(trial);
    double[] warm = new double[REOPENINGS];
    for (int i = 0; i < REOPENINGS; i++) {
      warm[i] = openOnce(trial);
    }
    Arrays.sort(warm);
    return Map.of(Metric.OPEN_COLD, cold, Metric.OPEN_WARM, warm[REOPENINGS / 2]);
  }

  private static double openOnce(Trial trial) {
    long key = Entry.key(trial.entries() / 2);
    long start = System.nanoTime();
    try (Peer peer = trial.kind().open(trial.place());
        Session session = peer.session()) {
      long found = session.get(key);
      double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
      if (found != key) {
        throw new IllegalStateException("the first get found a value that was not put");
      }
      return millis;
    }
  }
}
