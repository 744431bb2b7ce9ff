package dev.quire.store.bench.cache;

import java.nio.file.Path;

/// The caches that are compared.
public enum CacheKind {
  /// On disk, in mode CHECKPOINT: kept over restarts, and shared by processes.
  QUIRE,
  /// In the memory of one process.
  QUIRE_MEMORY,
  /// The same with a bound that is reached.
  QUIRE_BOUNDED,
  /// On the heap of one process.
  CAFFEINE,
  /// The same with a bound that is reached.
  CAFFEINE_BOUNDED,
  /// In a file, shared by processes. Its entries do not expire.
  CHRONICLE;

  /// A new cache.
  ///
  /// @param directory an empty one, for its files
  /// @param entries how many it will hold, or holds at most
  // A switch, not a function of each constant: it loads the classes of one cache only.
  LocalCache open(Path directory, int entries) {
    return switch (this) {
      case QUIRE -> QuireCache.onDisk(directory.resolve("cache"));
      case QUIRE_MEMORY -> QuireCache.inMemory();
      case QUIRE_BOUNDED -> QuireCache.bounded(entries);
      case CAFFEINE -> new HeapCache(2L * entries);
      case CAFFEINE_BOUNDED -> new HeapCache(entries);
      case CHRONICLE -> new ChronicleCache(directory.resolve("cache"), entries);
    };
  }
}
