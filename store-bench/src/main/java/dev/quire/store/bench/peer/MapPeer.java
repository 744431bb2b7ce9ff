package dev.quire.store.bench.peer;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// A map on the heap, of the JDK or Caffeine: no snapshots, no transactions, no files. A get makes
/// the key object that it asks with; a put makes key and value.
final class MapPeer implements Peer {

  private final Map<Key, byte[]> map;
  private final int valueBytes;

  private MapPeer(Map<Key, byte[]> map, Place place) {
    this.map = map;
    this.valueBytes = place.valueBytes();
  }

  static MapPeer concurrent(Place place) {
    return new MapPeer(new ConcurrentSkipListMap<>(), place);
  }

  static MapPeer plain(Place place) {
    return new MapPeer(new TreeMap<>(), place);
  }

  /// A cache that has a limit, which is never reached.
  static MapPeer cache(Place place) {
    long limit = 2L * place.entries();
    return new MapPeer(
        Caffeine.newBuilder().maximumSize(limit).<Key, byte[]>build().asMap(), place);
  }

  @Override
  public Session session() {
    return new MapSession(map, valueBytes);
  }

  @Override
  public void close() {
    map.clear();
  }

  /// The 16 bytes of a key.
  private record Key(long head, long tail) implements Comparable<Key> {

    static Key of(long head) {
      return new Key(head, Entry.KEY_TAIL);
    }

    @Override
    public int compareTo(Key other) {
      int heads = Long.compareUnsigned(head, other.head);
      return heads != 0 ? heads : Long.compareUnsigned(tail, other.tail);
    }
  }

  private static final class MapSession implements Session {

    private final Map<Key, byte[]> map;
    private final byte[] copy;
    private final ByteBuffer copyBuffer;
    private final int last;

    MapSession(Map<Key, byte[]> map, int valueBytes) {
      this.map = map;
      copy = new byte[valueBytes];
      copyBuffer = ByteBuffer.wrap(copy);
      last = valueBytes - Long.BYTES;
    }

    private byte[] find(long key) {
      byte[] at = map.get(Key.of(key));
      if (at == null) {
        throw new IllegalStateException("no entry of key " + key);
      }
      return at;
    }

    @Override
    public long get(long key) {
      System.arraycopy(find(key), 0, copy, 0, copy.length);
      return Entry.found(copyBuffer.getLong(0), copyBuffer.getLong(last));
    }

    @Override
    public long getInPlace(long key) {
      ByteBuffer at = ByteBuffer.wrap(find(key));
      return Entry.found(at.getLong(0), at.getLong(last));
    }

    @Override
    public long scan() {
      return walk(map, Integer.MAX_VALUE);
    }

    @Override
    public long range(long key, int count) {
      if (map instanceof NavigableMap<Key, byte[]> ordered) {
        return walk(ordered.tailMap(Key.of(key)), count);
      }
      return Session.super.range(key, count);
    }

    private long walk(Map<Key, byte[]> map, int count) {
      long sum = 0;
      int left = count;
      for (Map.Entry<Key, byte[]> entry : map.entrySet()) {
        ByteBuffer at = ByteBuffer.wrap(entry.getValue());
        sum += Entry.scanned(entry.getKey().head, at.getLong(0), at.getLong(last));
        left--;
        if (left == 0) {
          break;
        }
      }
      return sum;
    }

    @Override
    public void load(long[] keys, int from, int to, boolean append) {
      for (int i = from; i < to; i++) {
        put(keys[i], 0);
      }
    }

    @Override
    public void delete(long[] keys, int from, int to) {
      for (int i = from; i < to; i++) {
        map.remove(Key.of(keys[i]));
      }
    }

    @Override
    public void put(long key, long version) {
      byte[] value = new byte[copy.length];
      ByteBuffer.wrap(value).putLong(0, key).putLong(last, version);
      map.put(Key.of(key), value);
    }

    @Override
    public void close() {}
  }
}
