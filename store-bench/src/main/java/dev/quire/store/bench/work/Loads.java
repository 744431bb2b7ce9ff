package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.Place;
import dev.quire.store.bench.peer.Session;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// Fills an empty store, in transactions of 1000 entries.
///
/// The warm-up loads stores of at most [#WARM_ENTRIES] entries, beside the place, one after the
/// other; they are deleted before the clock starts.
final class Loads {

  /// Entries of the stores of the warm-up.
  static final int WARM_ENTRIES = 200_000;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private Loads() {}

  /// In random order.
  static Map<Metric, Double> random(Trial trial) {
    Map<Metric, Double> figures = new EnumMap<>(Metric.class);
    Load load = load(trial, false);
    figures.put(Metric.LOAD_RANDOM, load.perSecond);
    if (trial.kind().hasFiles()) {
      Sizes sizes = Sizes.of(trial.place().directory());
      double payload = trial.place().payloadBytes();
      figures.put(Metric.LOAD_RANDOM_CLOSED, load.perSecondClosed);
      figures.put(Metric.FILES_RANDOM, sizes.fileBytes() / payload);
      figures.put(Metric.SPACE_RANDOM, sizes.spaceBytes() / payload);
    }
    return figures;
  }

  /// In the order of the keys.
  static Map<Metric, Double> sorted(Trial trial) {
    Map<Metric, Double> figures = new EnumMap<>(Metric.class);
    Load load = load(trial, true);
    figures.put(Metric.LOAD_SORTED, load.perSecond);
    if (trial.kind().hasFiles()) {
      Sizes sizes = Sizes.of(trial.place().directory());
      double payload = trial.place().payloadBytes();
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
    long expected = Entry.scanSum(keys);
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
    Place warm = trial.place().at(warmDirectory(trial.place()));
    long[] some = Arrays.copyOf(keys, Math.min(keys.length, WARM_ENTRIES));
    repeatWarm(
        trial,
        () -> {
          Directories.makeEmpty(warm.directory());
          try (Peer peer = trial.kind().open(warm);
              Session session = peer.session()) {
            Trial.load(session, some, sorted);
          }
        });
  }

  /// Where the stores of a warm-up lie, beside the one that is measured.
  static Path warmDirectory(Place place) {
    return place.directory().resolveSibling(place.directory().getFileName() + "-warm");
  }

  /// Repeats work in [#warmDirectory] for the time of the warm-up, and deletes what it leaves.
  static void repeatWarm(Trial trial, Runnable work) {
    long end = System.nanoTime() + trial.warmupMillis() * NANOS_PER_MILLI;
    while (System.nanoTime() - end < 0) {
      work.run();
    }
    Directories.delete(warmDirectory(trial.place()));
  }
}
