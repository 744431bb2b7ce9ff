package dev.quire.store.bench.peer;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// An ordered map of the JDK, on the heap: no snapshots, no transactions, no files. A get makes the
/// key object that it asks with; a put makes key and value.
final class MapPeer implements Peer {

  private final NavigableMap<Key, byte[]> map;

  private MapPeer(NavigableMap<Key, byte[]> map) {
    this.map = map;
  }

  static MapPeer concurrent() {
    return new MapPeer(new ConcurrentSkipListMap<>());
  }

  static MapPeer plain() {
    return new MapPeer(new TreeMap<>());
  }

  @Override
  public Session session() {
    return new MapSession(map);
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

    private final NavigableMap<Key, byte[]> map;
    private final byte[] copy = new byte[Entry.VALUE_BYTES];
    private final ByteBuffer copyBuffer = ByteBuffer.wrap(copy);

    MapSession(NavigableMap<Key, byte[]> map) {
      this.map = map;
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
      System.arraycopy(find(key), 0, copy, 0, Entry.VALUE_BYTES);
      return Entry.found(copyBuffer.getLong(0), copyBuffer.getLong(Entry.LAST));
    }

    @Override
    public long getInPlace(long key) {
      ByteBuffer at = ByteBuffer.wrap(find(key));
      return Entry.found(at.getLong(0), at.getLong(Entry.LAST));
    }

    @Override
    public void beginView() {}

    @Override
    public long getInView(long key) {
      return get(key);
    }

    @Override
    public void endView() {}

    @Override
    public long scan() {
      long sum = 0;
      for (Map.Entry<Key, byte[]> entry : map.entrySet()) {
        ByteBuffer at = ByteBuffer.wrap(entry.getValue());
        sum += Entry.scanned(entry.getKey().head, at.getLong(0), at.getLong(Entry.LAST));
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
    public void put(long key, long version) {
      byte[] value = new byte[Entry.VALUE_BYTES];
      ByteBuffer.wrap(value).putLong(0, key).putLong(Entry.LAST, version);
      map.put(Key.of(key), value);
    }

    @Override
    public void close() {}
  }
}
