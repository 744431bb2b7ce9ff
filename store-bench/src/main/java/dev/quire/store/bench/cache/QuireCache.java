package dev.quire.store.bench.cache;

import dev.quire.store.Codecs;
import dev.quire.store.Store;
import dev.quire.store.cache.Cache;
import dev.quire.store.cache.CacheBuilder;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A cache of Quire, with an expiry.
final class QuireCache implements LocalCache {

  private static final String TABLE = "cache";

  private final Store store;
  private final Cache<Long, byte[]> cache;

  private QuireCache(Store store, CacheBuilder<Long, byte[]> builder) {
    this.store = store;
    this.cache = builder.open(store, TABLE);
  }

  private static CacheBuilder<Long, byte[]> builder() {
    return Cache.builder(Codecs.INT64, Codecs.BYTES).expireAfterWrite(CacheBenchmark.LIFE);
  }

  static QuireCache onDisk(Path directory) {
    StoreOptions options = StoreOptions.defaults().withDurability(Durability.CHECKPOINT);
    return new QuireCache(Store.open(directory, options), builder());
  }

  static QuireCache inMemory() {
    return new QuireCache(Store.inMemory(), builder());
  }

  /// In memory, with a bound.
  static QuireCache bounded(int entries) {
    return new QuireCache(Store.inMemory(), builder().maximumSize(entries));
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
