package dev.quire.store.bench.cache;

import dev.quire.store.Codecs;
import dev.quire.store.Store;
import dev.quire.store.cache.Cache;
import org.jspecify.annotations.Nullable;

/// A cache of Quire in the memory of one process, with a bound and an expiry.
final class BoundedCache implements LocalCache {

  private final Store store = Store.inMemory();
  private final Cache<Long, byte[]> cache;

  BoundedCache(int entries) {
    cache =
        Cache.builder(Codecs.INT64, Codecs.BYTES)
            .maximumSize(entries)
            .expireAfterWrite(CacheBenchmark.LIFE)
            .open(store, "cache");
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
    try {
      byte[] value = cache.get(key, CacheBenchmark::value);
      if (value == null) {
        throw new IllegalStateException("no value of key " + key);
      }
      return value;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
