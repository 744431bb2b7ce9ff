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
    boolean wasRead = kind.readsAsAnother() && start == Start.LOADED;
    // The program in C has no processes that note times.
    boolean notesTimes = kind.isNative() && WAITING_PROCESSES.contains(this);
    // A store in memory of its own kind stands for one in files there.
    boolean isElsewhere = this == PUT_MEMORY && kind == PeerKind.QUIRE;
    return can && !wasRead && !notesTimes && !isElsewhere;
  }

  /// The sections in which its figures are shown.
  public List<Section> sections() {
    return switch (this) {
      case GET, GET_IN_PLACE, GET_IN_VIEW, GET_ZIPF -> List.of(Section.GETS);
      case SCAN, RANGE -> List.of(Section.SCANS);
      case LOAD_RANDOM, LOAD_SORTED -> List.of(Section.LOADS, Section.SPACE);
      case PUT, PUT_MEMORY, BESIDE -> List.of(Section.PUTS);
      case CHURN -> List.of(Section.PUTS, Section.SPACE);
      case PUT_SYNC, PUT_SYNC_2, PUT_SYNC_8 -> List.of(Section.DURABLE);
      case YCSB_A, YCSB_B, YCSB_E -> List.of(Section.MIXED);
      case LARGE_10K, LARGE_1M -> List.of(Section.LARGE);
      case OPEN -> List.of(Section.OPENING);
      case READ_1, READ_2, READ_3, READ_4, READ_BESIDE, PUT_1, PUT_2 -> List.of(Section.PROCESSES);
      case VISIT, SIGHT -> List.of(Section.MEETINGS);
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
