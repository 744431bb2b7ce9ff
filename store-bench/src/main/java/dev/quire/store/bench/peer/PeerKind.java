package dev.quire.store.bench.peer;

import java.util.List;

/// The stores that are measured. A new one is a constant here and a [Peer].
public enum PeerKind {
  QUIRE("quire", "Quire", true),
  QUIRE_MEMORY("quire-memory", "Quire in memory", false),
  LMDBJAVA("lmdbjava", "lmdbjava", true),
  SKIPLIST("skiplist", "ConcurrentSkipListMap", false),
  TREEMAP("treemap", "TreeMap", false);

  private final String name;
  private final String title;
  private final boolean hasFiles;

  PeerKind(String name, String title, boolean hasFiles) {
    this.name = name;
    this.title = title;
    this.hasFiles = hasFiles;
  }

  /// Its name on the command line.
  public String commandName() {
    return name;
  }

  /// Its name in a table.
  public String title() {
    return title;
  }

  /// Whether it keeps its entries in files, so that they outlive it.
  public boolean hasFiles() {
    return hasFiles;
  }

  /// What its JVM needs, or should have, on the command line.
  public List<String> jvmFlags() {
    return switch (this) {
      case LMDBJAVA ->
          List.of(
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow",
              "-Dlmdbjava.disable.checks=true",
              "-Dagrona.disable.bounds.checks=true");
      case QUIRE, QUIRE_MEMORY, SKIPLIST, TREEMAP -> List.of();
    };
  }

  /// Opens the store, which is made if there is none.
  // A switch, not a function held by each constant: it loads the classes of one peer only, which
  // the figures of a cold start need.
  public Peer open(Place place) {
    return switch (this) {
      case QUIRE -> QuirePeer.onDisk(place);
      case QUIRE_MEMORY -> QuirePeer.inMemory();
      case LMDBJAVA -> new LmdbPeer(place);
      case SKIPLIST -> MapPeer.concurrent();
      case TREEMAP -> MapPeer.plain();
    };
  }
}
