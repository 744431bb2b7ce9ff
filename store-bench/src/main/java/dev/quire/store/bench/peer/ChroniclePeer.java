package dev.quire.store.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;

/// Chronicle Map in a file: a hash table, so without an order; without snapshots and transactions,
/// and never durable by its own doing. It is told the number of entries and the lengths of keys and
/// values in advance, and a value is got into an array that is used again.
final class ChroniclePeer implements Peer {

  /// How much more than it was made for it may hold, since segments are not filled evenly.
  private static final double BLOAT = 5;

  private final ChronicleMap<byte[], byte[]> map;
  private final int valueBytes;
  private final Path file;

  ChroniclePeer(Place place) {
    valueBytes = place.valueBytes();
    file = place.directory().resolve("map");
    try {
      map =
          ChronicleMapBuilder.of(byte[].class, byte[].class)
              .name("bench")
              .entries(place.entries())
              .maxBloatFactor(BLOAT)
              .constantKeySizeBySample(new byte[Entry.KEY_BYTES])
              .constantValueSizeBySample(new byte[valueBytes])
              .createPersistedTo(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Session session() {
    return new ChronicleSession(map, valueBytes);
  }

  @Override
  public void close() {
    map.close();
    Medium.force(file);
  }

  private static final class ChronicleSession extends ArraySession {

    private final ChronicleMap<byte[], byte[]> map;

    ChronicleSession(ChronicleMap<byte[], byte[]> map, int valueBytes) {
      super(valueBytes);
      this.map = map;
    }

    @Override
    byte @Nullable [] find(byte[] key, byte[] room) {
      return map.getUsing(key, room);
    }

    @Override
    void put(byte[] key, byte[] value) {
      map.put(key, value);
    }

    @Override
    void remove(byte[] key) {
      map.remove(key);
    }

    @Override
    void commit() {}

    @Override
    void commitPut() {}

    @Override
    public long scan() {
      long sum = 0;
      for (Map.Entry<byte[], byte[]> entry : map.entrySet()) {
        sum += scanned(entry.getKey(), entry.getValue());
      }
      return sum;
    }

    @Override
    public void close() {}
  }
}
