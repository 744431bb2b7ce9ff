package dev.quire.store.bench.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;

/// Chronicle Map in a file.
final class ChronicleCache implements LocalCache {

  private final ChronicleMap<Long, byte[]> map;

  ChronicleCache(Path file, int entries) {
    try {
      map =
          ChronicleMapBuilder.of(Long.class, byte[].class)
              .name("bench")
              .entries(2L * entries)
              .constantValueSizeBySample(CacheBenchmark.value(0))
              .createPersistedTo(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    return map.computeIfAbsent(key, CacheBenchmark::value);
  }

  @Override
  public void close() {
    map.close();
  }
}
