package dev.quire.store.bench.peer;

import dev.quire.store.Cursor;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.ValueReader;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Quire: on disk with its default options but for the durability, SYNC or CHECKPOINT, or in
/// memory. One named table.
final class QuirePeer implements Peer {

  private static final String TABLE = "table";
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Store store;
  private final int valueBytes;

  private QuirePeer(Store store, Place place) {
    this.store = store;
    this.valueBytes = place.valueBytes();
  }

  static QuirePeer onDisk(Place place) {
    Durability durability = place.durable() ? Durability.SYNC : Durability.CHECKPOINT;
    StoreOptions options = StoreOptions.defaults().withDurability(durability);
    return new QuirePeer(Store.open(place.directory(), options), place);
  }

  static QuirePeer inMemory(Place place) {
    return new QuirePeer(Store.inMemory(), place);
  }

  @Override
  public Session session() {
    return new QuireSession(store, valueBytes);
  }

  @Override
  public void close() {
    store.close();
  }

  /// The session is its own reader of values, so that a get in place makes no object.
  private static final class QuireSession
      implements Session, ValueReader<QuireSession, RuntimeException> {

    private final Store store;
    private final Table table;
    private final byte[] key = new byte[Entry.KEY_BYTES];
    private final byte[] value;
    private final ByteBuffer keyBuffer = ByteBuffer.wrap(key);
    private final ByteBuffer valueBuffer;
    private final int last;
    private long found;
    private @Nullable ReadTxn view;
    private @Nullable Table tableInView;

    QuireSession(Store store, int valueBytes) {
      this.store = store;
      value = new byte[valueBytes];
      valueBuffer = ByteBuffer.wrap(value);
      last = valueBytes - Long.BYTES;
      this.table = store.table(TABLE);
      keyBuffer.putLong(Long.BYTES, Entry.KEY_TAIL);
    }

    @Override
    public long get(long key) {
      return get(table, key);
    }

    private long get(Table from, long key) {
      keyBuffer.putLong(0, key);
      if (from.getInto(this.key, value) != value.length) {
        throw new IllegalStateException("no entry of key " + key);
      }
      return Entry.found(valueBuffer.getLong(0), valueBuffer.getLong(last));
    }

    @Override
    public long getInPlace(long key) {
      keyBuffer.putLong(0, key);
      if (table.get(this.key, this) == null) {
        throw new IllegalStateException("no entry of key " + key);
      }
      return found;
    }

    @Override
    public QuireSession read(MemorySegment value) {
      found = Entry.found(value.get(LONG, 0), value.get(LONG, last));
      return this;
    }

    @Override
    public void beginView() {
      view = store.beginRead();
      tableInView = view.table(TABLE);
    }

    @Override
    public long getInView(long key) {
      Table from = tableInView;
      if (from == null) {
        throw new IllegalStateException("no snapshot was taken");
      }
      return get(from, key);
    }

    @Override
    public void endView() {
      tableInView = null;
      if (view != null) {
        view.close();
        view = null;
      }
    }

    @Override
    public long scan() {
      long sum = 0;
      try (ReadTxn txn = store.beginRead();
          Cursor cursor = txn.table(TABLE).cursor()) {
        while (cursor.next()) {
          sum += scanned(cursor);
        }
      }
      return sum;
    }

    private long scanned(Cursor cursor) {
      cursor.keyInto(key);
      MemorySegment at = cursor.value();
      return Entry.scanned(keyBuffer.getLong(0), at.get(LONG, 0), at.get(LONG, last));
    }

    @Override
    public long range(long key, int count) {
      keyBuffer.putLong(0, key);
      long sum = 0;
      try (Cursor cursor = table.cursor()) {
        boolean isAt = cursor.seekAtLeast(this.key);
        for (int left = count; isAt && left > 0; left--) {
          sum += scanned(cursor);
          isAt = cursor.next();
        }
      }
      return sum;
    }

    @Override
    public void load(long[] keys, int from, int to, boolean append) {
      valueBuffer.putLong(last, 0);
      try (WriteTxn txn = store.beginWrite()) {
        Table target = txn.table(TABLE);
        for (int i = from; i < to; i++) {
          keyBuffer.putLong(0, keys[i]);
          valueBuffer.putLong(0, keys[i]);
          if (append) {
            target.append(key, value);
          } else {
            target.put(key, value);
          }
        }
        txn.commit();
      }
    }

    @Override
    public void delete(long[] keys, int from, int to) {
      try (WriteTxn txn = store.beginWrite()) {
        Table target = txn.table(TABLE);
        for (int i = from; i < to; i++) {
          keyBuffer.putLong(0, keys[i]);
          target.delete(key);
        }
        txn.commit();
      }
    }

    @Override
    public void put(long key, long version) {
      keyBuffer.putLong(0, key);
      valueBuffer.putLong(0, key).putLong(last, version);
      table.put(this.key, value);
    }

    @Override
    public void close() {
      endView();
    }
  }
}
