package dev.quire.store.bench.peer;

import static dev.quire.store.bench.peer.Ability.DURABLE;
import static dev.quire.store.bench.peer.Ability.FILES;
import static dev.quire.store.bench.peer.Ability.ORDERED;
import static dev.quire.store.bench.peer.Ability.PROCESSES;
import static dev.quire.store.bench.peer.Ability.SNAPSHOT;
import static dev.quire.store.bench.peer.Ability.THREADS;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The stores that are measured. A new one is a constant here and a [Peer].
public enum PeerKind {
  QUIRE("quire", "Quire", FILES, DURABLE, ORDERED, SNAPSHOT, THREADS, PROCESSES),
  QUIRE_MEMORY("quire-memory", "Quire in memory", ORDERED, SNAPSHOT, THREADS),
  LMDBJAVA("lmdbjava", "lmdbjava", FILES, DURABLE, ORDERED, SNAPSHOT, THREADS, PROCESSES),
  LMDBJAVA_WRITEMAP(
      "lmdbjava-writemap",
      "lmdbjava, WRITEMAP",
      FILES,
      DURABLE,
      ORDERED,
      SNAPSHOT,
      THREADS,
      PROCESSES),
  LMDB_C("lmdb-c", "LMDB in C", FILES, DURABLE, ORDERED, SNAPSHOT, THREADS, PROCESSES),
  CHRONICLE("chronicle", "Chronicle Map", FILES, THREADS, PROCESSES),
  ROCKSDB("rocksdb", "RocksDB", FILES, DURABLE, ORDERED, SNAPSHOT, THREADS),
  MVSTORE("mvstore", "MVStore", FILES, DURABLE, ORDERED, SNAPSHOT, THREADS),
  MAPDB("mapdb", "MapDB", FILES, DURABLE, ORDERED, THREADS),
  XODUS("xodus", "Xodus", FILES, DURABLE, ORDERED, SNAPSHOT, THREADS),
  SKIPLIST("skiplist", "ConcurrentSkipListMap", ORDERED, THREADS),
  TREEMAP("treemap", "TreeMap", ORDERED),
  CAFFEINE("caffeine", "Caffeine", THREADS);

  private final String name;
  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // Set.copyOf makes sets that cannot be changed.
  private final Set<Ability> abilities;

  PeerKind(String name, String title, Ability first, Ability... more) {
    this.name = name;
    this.title = title;
    this.abilities = Set.copyOf(EnumSet.of(first, more));
  }

  /// Its name on the command line.
  public String commandName() {
    return name;
  }

  /// Its name in a table.
  public String title() {
    return title;
  }

  /// What it can do.
  public Set<Ability> abilities() {
    return abilities;
  }

  /// Whether it keeps its entries in files, so that they outlive it.
  public boolean hasFiles() {
    return abilities.contains(FILES);
  }

  /// Whether it is a program in C, which does whole workloads and cannot be opened here.
  public boolean isNative() {
    return this == LMDB_C;
  }

  /// Whether another peer gets and scans with the same code and the same files, so that this one is
  /// measured where it puts, and by one process.
  public boolean readsAsAnother() {
    return this == LMDBJAVA_WRITEMAP;
  }

  /// What its JVM needs, or should have, on the command line.
  public List<String> jvmFlags() {
    return switch (this) {
      case LMDBJAVA, LMDBJAVA_WRITEMAP -> JvmFlags.LMDBJAVA;
      case CHRONICLE -> JvmFlags.chronicle();
      case ROCKSDB, MAPDB -> JvmFlags.NATIVE;
      case QUIRE, QUIRE_MEMORY, LMDB_C, MVSTORE, XODUS, SKIPLIST, TREEMAP, CAFFEINE -> List.of();
    };
  }

  /// Opens the store, which is made if there is none.
  // A switch, not a function held by each constant: it loads the classes of one peer only, which
  // the figures of a cold start need.
  public Peer open(Place place) {
    return switch (this) {
      case QUIRE -> QuirePeer.onDisk(place);
      case QUIRE_MEMORY -> QuirePeer.inMemory(place);
      case LMDBJAVA -> LmdbPeer.plain(place);
      case LMDBJAVA_WRITEMAP -> LmdbPeer.withWriteMap(place);
      case LMDB_C -> throw new UnsupportedOperationException(title);
      case CHRONICLE -> new ChroniclePeer(place);
      case ROCKSDB -> new RocksDbPeer(place);
      case MVSTORE -> new MvStorePeer(place);
      case MAPDB -> new MapDbPeer(place);
      case XODUS -> new XodusPeer(place);
      case SKIPLIST -> MapPeer.concurrent(place);
      case TREEMAP -> MapPeer.plain(place);
      case CAFFEINE -> MapPeer.cache(place);
    };
  }
}
