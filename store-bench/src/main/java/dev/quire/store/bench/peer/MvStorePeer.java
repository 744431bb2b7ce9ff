package dev.quire.store.bench.peer;

import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.jspecify.annotations.Nullable;

/// MVStore, the store below the database H2, with a page cache that holds everything.
///
/// It commits in the background, at least once a second: a commit for each transaction of a load
/// would write most pages of the tree each time. A durable put commits and syncs.
final class MvStorePeer implements Peer {

  private static final int LEAST_CACHE_MEGABYTES = 1024;
  private static final int PAYLOADS_CACHED = 4;
  private static final long MEGABYTE = 1 << 20;

  private final MVStore store;
  private final MVMap<byte[], byte[]> map;
  private final Place place;

  MvStorePeer(Place place) {
    this.place = place;
    long wanted = PAYLOADS_CACHED * place.payloadBytes() / MEGABYTE;
    store =
        new MVStore.Builder()
            .fileName(place.directory().resolve("store.mv").toString())
            .cacheSize((int) Math.max(LEAST_CACHE_MEGABYTES, wanted))
            .open();
    map =
        store.openMap(
            "table",
            new MVMap.Builder<byte[], byte[]>()
                .keyType(ByteArrayDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE));
  }

  @Override
  public Session session() {
    return new MvStoreSession(store, map, place);
  }

  @Override
  public void close() {
    store.commit();
    store.sync();
    store.close();
  }

  private static final class MvStoreSession extends ArraySession {

    private final MVStore store;
    private final MVMap<byte[], byte[]> map;
    private final boolean durable;
    private @Nullable MVMap<byte[], byte[]> view;

    MvStoreSession(MVStore store, MVMap<byte[], byte[]> map, Place place) {
      super(place.valueBytes());
      this.store = store;
      this.map = map;
      this.durable = place.durable();
    }

    @Override
    byte @Nullable [] find(byte[] key, byte[] room) {
      return map.get(key);
    }

    @Override
    public void beginView() {
      view = map.openVersion(map.getVersion());
    }

    @Override
    public long getInView(long key) {
      MVMap<byte[], byte[]> from = view;
      byte[] at = from == null ? null : from.get(keyOf(key));
      if (at == null) {
        throw new IllegalStateException("no snapshot, or no entry of key " + key);
      }
      return copied(at);
    }

    @Override
    public void endView() {
      view = null;
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
    void commitPut() {
      if (durable) {
        store.commit();
        store.sync();
      }
    }

    @Override
    public long scan() {
      return walk(map.cursor(null), Integer.MAX_VALUE);
    }

    @Override
    public long range(long key, int count) {
      return walk(map.cursor(keyOf(key)), count);
    }

    private static long walk(Cursor<byte[], byte[]> cursor, int count) {
      long sum = 0;
      for (int i = 0; i < count && cursor.hasNext(); i++) {
        byte[] key = cursor.next();
        sum += scanned(key, cursor.getValue());
      }
      return sum;
    }

    @Override
    public void close() {}
  }
}
