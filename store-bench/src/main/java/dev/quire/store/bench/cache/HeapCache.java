package dev.quire.store.bench.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/// Caffeine, with an expiry and a limit that is not reached. A value that it returns is the very
/// object that was put, not a copy.
final class HeapCache implements LocalCache {

  private final Cache<Long, byte[]> cache;

  HeapCache(int entries) {
    cache =
        Caffeine.newBuilder()
            .maximumSize(2L * entries)
            .expireAfterWrite(CacheBenchmark.LIFE)
            .build();
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
