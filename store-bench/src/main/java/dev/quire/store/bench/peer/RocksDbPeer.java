package dev.quire.store.bench.peer;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// RocksDB through its own binding, keys and values in direct buffers: Bloom filters, a block cache
/// that holds everything, no compression. A write is in the log; a durable one syncs the log.
final class RocksDbPeer implements Peer {

  private static final long LEAST_CACHE_BYTES = 256L << 20;
  private static final int FILTER_BITS = 10;

  /// What is closed in the end, the last one first.
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();

  private final RocksDB db;
  private final WriteOptions writing;
  private final int valueBytes;

  RocksDbPeer(Place place) {
    RocksDB.loadLibrary();
    valueBytes = place.valueBytes();
    LRUCache cache = own(new LRUCache(Math.max(LEAST_CACHE_BYTES, 2 * place.payloadBytes())));
    BlockBasedTableConfig tables =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setFilterPolicy(own(new BloomFilter(FILTER_BITS)));
    Options options =
        own(new Options())
            .setCreateIfMissing(true)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setTableFormatConfig(tables);
    writing = own(new WriteOptions()).setSync(place.durable());
    db = own(open(options, place.directory()));
  }

  private static RocksDB open(Options options, Path directory) {
    try {
      return RocksDB.open(options, directory.toString());
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  private <T extends AutoCloseable> T own(T resource) {
    owned.push(resource);
    return resource;
  }

  @Override
  public Session session() {
    return new RocksDbSession(db, writing, valueBytes);
  }

  @Override
  public void close() {
    try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
      db.flush(flush);
      db.syncWal();
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class RocksDbSession implements Session {

    private final RocksDB db;
    private final WriteOptions writing;
    private final ReadOptions latest = new ReadOptions();
    private final WriteBatch batch = new WriteBatch();
    private final ByteBuffer key = ByteBuffer.allocateDirect(Entry.KEY_BYTES);
    private final ByteBuffer value;
    private final ByteBuffer found;
    private final byte[] copy;
    private final ByteBuffer copyBuffer;
    private final int last;
    private @Nullable ReadOptions view;
    private @Nullable Snapshot snapshot;

    RocksDbSession(RocksDB db, WriteOptions writing, int valueBytes) {
      this.db = db;
      this.writing = writing;
      value = ByteBuffer.allocateDirect(valueBytes);
      found = ByteBuffer.allocateDirect(valueBytes);
      copy = new byte[valueBytes];
      copyBuffer = ByteBuffer.wrap(copy);
      last = valueBytes - Long.BYTES;
    }

    /// The key, to be read from its start.
    private ByteBuffer keyOf(long key) {
      return this.key.clear().putLong(key).putLong(Entry.KEY_TAIL).flip();
    }

    private ByteBuffer valueOf(long key, long version) {
      return value.clear().putLong(0, key).putLong(last, version);
    }

    /// Gets the value into [#found].
    private void find(ReadOptions by, long key) {
      try {
        if (db.get(by, keyOf(key), found.clear()) != found.capacity()) {
          throw new IllegalStateException("no entry of key " + key);
        }
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public long get(long key) {
      return get(latest, key);
    }

    private long get(ReadOptions by, long key) {
      find(by, key);
      found.get(0, copy);
      return Entry.found(copyBuffer.getLong(0), copyBuffer.getLong(last));
    }

    @Override
    public long getInPlace(long key) {
      find(latest, key);
      return Entry.found(found.getLong(0), found.getLong(last));
    }

    @Override
    public void beginView() {
      snapshot = db.getSnapshot();
      view = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public long getInView(long key) {
      if (view == null) {
        throw new IllegalStateException("no snapshot was taken");
      }
      return get(view, key);
    }

    @Override
    public void endView() {
      if (view != null && snapshot != null) {
        view.close();
        view = null;
        db.releaseSnapshot(snapshot);
        snapshot = null;
      }
    }

    @Override
    public long scan() {
      try (RocksIterator each = db.newIterator(latest)) {
        each.seekToFirst();
        return walk(each, Integer.MAX_VALUE);
      }
    }

    @Override
    public long range(long key, int count) {
      try (RocksIterator each = db.newIterator(latest)) {
        each.seek(keyOf(key));
        return walk(each, count);
      }
    }

    private long walk(RocksIterator each, int count) {
      long sum = 0;
      for (int i = 0; i < count && each.isValid(); i++) {
        each.key(key.clear());
        each.value(found.clear());
        sum += Entry.scanned(key.getLong(0), found.getLong(0), found.getLong(last));
        each.next();
      }
      return sum;
    }

    @Override
    public void load(long[] keys, int from, int to, boolean append) {
      try {
        for (int i = from; i < to; i++) {
          batch.put(keyOf(keys[i]), valueOf(keys[i], 0));
        }
        writeBatch();
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void delete(long[] keys, int from, int to) {
      try {
        for (int i = from; i < to; i++) {
          batch.delete(keyOf(keys[i]));
        }
        writeBatch();
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    private void writeBatch() throws RocksDBException {
      db.write(writing, batch);
      batch.clear();
    }

    @Override
    public void put(long key, long version) {
      try {
        db.put(writing, keyOf(key), valueOf(key, version));
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      endView();
      batch.close();
      latest.close();
    }
  }
}
