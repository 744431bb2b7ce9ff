package dev.quire.store.bench.peer;

import java.util.Arrays;

/// The entries of all workloads: keys of 16 bytes, and values of 100, or of more where a workload
/// says so.
///
/// A key is its first eight bytes, `key`, in big-endian order, and eight bytes that are the same in
/// all keys. Its value begins with the eight bytes of `key` and ends with eight bytes that tell how
/// often the entry was put again, so that each get can be checked.
public final class Entry {

  /// Length of every key.
  public static final int KEY_BYTES = 16;

  /// Length of the values, but for those of workloads with large ones.
  public static final int VALUE_BYTES = 100;

  /// The last eight bytes of every key.
  static final long KEY_TAIL = 0x7461696c_7461696cL;

  private Entry() {}

  /// The key of the entry with that index: the output number `index` of splitmix64, which gives
  /// every index a key of its own, in no visible order.
  public static long key(long index) {
    long z = (index + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /// The keys of the first `count` entries, in the order of their indexes, which is random, or in
  /// the order of the keys.
  public static long[] keys(int count, boolean sorted) {
    long[] keys = keys(0, count);
    if (sorted) {
      flip(keys);
      Arrays.sort(keys);
      flip(keys);
    }
    return keys;
  }

  /// The keys of `count` entries from the index `first`, in the order of their indexes.
  public static long[] keys(long first, int count) {
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = key(first + i);
    }
    return keys;
  }

  /// Turns the unsigned order into the signed one, and back.
  private static void flip(long[] keys) {
    for (int i = 0; i < keys.length; i++) {
      keys[i] ^= Long.MIN_VALUE;
    }
  }

  /// What a get returns, told from the value's first and last eight bytes: the key itself, if the
  /// entry is as it was loaded.
  static long found(long first, long last) {
    return first + last;
  }

  /// What one entry adds to the sum of a scan.
  public static long scanned(long key, long first, long last) {
    return key + 31 * found(first, last);
  }

  /// What a scan returns of a store that holds the entries of these keys as they were loaded.
  public static long scanSum(long[] keys) {
    long sum = 0;
    for (long key : keys) {
      sum += scanned(key, key, 0);
    }
    return sum;
  }
}
