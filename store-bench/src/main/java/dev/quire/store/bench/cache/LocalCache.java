package dev.quire.store.bench.cache;

import org.jspecify.annotations.Nullable;

/// A cache under test: numbers to arrays of bytes, which expire an hour after they were put where
/// the cache can do that. Used by one thread.
interface LocalCache extends AutoCloseable {

  byte @Nullable [] get(long key);

  void put(long key, byte[] value);

  /// The value of a key; if there is none it is made, by one thread.
  byte[] getOrMake(long key);

  @Override
  void close();
}
