package dev.quire.store.bench.peer;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/// MapDB: its tree over a mapped file. Without durability it keeps no log, so that a process that
/// dies leaves a file that cannot be opened; with it, it has a log, and each put ends in a commit.
final class MapDbPeer implements Peer {

  /// Longer values are better kept outside of the tree's nodes.
  private static final int LONG_VALUE_BYTES = 1000;

  private final DB db;
  private final BTreeMap<byte[], byte[]> map;
  private final Place place;
  private final Path file;

  MapDbPeer(Place place) {
    this.place = place;
    file = place.directory().resolve("map");
    DBMaker.Maker maker = DBMaker.fileDB(file.toFile()).fileMmapEnable().fileMmapPreclearDisable();
    db = (place.durable() ? maker.transactionEnable() : maker).make();
    DB.TreeMapMaker<byte[], byte[]> tree =
        db.treeMap("table", Serializer.BYTE_ARRAY, Serializer.BYTE_ARRAY);
    map =
        (place.valueBytes() > LONG_VALUE_BYTES ? tree.valuesOutsideNodesEnable() : tree)
            .createOrOpen();
  }

  @Override
  public Session session() {
    return new MapDbSession(db, map, place);
  }

  @Override
  public void close() {
    db.commit();
    db.close();
    Medium.force(file);
  }

  private static final class MapDbSession extends ArraySession {

    private final DB db;
    private final BTreeMap<byte[], byte[]> map;
    private final boolean durable;

    MapDbSession(DB db, BTreeMap<byte[], byte[]> map, Place place) {
      super(place.valueBytes());
      this.db = db;
      this.map = map;
      this.durable = place.durable();
    }

    @Override
    byte @Nullable [] find(byte[] key, byte[] room) {
      return map.get(key);
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
    void commit() {
      commitPut();
    }

    @Override
    void commitPut() {
      if (durable) {
        db.commit();
      }
    }

    @Override
    public long scan() {
      return walk(map.entryIterator(), Integer.MAX_VALUE);
    }

    @Override
    public long range(long key, int count) {
      return walk(map.entryIterator(keyOf(key).clone(), true, null, false), count);
    }

    private static long walk(Iterator<Map.Entry<byte[], byte[]>> entries, int count) {
      long sum = 0;
      for (int i = 0; i < count && entries.hasNext(); i++) {
        Map.Entry<byte[], byte[]> entry = entries.next();
        sum += scanned(entry.getKey(), entry.getValue());
      }
      return sum;
    }

    @Override
    public void close() {}
  }
}
