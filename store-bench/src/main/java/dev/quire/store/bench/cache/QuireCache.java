package dev.quire.store.bench.cache;

import dev.quire.store.Codecs;
import dev.quire.store.Store;
import dev.quire.store.StoreMap;
import dev.quire.store.TableOptions;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A typed map of Quire, whose table has an expiry.
final class QuireCache implements LocalCache {

  private static final String TABLE = "cache";

  private final Store store;
  private final StoreMap<Long, byte[]> map;

  private QuireCache(Store store) {
    this.store = store;
    store.table(TABLE, TableOptions.defaults().withExpiry(CacheBenchmark.LIFE));
    this.map = store.map(TABLE, Codecs.INT64, Codecs.BYTES);
  }

  static QuireCache onDisk(Path directory) {
    StoreOptions options = StoreOptions.defaults().withDurability(Durability.CHECKPOINT);
    return new QuireCache(Store.open(directory, options));
  }

  static QuireCache inMemory() {
    return new QuireCache(Store.inMemory());
  }

  @Override
  public byte @Nullable [] get(long key) {
    return map.get(key);
  }

  @Override
  public void put(long key, byte[] value) {
    map.put(key, value);
  }

  @Override
  public byte[] getOrMake(long key) {
    try {
      byte[] value = map.getOrCompute(key, CacheBenchmark::value);
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
