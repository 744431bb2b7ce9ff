package dev.quire.store.bench.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/// Caffeine, with an expiry and a limit. A value that it returns is the very object that was put,
/// not a copy.
final class HeapCache implements LocalCache {

  private final Cache<Long, byte[]> cache;

  /// @param limit most entries
  HeapCache(long limit) {
    cache = Caffeine.newBuilder().maximumSize(limit).expireAfterWrite(CacheBenchmark.LIFE).build();
  }

  @Override
  public byte @Nullable [] get(long key) {
    return cache.getIfPresent(key);
  }

  @Override
  public void put(long key, byte[] value) {
    cache.put(key, value);
  }

  @Override
  public byte[] getOrMake(long key) {
    return cache.get(key, CacheBenchmark::value);
  }

  @Override
  public void close() {
    cache.invalidateAll();
  }
}
