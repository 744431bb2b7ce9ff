package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U8;

import java.lang.foreign.MemorySegment;

/// Which keys of bounded tables were used of late: bytes of `shm`, one for all keys whose hash has
/// the same low bits. 1 stands for a key that was used since the hand was last there.
///
/// Bytes are read and written without any order: one that is lost, or set for another key, makes
/// the choice of what is evicted a little worse and nothing else. One that is 1 already is not
/// written, so that a key that everybody reads is no line that goes to and fro between processors.
public final class TouchTable {

  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

  private TouchTable() {}

  /// The hash of a key.
  public static long hash(int tableId, byte[] key, int keyLength) {
    long hash = mix(tableId);
    int at = 0;
    for (; at + Long.BYTES <= keyLength; at += Long.BYTES) {
      hash = mix(hash ^ (long) Le.KEY_ARRAY_U64.get(key, at));
    }
    long rest = (long) keyLength - at;
    for (; at < keyLength; at++) {
      rest = rest << Byte.SIZE | key[at] & 0xFF;
    }
    return rest == 0 ? hash : mix(hash ^ rest);
  }

  /// The hash of an integer key.
  public static long hash(int tableId, long key) {
    return mix(mix(tableId) ^ key);
  }

  private static long mix(long word) {
    long mixed = word * MULTIPLIER;
    return mixed ^ mixed >>> 32;
  }

  /// Notes that a key was used.
  ///
  /// @param from where the table begins
  /// @param sizeBytes of the table, a power of two
  public static void touch(MemorySegment s, long from, long sizeBytes, long hash) {
    long at = from + (hash & sizeBytes - 1);
    if (s.get(U8, at) == 0) {
      s.set(U8, at, (byte) 1);
    }
  }

  /// Whether a key was used since it was last asked for.
  public static boolean clear(MemorySegment s, long from, long sizeBytes, long hash) {
    long at = from + (hash & sizeBytes - 1);
    boolean touched = s.get(U8, at) != 0;
    if (touched) {
      s.set(U8, at, (byte) 0);
    }
    return touched;
  }
}
