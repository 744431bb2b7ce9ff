package dev.quire.store.lmdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lmdbjava.Env;

/// The map of the file: its size, and the lifetime of the views of it.
final class LmdbMap {

  private static final long MAX_BYTES = 1L << 46;

  private final Env<MemorySegment> env;
  private volatile Arena lifetime = Arena.ofShared();
  private volatile long bytes;
  private volatile boolean full;

  LmdbMap(Env<MemorySegment> env, long bytes) {
    this.env = env;
    this.bytes = bytes;
  }

  /// How long a view of the mapped file lives.
  Arena lifetime() {
    return lifetime;
  }

  long bytes() {
    return bytes;
  }

  /// Notes that a transaction found no room.
  void noteFull() {
    full = true;
  }

  boolean isFull() {
    return full;
  }

  /// Whether little room is left.
  boolean isTight() {
    return env.info().lastPageNumber * env.stat().pageSize > bytes / 4 * 3;
  }

  /// Maps the file anew; no transaction of this process is open.
  ///
  /// @param newBytes size of the map, or 0 for what another process has made it
  void resize(long newBytes) {
    lifetime.close();
    try {
      env.setMapSize(Math.min(newBytes, MAX_BYTES));
    } finally {
      lifetime = Arena.ofShared();
    }
    bytes = env.info().mapSize;
    full = false;
  }

  /// Ends all views.
  void close() {
    lifetime.close();
  }
}
