package dev.quire.store.bench.peer;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DirectBufferProxy;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.PutFlags;
import org.lmdbjava.Txn;

/// LMDB through lmdbjava, with Agrona's buffers, which are its fastest.
///
/// The entries lie in the unnamed database: a named one would have to be looked up again by each
/// new transaction. Snapshots are read transactions, reset and renewed; the cursor of ranges is
/// renewed too. Without durability it is opened with `MDB_NOSYNC`.
final class LmdbPeer implements Peer {

  /// The map is fixed in advance and takes no room until it is used.
  private static final long SPARE_MAP_BYTES = 1L << 30;

  private static final int MAP_PAYLOADS = 8;

  private final Env<DirectBuffer> env;
  private final Dbi<DirectBuffer> table;
  private final int valueBytes;

  private LmdbPeer(Place place, Set<EnvFlags> flags) {
    valueBytes = place.valueBytes();
    env =
        Env.create(DirectBufferProxy.PROXY_DB)
            .setMapSize(SPARE_MAP_BYTES + MAP_PAYLOADS * place.payloadBytes())
            .open(place.directory().toFile(), flags.toArray(EnvFlags[]::new));
    table = env.openDbi((byte[]) null);
  }

  /// With the pages of a transaction in memory until they are written.
  static LmdbPeer plain(Place place) {
    return new LmdbPeer(place, place.durable() ? Set.of() : Set.of(EnvFlags.MDB_NOSYNC));
  }

  /// With pages that are changed in the file's mapping, which stray stores of the program reach.
  static LmdbPeer withWriteMap(Place place) {
    Set<EnvFlags> flags = EnumSet.of(EnvFlags.MDB_WRITEMAP);
    if (!place.durable()) {
      flags.add(EnvFlags.MDB_NOSYNC);
    }
    return new LmdbPeer(place, flags);
  }

  @Override
  public Session session() {
    return new LmdbSession(env, table, valueBytes);
  }

  @Override
  public void close() {
    env.sync(true);
    env.close();
  }

  private static final class LmdbSession implements Session {

    private final Env<DirectBuffer> env;
    private final Dbi<DirectBuffer> table;
    private final UnsafeBuffer key = new UnsafeBuffer(ByteBuffer.allocateDirect(Entry.KEY_BYTES));
    private final UnsafeBuffer value;
    private final byte[] copy;
    private final ByteBuffer copyBuffer;
    private final int last;
    private @Nullable Txn<DirectBuffer> reader;
    private @Nullable Cursor<DirectBuffer> ranges;

    LmdbSession(Env<DirectBuffer> env, Dbi<DirectBuffer> table, int valueBytes) {
      this.env = env;
      this.table = table;
      value = new UnsafeBuffer(ByteBuffer.allocateDirect(valueBytes));
      copy = new byte[valueBytes];
      copyBuffer = ByteBuffer.wrap(copy);
      last = valueBytes - Long.BYTES;
      key.putLong(Long.BYTES, Entry.KEY_TAIL, BIG_ENDIAN);
    }

    private Txn<DirectBuffer> begin() {
      Txn<DirectBuffer> txn = reader;
      if (txn == null) {
        txn = env.txnRead();
        reader = txn;
      } else {
        txn.renew();
      }
      return txn;
    }

    private DirectBuffer find(Txn<DirectBuffer> txn, long key) {
      this.key.putLong(0, key, BIG_ENDIAN);
      DirectBuffer at = table.get(txn, this.key);
      if (at == null) {
        throw new IllegalStateException(String.format(Locale.ROOT, "no entry of key %d", key));
      }
      return at;
    }

    @Override
    public long get(long key) {
      Txn<DirectBuffer> txn = begin();
      long found = copy(find(txn, key));
      txn.reset();
      return found;
    }

    private long copy(DirectBuffer at) {
      at.getBytes(0, copy, 0, copy.length);
      return Entry.found(copyBuffer.getLong(0), copyBuffer.getLong(last));
    }

    @Override
    public long getInPlace(long key) {
      Txn<DirectBuffer> txn = begin();
      DirectBuffer at = find(txn, key);
      long found = Entry.found(at.getLong(0, BIG_ENDIAN), at.getLong(last, BIG_ENDIAN));
      txn.reset();
      return found;
    }

    @Override
    public void beginView() {
      begin();
    }

    @Override
    public long getInView(long key) {
      Txn<DirectBuffer> txn = reader;
      if (txn == null) {
        throw new IllegalStateException("no snapshot was taken");
      }
      return copy(find(txn, key));
    }

    @Override
    public void endView() {
      if (reader != null) {
        reader.reset();
      }
    }

    @Override
    public long scan() {
      long sum = 0;
      Txn<DirectBuffer> txn = begin();
      try (Cursor<DirectBuffer> cursor = table.openCursor(txn)) {
        while (cursor.next()) {
          sum += scanned(cursor);
        }
      }
      txn.reset();
      return sum;
    }

    private long scanned(Cursor<DirectBuffer> cursor) {
      DirectBuffer at = cursor.val();
      return Entry.scanned(
          cursor.key().getLong(0, BIG_ENDIAN),
          at.getLong(0, BIG_ENDIAN),
          at.getLong(last, BIG_ENDIAN));
    }

    @Override
    public long range(long key, int count) {
      this.key.putLong(0, key, BIG_ENDIAN);
      Txn<DirectBuffer> txn = begin();
      Cursor<DirectBuffer> cursor = ranges;
      if (cursor == null) {
        cursor = table.openCursor(txn);
        ranges = cursor;
      } else {
        cursor.renew(txn);
      }
      long sum = 0;
      boolean isAt = cursor.get(this.key, GetOp.MDB_SET_RANGE);
      for (int left = count; isAt && left > 0; left--) {
        sum += scanned(cursor);
        isAt = cursor.next();
      }
      txn.reset();
      return sum;
    }

    @Override
    public void load(long[] keys, int from, int to, boolean append) {
      value.putLong(last, 0, BIG_ENDIAN);
      try (Txn<DirectBuffer> txn = env.txnWrite()) {
        for (int i = from; i < to; i++) {
          key.putLong(0, keys[i], BIG_ENDIAN);
          value.putLong(0, keys[i], BIG_ENDIAN);
          if (append) {
            table.put(txn, key, value, PutFlags.MDB_APPEND);
          } else {
            table.put(txn, key, value);
          }
        }
        txn.commit();
      }
    }

    @Override
    public void delete(long[] keys, int from, int to) {
      try (Txn<DirectBuffer> txn = env.txnWrite()) {
        for (int i = from; i < to; i++) {
          key.putLong(0, keys[i], BIG_ENDIAN);
          table.delete(txn, key);
        }
        txn.commit();
      }
    }

    @Override
    public void put(long key, long version) {
      this.key.putLong(0, key, BIG_ENDIAN);
      value.putLong(0, key, BIG_ENDIAN);
      value.putLong(last, version, BIG_ENDIAN);
      try (Txn<DirectBuffer> txn = env.txnWrite()) {
        table.put(txn, this.key, value);
        txn.commit();
      }
    }

    @Override
    public void close() {
      if (ranges != null) {
        ranges.close();
        ranges = null;
      }
      if (reader != null) {
        reader.close();
        reader = null;
      }
    }
  }
}
