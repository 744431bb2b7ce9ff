package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.peer.Session;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/// Replaces all entries of a loaded store by new ones, in two turns: each deletes half of the old
/// ones, in random order, 1000 a transaction, and then puts as many new ones. In the end the store
/// is closed and the sizes of its files are taken.
final class Churn {

  private static final int TURNS = 2;
  private static final double NANOS_PER_SECOND = 1e9;

  private Churn() {}

  /// Measures. The warm-up does the same with a small store beside.
  static Map<Metric, Double> run(Trial trial) {
    Map<Metric, Double> figures = new EnumMap<>(Metric.class);
    warmUp(trial);
    try (Peer peer = trial.openLoaded();
        Session session = peer.session()) {
      long start = System.nanoTime();
      int done = churn(session, trial.entries());
      figures.put(Metric.CHURN, done * NANOS_PER_SECOND / (System.nanoTime() - start));
      Reads.requireSum(session, Entry.scanSum(Entry.keys(trial.entries(), trial.entries())));
    }
    if (trial.kind().hasFiles()) {
      Sizes sizes = Sizes.of(trial.place().directory());
      double payload = trial.place().payloadBytes();
      figures.put(Metric.CHURN_FILES, sizes.fileBytes() / payload);
    }
    return figures;
  }

  /// @return how many entries were deleted and put
  private static int churn(Session session, int entries) {
    int done = 0;
    int half = (entries + 1) / TURNS;
    for (int first = 0; first < entries; first += half) {
      int count = Math.min(half, entries - first);
      long[] old = Entry.keys(first, count);
      for (int from = 0; from < count; from += Trial.TRANSACTION_ENTRIES) {
        session.delete(old, from, Math.min(from + Trial.TRANSACTION_ENTRIES, count));
      }
      Trial.load(session, Entry.keys((long) entries + first, count), false);
      done += 2 * count;
    }
    return done;
  }

  private static void warmUp(Trial trial) {
    Path directory = Loads.warmDirectory(trial.place());
    int entries = Math.min(trial.entries(), Loads.WARM_ENTRIES);
    Loads.repeatWarm(
        trial,
        () -> {
          try (Peer peer = open(trial.kind(), trial, directory);
              Session session = peer.session()) {
            Trial.load(session, Entry.keys(entries, false), false);
            churn(session, entries);
          }
        });
  }

  private static Peer open(PeerKind kind, Trial trial, Path directory) {
    return kind.open(trial.place().at(Directories.makeEmpty(directory)));
  }
}
