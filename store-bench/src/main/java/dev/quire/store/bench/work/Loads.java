package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.Place;
import dev.quire.store.bench.peer.Session;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// Fills an empty store, in transactions of 1000 entries.
///
/// The warm-up loads another store, beside the place, which is deleted before the clock starts.
final class Loads {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private Loads() {}

  /// In random order.
  static Map<Metric, Double> random(Trial trial) {
    Map<Metric, Double> figures = new TreeMap<>();
    Load load = load(trial, false);
    figures.put(Metric.LOAD_RANDOM, load.perSecond);
    if (trial.kind().hasFiles()) {
      Sizes sizes = Sizes.of(trial.place().directory());
      double payload = (double) trial.entries() * Entry.BYTES;
      figures.put(Metric.LOAD_RANDOM_CLOSED, load.perSecondClosed);
      figures.put(Metric.FILES_RANDOM, sizes.fileBytes() / payload);
      figures.put(Metric.SPACE_RANDOM, sizes.spaceBytes() / payload);
    }
    return figures;
  }

  /// In the order of the keys.
  static Map<Metric, Double> sorted(Trial trial) {
    Map<Metric, Double> figures = new TreeMap<>();
    Load load = load(trial, true);
    figures.put(Metric.LOAD_SORTED, load.perSecond);
    if (trial.kind().hasFiles()) {
      Sizes sizes = Sizes.of(trial.place().directory());
      double payload = (double) trial.entries() * Entry.BYTES;
      figures.put(Metric.LOAD_SORTED_CLOSED, load.perSecondClosed);
      figures.put(Metric.FILES_SORTED, sizes.fileBytes() / payload);
      figures.put(Metric.SPACE_SORTED, sizes.spaceBytes() / payload);
    }
    return figures;
  }

  /// How fast a load was.
  ///
  /// @param perSecond entries per second until the last commit returned
  /// @param perSecondClosed the same until the store was closed, and so durable
  private record Load(double perSecond, double perSecondClosed) {}

  private static Load load(Trial trial, boolean sorted) {
    long[] keys = Entry.keys(trial.entries(), sorted);
    long expected = Entry.scanSum(keys.length);
    warmUp(trial, keys, sorted);
    long start;
    long loaded;
    try (Peer peer = trial.kind().open(trial.place())) {
      try (Session session = peer.session()) {
        start = System.nanoTime();
        Trial.load(session, keys, sorted);
        loaded = System.nanoTime();
        if (!trial.kind().hasFiles()) {
          Reads.requireSum(session, expected);
        }
      }
    }
    long closed = System.nanoTime();
    if (trial.kind().hasFiles()) {
      try (Peer peer = trial.kind().open(trial.place());
          Session session = peer.session()) {
        Reads.requireSum(session, expected);
      }
    }
    return new Load(
        keys.length * NANOS_PER_SECOND / (loaded - start),
        keys.length * NANOS_PER_SECOND / (closed - start));
  }

  private static void warmUp(Trial trial, long[] keys, boolean sorted) {
    Place place = trial.place();
    Path directory = place.directory().resolveSibling(place.directory().getFileName() + "-warm");
    long end = System.nanoTime() + trial.warmupMillis() * NANOS_PER_MILLI;
    while (System.nanoTime() - end < 0) {
      Directories.makeEmpty(directory);
      Place warm = new Place(directory, place.entries(), place.durable());
      try (Peer peer = trial.kind().open(warm);
          Session session = peer.session()) {
        Trial.load(session, keys, sorted);
      }
    }
    Directories.delete(directory);
  }
}
