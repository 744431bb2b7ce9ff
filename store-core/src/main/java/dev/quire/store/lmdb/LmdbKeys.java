package dev.quire.store.lmdb;

import dev.quire.store.KeyRange;
import dev.quire.store.options.Expiry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What LMDB takes of keys, values and names, in the words of the store.
final class LmdbKeys {

  /// Longest key of LMDB as it is built everywhere.
  static final int MAX_KEY_BYTES = 511;

  /// Longest key of any store.
  private static final int MAX_STORE_KEY_BYTES = 65_536;

  /// Longest value of any store.
  private static final long MAX_STORE_VALUE_BYTES = 1L << 40;

  /// Longest value: what lmdbjava can reserve.
  static final long MAX_VALUE_BYTES = Integer.MAX_VALUE;

  private static final int MAX_NAME_BYTES = 255;

  /// What names of the backend's own databases begin with.
  static final String RESERVED = "quire.";

  private LmdbKeys() {}

  /// @throws IllegalArgumentException if no store has such a key
  static void requireKey(long lengthBytes) {
    if (lengthBytes > MAX_STORE_KEY_BYTES) {
      throw new IllegalArgumentException(
          "key of " + lengthBytes + " bytes: allowed are 0 to " + MAX_STORE_KEY_BYTES);
    }
  }

  /// Whether LMDB can hold such a key at all.
  static boolean canHold(int lengthBytes) {
    return lengthBytes > 0 && lengthBytes <= MAX_KEY_BYTES;
  }

  /// @throws IllegalArgumentException if no store has such a key
  /// @throws UnsupportedOperationException if LMDB has none
  static void requireWritable(byte[] key) {
    requireKey(key.length);
    if (!canHold(key.length)) {
      throw new UnsupportedOperationException(
          "key of " + key.length + " bytes: LMDB takes keys of 1 to " + MAX_KEY_BYTES + " bytes");
    }
  }

  /// @throws IllegalArgumentException unless it is the key of a number
  static void requireInteger(byte[] key) {
    if (key.length != Long.BYTES) {
      throw new IllegalArgumentException(
          "key of " + key.length + " bytes: keys of this table are numbers of 8 bytes");
    }
  }

  /// @throws IllegalArgumentException if no store has such a value
  /// @throws UnsupportedOperationException if LMDB has none
  static void requireValue(long lengthBytes) {
    if (lengthBytes < 0 || lengthBytes > MAX_STORE_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "value of " + lengthBytes + " bytes: allowed are 0 to " + MAX_STORE_VALUE_BYTES);
    }
    if (lengthBytes > MAX_VALUE_BYTES) {
      throw new UnsupportedOperationException(
          "value of " + lengthBytes + " bytes: LMDB takes values of up to " + MAX_VALUE_BYTES);
    }
  }

  /// @throws IllegalArgumentException if an end of the part is negative
  static void requirePart(long offset, int length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException(
          "part of " + length + " bytes at " + offset + ": neither may be negative");
    }
  }

  /// The bytes of a table's name.
  ///
  /// @throws IllegalArgumentException if the name is not allowed
  static byte[] encodeName(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "table name of "
              + bytes.length
              + " bytes: allowed are 1 to "
              + MAX_NAME_BYTES
              + " bytes of UTF-8");
    }
    if (name.startsWith(RESERVED)) {
      throw new IllegalArgumentException(
          "table name \"" + name + "\": names that begin with \"quire.\" are the store's own");
    }
    if (!new String(bytes, StandardCharsets.UTF_8).equals(name)) {
      throw new IllegalArgumentException("table name \"" + name + "\": half of a surrogate pair");
    }
    if (name.indexOf('\0') >= 0) {
      throw new UnsupportedOperationException(
          "a table name with a zero in it: to LMDB the name ends there");
    }
    return bytes;
  }

  /// The name of a database, or null if no table can be called so.
  static @Nullable String decodeName(byte[] bytes) {
    String name = new String(bytes, StandardCharsets.UTF_8);
    boolean exact = Arrays.equals(name.getBytes(StandardCharsets.UTF_8), bytes);
    boolean fits = bytes.length > 0 && bytes.length <= MAX_NAME_BYTES;
    return exact && fits && name.indexOf('\0') < 0 ? name : null;
  }

  /// The two ends of a range and whether each belongs to it, as a walk in key order needs them.
  ///
  /// @param start no key is less; null if there is no such end
  /// @param end no key is greater; null if there is no such end
  record Bounds(
      byte @Nullable [] start,
      boolean startInclusive,
      byte @Nullable [] end,
      boolean endInclusive) {

    /// The bounds of a range in a table. A shorter end of a table of numbers stands before every
    /// key that begins with it; a longer one directly after the key that is its beginning.
    static Bounds of(KeyRange range, boolean integerKeys) {
      byte[] from = range.from();
      byte[] to = range.to();
      if (!integerKeys) {
        return new Bounds(from, range.fromInclusive(), to, range.toInclusive());
      }
      return new Bounds(
          eightBytes(from),
          from == null
              || from.length < Long.BYTES
              || (from.length == Long.BYTES && range.fromInclusive()),
          eightBytes(to),
          to == null || to.length > Long.BYTES || (to.length == Long.BYTES && range.toInclusive()));
    }

    private static byte @Nullable [] eightBytes(byte @Nullable [] end) {
      return end == null ? null : Arrays.copyOf(end, Long.BYTES);
    }

    /// Whether a key is not beyond the end.
    boolean isBelowEnd(byte[] key, int length) {
      if (end == null) {
        return true;
      }
      int order = Arrays.compareUnsigned(key, 0, length, end, 0, end.length);
      return endInclusive ? order <= 0 : order < 0;
    }

    /// Whether a key is not before the start.
    boolean isAboveStart(byte[] key, int length) {
      if (start == null) {
        return true;
      }
      int order = Arrays.compareUnsigned(key, 0, length, start, 0, start.length);
      return startInclusive ? order >= 0 : order > 0;
    }

    /// Whether no key below `key` is in the range.
    boolean startsAtOrAbove(byte[] key) {
      return start != null && Arrays.compareUnsigned(key, start) <= 0;
    }

    /// Whether no key above `key` is in the range.
    boolean endsAtOrBelow(byte[] key) {
      return end != null && Arrays.compareUnsigned(key, end) >= 0;
    }
  }

  /// @throws UnsupportedOperationException if an entry would expire
  static void requireNone(Expiry expiry) {
    if (!expiry.equals(Expiry.NEVER) && !expiry.equals(Expiry.DEFAULT)) {
      throw new UnsupportedOperationException("LMDB keeps no expiry: " + expiry + " is one");
    }
  }
}
