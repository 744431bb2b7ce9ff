package dev.quire.store.bench.peer;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DirectBufferProxy;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.PutFlags;
import org.lmdbjava.Txn;

/// LMDB through lmdbjava, with Agrona's buffers, which are its fastest.
///
/// The entries lie in the unnamed database: a named one would have to be looked up again by each
/// new transaction. Snapshots are read transactions, reset and renewed. Without durability it is
/// opened with `MDB_NOSYNC`.
final class LmdbPeer implements Peer {

  /// The map is fixed in advance and takes no room until it is used.
  private static final long SPARE_MAP_BYTES = 1L << 30;

  private static final int MAP_BYTES_PER_ENTRY = 8 * Entry.BYTES;

  private final Env<DirectBuffer> env;
  private final Dbi<DirectBuffer> table;

  LmdbPeer(Place place) {
    Env.Builder<DirectBuffer> builder =
        Env.create(DirectBufferProxy.PROXY_DB)
            .setMapSize(SPARE_MAP_BYTES + (long) place.entries() * MAP_BYTES_PER_ENTRY);
    env =
        place.durable()
            ? builder.open(place.directory().toFile())
            : builder.open(place.directory().toFile(), EnvFlags.MDB_NOSYNC);
    table = env.openDbi((byte[]) null);
  }

  @Override
  public Session session() {
    return new LmdbSession(env, table);
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
    private final UnsafeBuffer value =
        new UnsafeBuffer(ByteBuffer.allocateDirect(Entry.VALUE_BYTES));
    private final byte[] copy = new byte[Entry.VALUE_BYTES];
    private final ByteBuffer copyBuffer = ByteBuffer.wrap(copy);
    private @Nullable Txn<DirectBuffer> reader;

    LmdbSession(Env<DirectBuffer> env, Dbi<DirectBuffer> table) {
      this.env = env;
      this.table = table;
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
      at.getBytes(0, copy, 0, Entry.VALUE_BYTES);
      return Entry.found(copyBuffer.getLong(0), copyBuffer.getLong(Entry.LAST));
    }

    @Override
    public long getInPlace(long key) {
      Txn<DirectBuffer> txn = begin();
      DirectBuffer at = find(txn, key);
      long found = Entry.found(at.getLong(0, BIG_ENDIAN), at.getLong(Entry.LAST, BIG_ENDIAN));
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
          DirectBuffer at = cursor.val();
          sum +=
              Entry.scanned(
                  cursor.key().getLong(0, BIG_ENDIAN),
                  at.getLong(0, BIG_ENDIAN),
                  at.getLong(Entry.LAST, BIG_ENDIAN));
        }
      }
      txn.reset();
      return sum;
    }

    @Override
    public void load(long[] keys, int from, int to, boolean append) {
      value.putLong(Entry.LAST, 0, BIG_ENDIAN);
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
    public void put(long key, long version) {
      this.key.putLong(0, key, BIG_ENDIAN);
      value.putLong(0, key, BIG_ENDIAN);
      value.putLong(Entry.LAST, version, BIG_ENDIAN);
      try (Txn<DirectBuffer> txn = env.txnWrite()) {
        table.put(txn, this.key, value);
        txn.commit();
      }
    }

    @Override
    public void close() {
      if (reader != null) {
        reader.close();
        reader = null;
      }
    }
  }
}
