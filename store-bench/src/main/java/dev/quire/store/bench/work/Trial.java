package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.peer.Place;
import dev.quire.store.bench.peer.Session;
import java.nio.file.Path;
import java.util.List;

/// One measurement: a store, a place and how long.
///
/// @param kind the store under test
/// @param place where it lies
/// @param warmupMillis time of the same work before anything is measured
/// @param measureMillis least time of what is measured
/// @param seed of the random choices
public record Trial(PeerKind kind, Place place, int warmupMillis, int measureMillis, long seed) {

  /// Entries of one transaction of a load.
  static final int TRANSACTION_ENTRIES = 1000;

  /// The trial as words of a command line.
  public List<String> words() {
    return List.of(
        kind.name(),
        place.directory().toString(),
        Integer.toString(place.entries()),
        Integer.toString(place.valueBytes()),
        Boolean.toString(place.durable()),
        Integer.toString(warmupMillis),
        Integer.toString(measureMillis),
        Long.toString(seed));
  }

  /// The trial that [#words] was called on.
  public static Trial parse(List<String> words) {
    Place place =
        new Place(
            Path.of(words.get(1)),
            Integer.parseInt(words.get(2)),
            Integer.parseInt(words.get(3)),
            Boolean.parseBoolean(words.get(4)));
    return new Trial(
        PeerKind.valueOf(words.get(0)),
        place,
        Integer.parseInt(words.get(5)),
        Integer.parseInt(words.get(6)),
        Long.parseLong(words.get(7)));
  }

  /// The same with other random choices.
  Trial withSeed(long seed) {
    return new Trial(kind, place, warmupMillis, measureMillis, seed);
  }

  /// The same in another place.
  Trial with(Place place) {
    return new Trial(kind, place, warmupMillis, measureMillis, seed);
  }

  int entries() {
    return place.entries();
  }

  /// Opens the store of a trial that needs a loaded one: it lies in the place, or is loaded now if
  /// it cannot.
  Peer openLoaded() {
    Peer peer = kind.open(place);
    if (!kind.hasFiles()) {
      try (Session session = peer.session()) {
        load(session, Entry.keys(entries(), false), false);
      }
    }
    return peer;
  }

  /// Puts entries in transactions of [#TRANSACTION_ENTRIES].
  static void load(Session session, long[] keys, boolean append) {
    for (int from = 0; from < keys.length; from += TRANSACTION_ENTRIES) {
      int to = Math.min(from + TRANSACTION_ENTRIES, keys.length);
      session.load(keys, from, to, append);
    }
  }
}
