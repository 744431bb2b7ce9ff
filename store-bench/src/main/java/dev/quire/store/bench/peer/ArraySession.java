package dev.quire.store.bench.peer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A session of a store that takes keys and values as arrays, and may keep them: so each put makes
/// new ones. Gets use one key again and again.
abstract class ArraySession implements Session {

  private final byte[] key = new byte[Entry.KEY_BYTES];
  private final ByteBuffer keyBuffer = ByteBuffer.wrap(key);
  private final byte[] copy;
  private final ByteBuffer copyBuffer;

  ArraySession(int valueBytes) {
    copy = new byte[valueBytes];
    copyBuffer = ByteBuffer.wrap(copy);
    keyBuffer.putLong(Long.BYTES, Entry.KEY_TAIL);
  }

  /// The value of a key, or null.
  ///
  /// @param room an array of a value's length, where it may be put
  abstract byte @Nullable [] find(byte[] key, byte[] room);

  /// Puts an entry, without a commit.
  abstract void put(byte[] key, byte[] value);

  /// Deletes an entry, without a commit.
  abstract void remove(byte[] key);

  /// Ends a transaction.
  abstract void commit();

  /// Ends the transaction of a single put.
  abstract void commitPut();

  /// The key in the array that is used again.
  final byte[] keyOf(long key) {
    keyBuffer.putLong(0, key);
    return this.key;
  }

  private byte[] require(long key) {
    byte[] at = find(keyOf(key), copy);
    if (at == null) {
      throw new IllegalStateException("no entry of key " + key);
    }
    return at;
  }

  @Override
  public final long get(long key) {
    return copied(require(key));
  }

  /// Copies a value that is not the copy already.
  @SuppressWarnings("ReferenceEquality") // It may be the very same array.
  final long copied(byte[] value) {
    if (value != copy) {
      System.arraycopy(value, 0, copy, 0, copy.length);
    }
    return Entry.found(copyBuffer.getLong(0), copyBuffer.getLong(copy.length - Long.BYTES));
  }

  @Override
  public final long getInPlace(long key) {
    ByteBuffer at = ByteBuffer.wrap(require(key));
    return Entry.found(at.getLong(0), at.getLong(copy.length - Long.BYTES));
  }

  /// What one entry adds to the sum of a walk.
  static long scanned(byte[] key, byte[] value) {
    ByteBuffer at = ByteBuffer.wrap(value);
    return Entry.scanned(
        ByteBuffer.wrap(key).getLong(0), at.getLong(0), at.getLong(value.length - Long.BYTES));
  }

  @Override
  public final void load(long[] keys, int from, int to, boolean append) {
    for (int i = from; i < to; i++) {
      putNew(keys[i], 0);
    }
    commit();
  }

  @Override
  public final void delete(long[] keys, int from, int to) {
    for (int i = from; i < to; i++) {
      remove(keyOf(keys[i]));
    }
    commit();
  }

  @Override
  public final void put(long key, long version) {
    putNew(key, version);
    commitPut();
  }

  private void putNew(long key, long version) {
    byte[] newKey = new byte[Entry.KEY_BYTES];
    ByteBuffer.wrap(newKey).putLong(0, key).putLong(Long.BYTES, Entry.KEY_TAIL);
    byte[] value = new byte[copy.length];
    ByteBuffer.wrap(value).putLong(0, key).putLong(value.length - Long.BYTES, version);
    put(newKey, value);
  }
}
