package dev.quire.store.bench.work;

import dev.quire.store.bench.peer.Ability;
import dev.quire.store.bench.peer.PeerKind;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What is measured: each constant in a process of its own, for each store that can do it. [Works]
/// does it.
public enum Workload {
  GET("get", Start.LOADED),
  GET_IN_PLACE("get-in-place", Start.LOADED),
  GET_IN_VIEW("get-in-view", Start.LOADED, Ability.SNAPSHOT),
  GET_ZIPF("get-zipf", Start.LOADED),
  SCAN("scan", Start.LOADED),
  RANGE("range", Start.LOADED, Ability.ORDERED),
  LOAD_RANDOM("load-random", Start.EMPTY),
  LOAD_SORTED("load-sorted", Start.EMPTY),
  PUT("put", Start.LOADED_COPY, Ability.FILES),
  PUT_MEMORY("put-memory", Start.LOADED_COPY),
  PUT_SYNC("put-sync", Start.LOADED_COPY, Ability.DURABLE),
  PUT_SYNC_2("put-sync-2", Start.LOADED_COPY, Ability.DURABLE),
  PUT_SYNC_8("put-sync-8", Start.LOADED_COPY, Ability.DURABLE),
  YCSB_A("ycsb-a", Start.LOADED_COPY),
  YCSB_B("ycsb-b", Start.LOADED_COPY),
  YCSB_E("ycsb-e", Start.LOADED_COPY, Ability.ORDERED),
  CHURN("churn", Start.LOADED_COPY),
  BESIDE("beside", Start.LOADED_COPY, Ability.THREADS),
  LARGE_10K("large-10k", Start.EMPTY),
  LARGE_1M("large-1m", Start.EMPTY),
  OPEN("open", Start.LOADED, Ability.FILES),
  READ_1("read-1", Start.LOADED, Ability.PROCESSES),
  READ_2("read-2", Start.LOADED, Ability.PROCESSES),
  READ_3("read-3", Start.LOADED, Ability.PROCESSES),
  READ_4("read-4", Start.LOADED, Ability.PROCESSES),
  READ_BESIDE("read-beside", Start.LOADED_COPY, Ability.PROCESSES),
  PUT_1("put-1", Start.LOADED_COPY, Ability.PROCESSES),
  PUT_2("put-2", Start.LOADED_COPY, Ability.PROCESSES),
  VISIT("visit", Start.LOADED_COPY, Ability.PROCESSES),
  SIGHT("sight", Start.LOADED_COPY, Ability.PROCESSES);

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

  private static final Set<Workload> WAITING_PROCESSES = Set.of(VISIT, SIGHT);

  private final String name;
  private final Start start;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of makes sets that cannot be changed.
  private final Set<Ability> needs;

  Workload(String name, Start start, Ability... needs) {
    this.name = name;
    this.start = start;
    this.needs = Set.of(needs);
  }

  /// Its name on the command line.
  public String commandName() {
    return name;
  }

  /// What the place must hold before.
  public Start start() {
    return start;
  }

  /// The stores that can do it, and are measured with it.
  public List<PeerKind> peers() {
    return Arrays.stream(PeerKind.values()).filter(this::isFor).toList();
  }

  private boolean isFor(PeerKind kind) {
    boolean can = kind.abilities().containsAll(needs);
    boolean wasRead = kind.readsAsAnother() && (start == Start.LOADED || isShared());
    // The program in C has no processes that note times.
    boolean notesTimes = kind.isNative() && WAITING_PROCESSES.contains(this);
    return can && !wasRead && !notesTimes;
  }

  /// What it finds, of a store that has all of it.
  public List<Metric> metrics() {
    return switch (this) {
      case GET -> List.of(Metric.GET, Metric.GET_BYTES);
      case GET_IN_PLACE -> List.of(Metric.GET_IN_PLACE, Metric.GET_IN_PLACE_BYTES);
      case GET_IN_VIEW -> List.of(Metric.GET_IN_VIEW, Metric.GET_IN_VIEW_BYTES);
      case GET_ZIPF -> List.of(Metric.GET_ZIPF, Metric.GET_ZIPF_BYTES);
      case SCAN -> List.of(Metric.SCAN, Metric.SCAN_BYTES);
      case RANGE -> List.of(Metric.RANGE, Metric.RANGE_BYTES);
      case LOAD_RANDOM ->
          List.of(
              Metric.LOAD_RANDOM,
              Metric.LOAD_RANDOM_CLOSED,
              Metric.FILES_RANDOM,
              Metric.SPACE_RANDOM);
      case LOAD_SORTED ->
          List.of(
              Metric.LOAD_SORTED,
              Metric.LOAD_SORTED_CLOSED,
              Metric.FILES_SORTED,
              Metric.SPACE_SORTED);
      case PUT -> List.of(Metric.PUT, Metric.PUT_BYTES);
      case PUT_MEMORY -> List.of(Metric.PUT_MEMORY, Metric.PUT_MEMORY_BYTES);
      case CHURN -> List.of(Metric.CHURN, Metric.CHURN_FILES);
      case BESIDE -> List.of(Metric.BESIDE_GET, Metric.BESIDE_PUT);
      case LARGE_10K -> List.of(Metric.LOAD_10K, Metric.GET_10K, Metric.PUT_10K);
      case LARGE_1M -> List.of(Metric.LOAD_1M, Metric.GET_1M, Metric.PUT_1M);
      case OPEN -> List.of(Metric.OPEN_COLD, Metric.OPEN_WARM);
      case READ_BESIDE -> List.of(Metric.READ_BESIDE, Metric.PUT_BESIDE);
      case VISIT -> List.of(Metric.VISIT_MEDIAN, Metric.VISIT_SLOW);
      case SIGHT -> List.of(Metric.SIGHT_MEDIAN, Metric.SIGHT_SLOW);
      case PUT_SYNC,
          PUT_SYNC_2,
          PUT_SYNC_8,
          YCSB_A,
          YCSB_B,
          YCSB_E,
          READ_1,
          READ_2,
          READ_3,
          READ_4,
          PUT_1,
          PUT_2 ->
          List.of(Metric.valueOf(name()));
    };
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
    return this == PUT_SYNC || this == PUT_SYNC_2 || this == PUT_SYNC_8;
  }
}
