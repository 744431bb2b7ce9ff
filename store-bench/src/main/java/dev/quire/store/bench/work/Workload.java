package dev.quire.store.bench.work;

import static dev.quire.store.bench.peer.PeerKind.LMDBJAVA;
import static dev.quire.store.bench.peer.PeerKind.QUIRE;
import static dev.quire.store.bench.peer.PeerKind.QUIRE_MEMORY;
import static dev.quire.store.bench.peer.PeerKind.SKIPLIST;
import static dev.quire.store.bench.peer.PeerKind.TREEMAP;

import dev.quire.store.bench.peer.PeerKind;
import java.util.Arrays;
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
  OPEN("open", Start.LOADED, QUIRE, LMDBJAVA),
  READ_1("read-1", Start.LOADED, QUIRE, LMDBJAVA),
  READ_2("read-2", Start.LOADED, QUIRE, LMDBJAVA),
  READ_4("read-4", Start.LOADED, QUIRE, LMDBJAVA),
  READ_BESIDE("read-beside", Start.LOADED_COPY, QUIRE, LMDBJAVA),
  PUT_1("put-1", Start.LOADED_COPY, QUIRE, LMDBJAVA),
  PUT_2("put-2", Start.LOADED_COPY, QUIRE, LMDBJAVA),
  VISIT("visit", Start.LOADED_COPY, QUIRE, LMDBJAVA),
  SIGHT("sight", Start.LOADED_COPY, QUIRE, LMDBJAVA);

  /// Those of one process.
  public static final List<Workload> SINGLE =
      Arrays.stream(values()).filter(workload -> !workload.isShared()).toList();

  /// Those of processes that share a store, and what they are compared with.
  public static final List<Workload> SHARED =
      Arrays.stream(values()).filter(Workload::isShared).toList();

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

  /// Whether it is done by processes that are started for it.
  boolean isShared() {
    return compareTo(READ_1) >= 0;
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
      case READ_1 -> Map.of(Metric.READ_1, rate(trial, Role.READER));
      case READ_2 -> Map.of(Metric.READ_2, rate(trial, Role.READER, Role.READER));
      case READ_4 ->
          Map.of(Metric.READ_4, rate(trial, Role.READER, Role.READER, Role.READER, Role.READER));
      case READ_BESIDE -> {
        List<Role.Finding> found = Together.run(trial, List.of(Role.READER, Role.WRITER));
        yield Map.of(
            Metric.READ_BESIDE, found.get(0).rate(), Metric.PUT_BESIDE, found.get(1).rate());
      }
      case PUT_1 -> Map.of(Metric.PUT_1, rate(trial, Role.WRITER));
      case PUT_2 -> Map.of(Metric.PUT_2, rate(trial, Role.WRITER, Role.WRITER));
      case VISIT -> times(Metric.VISIT_MEDIAN, Metric.VISIT_SLOW, trial, Role.WRITER, Role.VISITOR);
      case SIGHT -> times(Metric.SIGHT_MEDIAN, Metric.SIGHT_SLOW, trial, Role.TELLER, Role.LOOKER);
    };
  }

  private static double rate(Trial trial, Role... roles) {
    return Together.run(trial, List.of(roles)).stream().mapToDouble(Role.Finding::rate).sum();
  }

  /// The times that the second process found.
  private static Map<Metric, Double> times(
      Metric median, Metric slow, Trial trial, Role first, Role second) {
    Role.Finding found = Together.run(trial, List.of(first, second)).get(1);
    return Map.of(median, found.median(), slow, found.slow());
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
