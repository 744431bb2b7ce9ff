package dev.quire.store.lmdb;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Keys;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.TableStats;
import dev.quire.store.ValueReader;
import dev.quire.store.lmdb.LmdbCatalogue.Handle;
import dev.quire.store.options.Expiry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.PutFlags;
import org.lmdbjava.Stat;

/// A table bound to a transaction: a named database.
final class LmdbTxnTable implements Table {

  /// Most entries that an estimate counts one by one.
  private static final int COUNTED_ENTRIES = 4096;

  private final LmdbTxn txn;
  private final String name;

  LmdbTxnTable(LmdbTxn txn, String name) {
    byte[] _ = LmdbKeys.encodeName(name);
    this.txn = txn;
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  /// The database, or null if there is none.
  @Nullable Handle handle() {
    return txn.find(name);
  }

  /// Where the value lies, or null. Under the lock.
  private @Nullable MemorySegment find(byte[] key) {
    LmdbKeys.requireKey(key.length);
    Handle handle = handle();
    if (handle == null) {
      return null;
    }
    if (handle.integerKeys()) {
      LmdbKeys.requireInteger(key);
    }
    if (!LmdbKeys.canHold(key.length)) {
      return null;
    }
    return handle.dbi().get(txn.current(), txn.key(key));
  }

  // -- reading ------------------------------------------------------------------------------------

  @Override
  public byte @Nullable [] get(byte[] key) {
    return txn.call(
        () -> {
          MemorySegment value = find(key);
          return value == null ? null : SegmentProxy.bytes(value);
        });
  }

  @Override
  public <T extends @Nullable Object, X extends Exception> @Nullable T get(
      byte[] key, ValueReader<T, X> reader) throws X {
    MemorySegment value = view(key);
    return value == null ? null : reader.read(value);
  }

  @Override
  public byte @Nullable [] get(byte[] key, long offset, int length) {
    LmdbKeys.requirePart(offset, length);
    return txn.call(
        () -> {
          MemorySegment value = find(key);
          if (value == null) {
            return null;
          }
          long from = Math.min(offset, value.byteSize());
          long count = Math.min(length, value.byteSize() - from);
          return SegmentProxy.bytes(value.asSlice(from, count));
        });
  }

  @Override
  public long getInto(byte[] key, byte[] target) {
    return txn.call(
        () -> {
          MemorySegment value = find(key);
          return value == null ? -1L : SegmentProxy.copyInto(value, target);
        });
  }

  @Override
  public @Nullable MemorySegment view(byte[] key) {
    return txn.call(
        () -> {
          MemorySegment value = find(key);
          return value == null ? null : txn.view(value);
        });
  }

  @Override
  public long valueLength(byte[] key) {
    return txn.call(
        () -> {
          MemorySegment value = find(key);
          return value == null ? -1L : value.byteSize();
        });
  }

  @Override
  public long readTo(byte[] key, WritableByteChannel target) throws IOException {
    try (LmdbValueStream stream = stream(key, () -> {})) {
      if (stream == null) {
        return -1;
      }
      return stream.writeTo(target);
    }
  }

  @Override
  public @Nullable InputStream stream(byte[] key) {
    return stream(key, () -> {});
  }

  /// The value as a stream that calls `onClose` in the end.
  @Nullable LmdbValueStream stream(byte[] key, Runnable onClose) {
    MemorySegment value = view(key);
    return value == null ? null : new LmdbValueStream(txn, value, onClose);
  }

  @Override
  public long count() {
    return txn.call(
        () -> {
          Handle handle = handle();
          return handle == null ? 0L : handle.dbi().stat(txn.current()).entries;
        });
  }

  /// Counts up to [#COUNTED_ENTRIES] entries; of a longer range it says half of the table's.
  @Override
  public long estimate(KeyRange range) {
    long all = count();
    if (range.equals(KeyRange.all()) || range.equals(KeyRange.all().reversed())) {
      return all;
    }
    long counted = 0;
    try (Cursor cursor = cursor(range)) {
      while (cursor.next()) {
        counted++;
        if (counted == COUNTED_ENTRIES) {
          return Math.max(counted, all / 2);
        }
      }
    }
    return counted;
  }

  @Override
  public @Nullable TableStats stats() {
    return txn.call(
        () -> {
          Handle handle = handle();
          if (handle == null) {
            return null;
          }
          Stat stat = handle.dbi().stat(txn.current());
          return new TableStats(
              name,
              TableOptions.defaults().withIntegerKeys(handle.integerKeys()),
              stat.entries,
              stat.depth,
              stat.leafPages,
              stat.branchPages,
              stat.overflowPages);
        });
  }

  @Override
  public Cursor cursor(KeyRange range) {
    return cursor(range, () -> {});
  }

  Cursor cursor(KeyRange range, Runnable onClose) {
    return txn.call(() -> new LmdbCursor(txn, this, range, onClose));
  }

  // -- writing ------------------------------------------------------------------------------------

  /// The database to change, made if there is none; the key fits it.
  private Handle handleFor(LmdbWriteTxn changed, byte[] key) {
    LmdbKeys.requireWritable(key);
    Handle handle = handle();
    if (handle == null) {
      return changed.create(name, false);
    }
    if (handle.integerKeys()) {
      LmdbKeys.requireInteger(key);
    }
    return handle;
  }

  @Override
  public boolean put(byte[] key, byte[] value) {
    LmdbWriteTxn changed = txn.toChange("put", name);
    LmdbKeys.requireValue(value.length);
    return changed.change(
        () -> {
          Handle handle = handleFor(changed, key);
          boolean isNew = handle.dbi().get(txn.current(), txn.key(key)) == null;
          changed.write(handle, key, value);
          return isNew;
        });
  }

  @Override
  public boolean put(MemorySegment key, MemorySegment value) {
    LmdbWriteTxn _ = txn.toChange("put", name);
    LmdbKeys.requireKey(key.byteSize());
    LmdbKeys.requireValue(value.byteSize());
    // A view of this very transaction may be the value: it is read before anything changes.
    return put(key.toArray(ValueLayout.JAVA_BYTE), value.toArray(ValueLayout.JAVA_BYTE));
  }

  @Override
  public boolean put(byte[] key, InputStream source, long length) throws IOException {
    LmdbWriteTxn changed = txn.toChange("put", name);
    LmdbKeys.requireValue(length);
    LmdbKeys.requireWritable(key);
    boolean isNew;
    try (LmdbSavepoint savepoint = changed.savepoint()) {
      isNew = !contains(key);
      MemorySegment room =
          changed.change(() -> changed.reserve(handleFor(changed, key), key, (int) length));
      LmdbStreamedValue.fill(changed, room, source);
      savepoint.release();
    }
    return isNew;
  }

  @Override
  public @Nullable Expiry expiry(byte[] key) {
    return contains(key) ? Expiry.NEVER : null;
  }

  @Override
  public @Nullable Duration timeLeft(byte[] key) {
    boolean _ = contains(key);
    return null;
  }

  @Override
  public boolean put(byte[] key, byte[] value, Expiry expiry) {
    LmdbKeys.requireNone(expiry);
    return put(key, value);
  }

  @Override
  public boolean putIfAbsent(byte[] key, byte[] value, Expiry expiry) {
    LmdbKeys.requireNone(expiry);
    return putIfAbsent(key, value);
  }

  @Override
  public boolean expire(byte[] key, Expiry expiry) {
    LmdbWriteTxn _ = txn.toChange("expire", name);
    LmdbKeys.requireNone(expiry);
    return contains(key);
  }

  @Override
  public boolean putIfAbsent(byte[] key, byte[] value) {
    LmdbWriteTxn changed = txn.toChange("putIfAbsent", name);
    LmdbKeys.requireWritable(key);
    LmdbKeys.requireValue(value.length);
    return !contains(key)
        && changed.change(
            () -> {
              changed.write(handleFor(changed, key), key, value);
              return true;
            });
  }

  @Override
  public boolean replace(byte[] key, byte[] value) {
    LmdbWriteTxn _ = txn.toChange("replace", name);
    LmdbKeys.requireValue(value.length);
    return contains(key) && !put(key, value);
  }

  @Override
  public boolean compareAndSet(byte[] key, byte @Nullable [] expected, byte[] value) {
    if (expected == null) {
      return putIfAbsent(key, value);
    }
    LmdbWriteTxn _ = txn.toChange("compareAndSet", name);
    LmdbKeys.requireValue(value.length);
    return hasValue(key, expected) && !put(key, value);
  }

  private boolean hasValue(byte[] key, byte[] expected) {
    return txn.call(
        () -> {
          MemorySegment value = find(key);
          return value != null && value.mismatch(MemorySegment.ofArray(expected)) < 0;
        });
  }

  @Override
  public boolean delete(byte[] key, byte[] expected) {
    LmdbWriteTxn _ = txn.toChange("delete", name);
    return hasValue(key, expected) && delete(key);
  }

  @Override
  public long increment(byte[] key, long delta, long least, long most) {
    LmdbWriteTxn _ = txn.toChange("increment", name);
    long sum = LmdbCounter.sum(this, key, delta, least, most);
    boolean _ = put(key, Keys.ofLong(sum));
    return sum;
  }

  @Override
  public void append(byte[] key, byte[] value) {
    LmdbWriteTxn changed = txn.toChange("append", name);
    LmdbKeys.requireValue(value.length);
    changed.change(
        () -> {
          Handle handle = handleFor(changed, key);
          try (org.lmdbjava.Cursor<MemorySegment> cursor = handle.dbi().openCursor(txn.current())) {
            if (cursor.last()
                && Arrays.compareUnsigned(key, SegmentProxy.bytes(cursor.key())) <= 0) {
              throw new IllegalArgumentException(
                  "append of a key that is not greater than every key of the table: use put");
            }
          }
          changed.write(handle, key, value, PutFlags.MDB_APPEND);
          return true;
        });
  }

  @Override
  public boolean delete(byte[] key) {
    LmdbWriteTxn changed = txn.toChange("delete", name);
    return changed.change(
        () -> {
          if (find(key) == null) {
            return false;
          }
          Handle handle = handleFor(changed, key);
          boolean deleted = handle.dbi().delete(txn.current(), txn.key(key));
          changed.markChanged();
          return deleted;
        });
  }

  @Override
  public long deleteRange(KeyRange range) {
    LmdbWriteTxn changed = txn.toChange("deleteRange", name);
    return changed.call(
        () -> {
          long deleted = 0;
          try (Cursor cursor = cursor(range)) {
            while (cursor.next()) {
              cursor.delete();
              deleted++;
            }
          }
          return deleted;
        });
  }

  @Override
  public void clear() {
    LmdbWriteTxn changed = txn.toChange("clear", name);
    changed.change(
        () -> {
          Handle handle = handle();
          if (handle != null) {
            changed.empty(handle);
          }
          return true;
        });
  }
}
