package dev.quire.store.bench.work;

import static dev.quire.store.bench.peer.PeerKind.LMDBJAVA;
import static dev.quire.store.bench.peer.PeerKind.QUIRE;
import static dev.quire.store.bench.peer.PeerKind.QUIRE_MEMORY;
import static dev.quire.store.bench.peer.PeerKind.SKIPLIST;
import static dev.quire.store.bench.peer.PeerKind.TREEMAP;

import dev.quire.store.bench.peer.PeerKind;
import java.util.List;
import java.util.Map;

/// What is measured: each constant in a JVM of its own, for each of its stores.
public enum Workload {
  GET("get", Start.LOADED, QUIRE, QUIRE_MEMORY, LMDBJAVA, SKIPLIST, TREEMAP),
  GET_IN_PLACE("get-in-place", Start.LOADED, QUIRE, QUIRE_MEMORY, LMDBJAVA, SKIPLIST, TREEMAP),
  GET_IN_VIEW("get-in-view", Start.LOADED, QUIRE, QUIRE_MEMORY, LMDBJAVA),
  GET_ZIPF("get-zipf", Start.LOADED, QUIRE, QUIRE_MEMORY, LMDBJAVA, SKIPLIST, TREEMAP),
  SCAN("scan", Start.LOADED, QUIRE, QUIRE_MEMORY, LMDBJAVA, SKIPLIST, TREEMAP),
  LOAD_RANDOM("load-random", Start.EMPTY, QUIRE, QUIRE_MEMORY, LMDBJAVA, SKIPLIST, TREEMAP),
  LOAD_SORTED("load-sorted", Start.EMPTY, QUIRE, QUIRE_MEMORY, LMDBJAVA, SKIPLIST, TREEMAP),
  PUT("put", Start.LOADED_COPY, QUIRE, LMDBJAVA),
  PUT_MEMORY("put-memory", Start.LOADED_COPY, QUIRE_MEMORY, LMDBJAVA, SKIPLIST, TREEMAP),
  PUT_SYNC("put-sync", Start.LOADED_COPY, QUIRE, LMDBJAVA),
  PUT_SYNC_8("put-sync-8", Start.LOADED_COPY, QUIRE, LMDBJAVA),
  OPEN("open", Start.LOADED, QUIRE, LMDBJAVA);

  /// What the place must hold before, of a store that has files.
  public enum Start {
    /// Nothing.
    EMPTY,
    /// All entries, loaded in random order.
    LOADED,
    /// The same, and the work changes them.
    LOADED_COPY
  }

  private static final int MANY_THREADS = 8;
  private static final int PUT_BATCH = 100;

  private final String name;
  private final Start start;

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes lists that cannot be changed.
  private final List<PeerKind> peers;

  Workload(String name, Start start, PeerKind... peers) {
    this.name = name;
    this.start = start;
    this.peers = List.of(peers);
  }

  /// Its name on the command line.
  public String commandName() {
    return name;
  }

  /// What the place must hold before.
  public Start start() {
    return start;
  }

  /// The stores that can do it.
  public List<PeerKind> peers() {
    return peers;
  }

  /// Whether files lie in memory (`/dev/shm`).
  public boolean isInMemory() {
    return this == PUT_MEMORY;
  }

  /// Whether each put must be on the medium when it returns.
  public boolean isDurable() {
    return this == PUT_SYNC || this == PUT_SYNC_8;
  }

  /// Does it, in this JVM.
  public Map<Metric, Double> run(Trial trial) {
    return switch (this) {
      case GET -> nanos(Metric.GET, Metric.GET_BYTES, Reads.get(trial));
      case GET_IN_PLACE ->
          nanos(Metric.GET_IN_PLACE, Metric.GET_IN_PLACE_BYTES, Reads.getInPlace(trial));
      case GET_IN_VIEW ->
          nanos(Metric.GET_IN_VIEW, Metric.GET_IN_VIEW_BYTES, Reads.getInView(trial));
      case GET_ZIPF -> nanos(Metric.GET_ZIPF, Metric.GET_ZIPF_BYTES, Reads.getZipf(trial));
      case SCAN -> Reads.scan(trial);
      case LOAD_RANDOM -> Loads.random(trial);
      case LOAD_SORTED -> Loads.sorted(trial);
      case PUT -> rate(Metric.PUT, Metric.PUT_BYTES, Puts.put(trial, 1, PUT_BATCH));
      case PUT_MEMORY ->
          rate(Metric.PUT_MEMORY, Metric.PUT_MEMORY_BYTES, Puts.put(trial, 1, PUT_BATCH));
      case PUT_SYNC -> rate(Metric.PUT_SYNC, Puts.put(trial, 1, 1));
      case PUT_SYNC_8 -> rate(Metric.PUT_SYNC_8, Puts.put(trial, MANY_THREADS, 1));
      case OPEN -> Opens.open(trial);
    };
  }

  private static Map<Metric, Double> nanos(Metric time, Metric bytes, Stopwatch.Reading reading) {
    return Map.of(time, reading.nanosPerOperation(), bytes, reading.bytesPerOperation());
  }

  private static Map<Metric, Double> rate(Metric rate, Metric bytes, Stopwatch.Reading reading) {
    return Map.of(rate, reading.operationsPerSecond(), bytes, reading.bytesPerOperation());
  }

  private static Map<Metric, Double> rate(Metric rate, Stopwatch.Reading reading) {
    return Map.of(rate, reading.operationsPerSecond());
  }
}
