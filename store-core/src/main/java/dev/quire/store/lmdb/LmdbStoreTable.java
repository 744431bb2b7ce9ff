package dev.quire.store.lmdb;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Table;
import dev.quire.store.TableStats;
import dev.quire.store.ValueReader;
import dev.quire.store.options.Expiry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A table bound to the store: each read is a snapshot of its own, each write a transaction.
final class LmdbStoreTable implements Table {

  private final LmdbStore store;
  private final String name;

  LmdbStoreTable(LmdbStore store, String name) {
    byte[] _ = LmdbKeys.encodeName(name);
    this.store = store;
    this.name = name;
  }

  private <T extends @Nullable Object> T reading(Function<LmdbTxnTable, T> work) {
    try (LmdbReadTxn txn = store.beginRead()) {
      return work.apply(txn.table(name));
    }
  }

  /// Hands out what needs its snapshot until it is closed.
  private <T extends @Nullable Object> T keeping(Function<LmdbReadTxn, T> work) {
    LmdbReadTxn txn = store.beginRead();
    try {
      T made = work.apply(txn);
      if (made == null) {
        txn.close();
      }
      return made;
    } catch (RuntimeException | Error e) {
      txn.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  // -- reading ------------------------------------------------------------------------------------

  @Override
  public byte @Nullable [] get(byte[] key) {
    return reading(table -> table.get(key));
  }

  @Override
  public <T extends @Nullable Object, X extends Exception> @Nullable T get(
      byte[] key, ValueReader<T, X> reader) throws X {
    try (LmdbReadTxn txn = store.beginRead()) {
      return txn.table(name).get(key, reader);
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key, long offset, int length) {
    return reading(table -> table.get(key, offset, length));
  }

  @Override
  public long getInto(byte[] key, byte[] target) {
    return reading(table -> table.getInto(key, target));
  }

  @Override
  public @Nullable MemorySegment view(byte[] key) {
    throw new IllegalStateException(
        "view of table \""
            + name
            + "\" of the store: only a table of a transaction can keep a view valid");
  }

  @Override
  public long valueLength(byte[] key) {
    return reading(table -> table.valueLength(key));
  }

  @Override
  public long readTo(byte[] key, WritableByteChannel target) throws IOException {
    try (LmdbReadTxn txn = store.beginRead()) {
      return txn.table(name).readTo(key, target);
    }
  }

  @Override
  public @Nullable InputStream stream(byte[] key) {
    return keeping(txn -> txn.table(name).stream(key, txn::close));
  }

  @Override
  public long count() {
    return reading(LmdbTxnTable::count);
  }

  @Override
  public long estimate(KeyRange range) {
    return reading(table -> table.estimate(range));
  }

  @Override
  public @Nullable TableStats stats() {
    return reading(LmdbTxnTable::stats);
  }

  @Override
  public Cursor cursor(KeyRange range) {
    return keeping(txn -> txn.table(name).cursor(range, txn::close));
  }

  // -- writing ------------------------------------------------------------------------------------

  @Override
  public boolean put(byte[] key, byte[] value) {
    return store.write(txn -> txn.table(name).put(key, value));
  }

  @Override
  public boolean put(MemorySegment key, MemorySegment value) {
    return store.write(txn -> txn.table(name).put(key, value));
  }

  @Override
  public boolean put(byte[] key, InputStream source, long length) throws IOException {
    try (LmdbWriteTxn txn = store.beginWrite()) {
      boolean isNew = txn.table(name).put(key, source, length);
      txn.commit();
      return isNew;
    }
  }

  @Override
  public @Nullable Expiry expiry(byte[] key) {
    return reading(table -> table.expiry(key));
  }

  @Override
  public @Nullable Duration timeLeft(byte[] key) {
    return reading(table -> table.timeLeft(key));
  }

  @Override
  public boolean put(byte[] key, byte[] value, Expiry expiry) {
    return store.write(txn -> txn.table(name).put(key, value, expiry));
  }

  @Override
  public boolean putIfAbsent(byte[] key, byte[] value, Expiry expiry) {
    return store.write(txn -> txn.table(name).putIfAbsent(key, value, expiry));
  }

  @Override
  public boolean expire(byte[] key, Expiry expiry) {
    return store.write(txn -> txn.table(name).expire(key, expiry));
  }

  @Override
  public boolean putIfAbsent(byte[] key, byte[] value) {
    return store.write(txn -> txn.table(name).putIfAbsent(key, value));
  }

  @Override
  public boolean replace(byte[] key, byte[] value) {
    return store.write(txn -> txn.table(name).replace(key, value));
  }

  @Override
  public boolean compareAndSet(byte[] key, byte @Nullable [] expected, byte[] value) {
    return store.write(txn -> txn.table(name).compareAndSet(key, expected, value));
  }

  @Override
  public boolean delete(byte[] key, byte[] expected) {
    return store.write(txn -> txn.table(name).delete(key, expected));
  }

  @Override
  public long increment(byte[] key, long delta, long least, long most) {
    return store.write(txn -> txn.table(name).increment(key, delta, least, most));
  }

  @Override
  public byte @Nullable [] getAndPut(byte[] key, byte[] value) {
    return store.write(txn -> txn.table(name).getAndPut(key, value));
  }

  @Override
  public void append(byte[] key, byte[] value) {
    store.write(
        txn -> {
          txn.table(name).append(key, value);
        });
  }

  @Override
  public boolean delete(byte[] key) {
    return store.write(txn -> txn.table(name).delete(key));
  }

  @Override
  public long deleteRange(KeyRange range) {
    return store.write(txn -> txn.table(name).deleteRange(range));
  }

  @Override
  public void clear() {
    store.write(
        txn -> {
          txn.table(name).clear();
        });
  }
}
