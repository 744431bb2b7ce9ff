package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.KEY_ARRAY_U32;
import static dev.quire.store.internal.format.Le.KEY_ARRAY_U64;
import static dev.quire.store.internal.format.Le.KEY_U32;
import static dev.quire.store.internal.format.Le.KEY_U64;
import static dev.quire.store.internal.format.Le.U8;

import java.lang.foreign.MemorySegment;

/// Comparison of a key in hand, the first `length` bytes of an array, with bytes in a page.
///
/// Bytes are unsigned. Eight are compared at a time: big-endian words order as their bytes do.
public final class KeyBytes {

  private static final int WORD = Long.BYTES;
  private static final int HALF = Integer.BYTES;

  /// Longer keys are copied by the library.
  private static final int LONG_COPY = 64;

  private KeyBytes() {}

  /// The eight bytes of the key at `from` as a big-endian word; zeros behind its end.
  public static long word(byte[] key, int length, int from) {
    int rest = length - from;
    if (rest >= WORD) {
      return (long) KEY_ARRAY_U64.get(key, from);
    }
    if (length >= WORD && rest > 0) {
      return (long) KEY_ARRAY_U64.get(key, length - WORD) << ((WORD - rest) * Byte.SIZE);
    }
    return shortWord(key, from, rest);
  }

  private static long shortWord(byte[] key, int from, int rest) {
    long word = 0;
    for (int i = 0; i < rest; i++) {
      word |= (key[from + i] & 0xFFL) << ((WORD - 1 - i) * Byte.SIZE);
    }
    return word;
  }

  /// Sets eight bytes of a key.
  public static void setWord(byte[] key, int at, long word) {
    KEY_ARRAY_U64.set(key, at, word);
  }

  /// The four bytes of the key at `from` as a big-endian word; zeros behind its end.
  public static int head(byte[] key, int length, int from) {
    return length - from >= Integer.BYTES
        ? (int) KEY_ARRAY_U32.get(key, from)
        : (int) (word(key, length, from) >>> Integer.SIZE);
  }

  /// The same of the `count` bytes at `at` of a page.
  static int head(MemorySegment segment, long at, int count) {
    if (count >= Integer.BYTES) {
      return segment.get(KEY_U32, at);
    }
    int head = 0;
    for (int i = 0; i < count; i++) {
      head |= (segment.get(U8, at + i) & 0xFF) << ((HALF - 1 - i) * Byte.SIZE);
    }
    return head;
  }

  /// Whether the key's bytes from `from` on are the `count` bytes at `at` (the key has that many).
  public static boolean matches(byte[] key, int from, MemorySegment segment, long at, int count) {
    if (count < WORD) {
      return matchesShort(key, from, segment, at, count);
    }
    int last = count - WORD;
    for (int i = 0; i < last; i += WORD) {
      if ((long) KEY_ARRAY_U64.get(key, from + i) != segment.get(KEY_U64, at + i)) {
        return false;
      }
    }
    return (long) KEY_ARRAY_U64.get(key, from + last) == segment.get(KEY_U64, at + last);
  }

  private static boolean matchesShort(
      byte[] key, int from, MemorySegment segment, long at, int count) {
    if (count >= HALF) {
      int last = count - HALF;
      return (int) KEY_ARRAY_U32.get(key, from) == segment.get(KEY_U32, at)
          && (int) KEY_ARRAY_U32.get(key, from + last) == segment.get(KEY_U32, at + last);
    }
    for (int i = 0; i < count; i++) {
      if (key[from + i] != segment.get(U8, at + i)) {
        return false;
      }
    }
    return true;
  }

  /// Copies the `count` bytes at `at` of a page to an array.
  public static void copy(MemorySegment segment, long at, byte[] target, int from, int count) {
    if (count > LONG_COPY) {
      MemorySegment.copy(segment, U8, at, target, from, count);
    } else if (count >= WORD) {
      int last = count - WORD;
      KEY_ARRAY_U64.set(target, from, segment.get(KEY_U64, at));
      for (int i = WORD; i < last; i += WORD) {
        KEY_ARRAY_U64.set(target, from + i, segment.get(KEY_U64, at + i));
      }
      KEY_ARRAY_U64.set(target, from + last, segment.get(KEY_U64, at + last));
    } else if (count >= HALF) {
      int last = count - HALF;
      KEY_ARRAY_U32.set(target, from, segment.get(KEY_U32, at));
      KEY_ARRAY_U32.set(target, from + last, segment.get(KEY_U32, at + last));
    } else {
      for (int i = 0; i < count; i++) {
        target[from + i] = segment.get(U8, at + i);
      }
    }
  }

  /// Copies a key that lies in two parts, prefix and suffix, to the beginning of an array.
  public static void copy(
      MemorySegment segment,
      long prefix,
      int prefixLength,
      long suffix,
      int suffixLength,
      byte[] target) {
    if (prefixLength <= WORD && suffixLength >= WORD) {
      // A page goes on behind its prefix; what is too much of it, the suffix overwrites.
      KEY_ARRAY_U64.set(target, 0, segment.get(KEY_U64, prefix));
    } else {
      copy(segment, prefix, target, 0, prefixLength);
    }
    copy(segment, suffix, target, prefixLength, suffixLength);
  }

  /// Compares `key[from, length)` with the `count` bytes at `at`; a prefix of the other is less.
  public static int compare(
      byte[] key, int length, int from, MemorySegment segment, long at, int count) {
    int common = Math.min(length - from, count);
    int i = 0;
    for (; i + WORD <= common; i += WORD) {
      long mine = (long) KEY_ARRAY_U64.get(key, from + i);
      long theirs = segment.get(KEY_U64, at + i);
      if (mine != theirs) {
        return Long.compareUnsigned(mine, theirs);
      }
    }
    for (; i < common; i++) {
      int difference = (key[from + i] & 0xFF) - (segment.get(U8, at + i) & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    return length - from - count;
  }

  /// Compares the key with all keys that begin with the `count` bytes at `at`: 0 if it does so too.
  public static int comparePrefix(
      byte[] key, int length, MemorySegment segment, long at, int count) {
    if (count == 0 || (length >= count && matches(key, 0, segment, at, count))) {
      return 0;
    }
    return compare(key, Math.min(length, count), 0, segment, at, count);
  }

  /// How many bytes the key and the `count` bytes at `at` have in common at their beginning.
  public static int commonPrefix(
      byte[] key, int length, MemorySegment segment, long at, int count) {
    int common = Math.min(length, count);
    int i = 0;
    while (i < common && key[i] == segment.get(U8, at + i)) {
      i++;
    }
    return i;
  }
}
