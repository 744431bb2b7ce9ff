package dev.quire.store.bench.peer;

import java.nio.ByteBuffer;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.EnvironmentImpl;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;

/// Xodus: a log of trees, with its own collector of garbage on. A get is a read transaction.
final class XodusPeer implements Peer {

  private final Environment env;
  private final jetbrains.exodus.env.Store store;
  private final int valueBytes;

  XodusPeer(Place place) {
    valueBytes = place.valueBytes();
    EnvironmentConfig config = new EnvironmentConfig().setLogDurableWrite(place.durable());
    env = Environments.newInstance(place.directory().toFile(), config);
    store =
        env.computeInTransaction(
            txn -> env.openStore("table", StoreConfig.WITHOUT_DUPLICATES, txn));
  }

  @Override
  public Session session() {
    return new XodusSession(env, store, valueBytes);
  }

  @Override
  public void close() {
    ((EnvironmentImpl) env).flushAndSync();
    env.close();
  }

  private static final class XodusSession implements Session {

    private final Environment env;
    private final jetbrains.exodus.env.Store store;
    private final byte[] copy;
    private @Nullable Transaction view;

    XodusSession(Environment env, jetbrains.exodus.env.Store store, int valueBytes) {
      this.env = env;
      this.store = store;
      this.copy = new byte[valueBytes];
    }

    private static ByteIterable keyOf(long key) {
      byte[] bytes = new byte[Entry.KEY_BYTES];
      ByteBuffer.wrap(bytes).putLong(0, key).putLong(Long.BYTES, Entry.KEY_TAIL);
      return new ArrayByteIterable(bytes);
    }

    private ByteIterable valueOf(long key, long version) {
      byte[] bytes = new byte[copy.length];
      ByteBuffer.wrap(bytes).putLong(0, key).putLong(bytes.length - Long.BYTES, version);
      return new ArrayByteIterable(bytes);
    }

    private byte[] find(Transaction txn, long key) {
      ByteIterable at = store.get(txn, keyOf(key));
      if (at == null) {
        throw new IllegalStateException("no entry of key " + key);
      }
      return at.getBytesUnsafe();
    }

    private long found(byte[] value) {
      ByteBuffer at = ByteBuffer.wrap(value);
      return Entry.found(at.getLong(0), at.getLong(copy.length - Long.BYTES));
    }

    @Override
    public long get(long key) {
      Transaction txn = env.beginReadonlyTransaction();
      try {
        System.arraycopy(find(txn, key), 0, copy, 0, copy.length);
      } finally {
        txn.abort();
      }
      return found(copy);
    }

    @Override
    public long getInPlace(long key) {
      Transaction txn = env.beginReadonlyTransaction();
      try {
        return found(find(txn, key));
      } finally {
        txn.abort();
      }
    }

    @Override
    public void beginView() {
      view = env.beginReadonlyTransaction();
    }

    @Override
    public long getInView(long key) {
      if (view == null) {
        throw new IllegalStateException("no snapshot was taken");
      }
      System.arraycopy(find(view, key), 0, copy, 0, copy.length);
      return found(copy);
    }

    @Override
    public void endView() {
      if (view != null) {
        view.abort();
        view = null;
      }
    }

    @Override
    public long scan() {
      return env.computeInReadonlyTransaction(
          txn -> {
            try (Cursor cursor = store.openCursor(txn)) {
              return cursor.getNext() ? walk(cursor, Integer.MAX_VALUE) : 0;
            }
          });
    }

    @Override
    public long range(long key, int count) {
      return env.computeInReadonlyTransaction(
          txn -> {
            try (Cursor cursor = store.openCursor(txn)) {
              return cursor.getSearchKeyRange(keyOf(key)) != null ? walk(cursor, count) : 0;
            }
          });
    }

    /// From the entry that the cursor stands at.
    private long walk(Cursor cursor, int count) {
      long sum = 0;
      int left = count;
      do {
        ByteBuffer at = ByteBuffer.wrap(cursor.getValue().getBytesUnsafe());
        sum +=
            Entry.scanned(
                ByteBuffer.wrap(cursor.getKey().getBytesUnsafe()).getLong(0),
                at.getLong(0),
                at.getLong(copy.length - Long.BYTES));
        left--;
      } while (left > 0 && cursor.getNext());
      return sum;
    }

    @Override
    public void load(long[] keys, int from, int to, boolean append) {
      env.executeInTransaction(
          txn -> {
            for (int i = from; i < to; i++) {
              if (append) {
                store.putRight(txn, keyOf(keys[i]), valueOf(keys[i], 0));
              } else {
                store.put(txn, keyOf(keys[i]), valueOf(keys[i], 0));
              }
            }
          });
    }

    @Override
    public void delete(long[] keys, int from, int to) {
      env.executeInTransaction(
          txn -> {
            for (int i = from; i < to; i++) {
              store.delete(txn, keyOf(keys[i]));
            }
          });
    }

    @Override
    public void put(long key, long version) {
      env.executeInTransaction(txn -> store.put(txn, keyOf(key), valueOf(key, version)));
    }

    @Override
    public void close() {
      endView();
    }
  }
}
