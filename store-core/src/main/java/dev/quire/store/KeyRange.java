package dev.quire.store;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A range of keys and the direction in which it is walked. Immutable.
///
/// Keys are ordered by unsigned bytes; a key that is the beginning of another comes first. A range
/// whose ends cross holds no key.
public final class KeyRange {

  private static final KeyRange ALL = new KeyRange(null, true, null, true, false);

  private final byte @Nullable [] from;
  private final boolean fromInclusive;
  private final byte @Nullable [] to;
  private final boolean toInclusive;
  private final boolean descending;

  private KeyRange(
      byte @Nullable [] from,
      boolean fromInclusive,
      byte @Nullable [] to,
      boolean toInclusive,
      boolean descending) {
    this.from = from;
    this.fromInclusive = fromInclusive;
    this.to = to;
    this.toInclusive = toInclusive;
    this.descending = descending;
  }

  /// Every key.
  public static KeyRange all() {
    return ALL;
  }

  /// Every key that begins with `prefix`.
  public static KeyRange prefix(byte[] prefix) {
    return new KeyRange(prefix.clone(), true, successorOfPrefix(prefix), false, false);
  }

  /// `from` and every key after it.
  public static KeyRange atLeast(byte[] from) {
    return new KeyRange(from.clone(), true, null, true, false);
  }

  /// Every key after `from`.
  public static KeyRange greaterThan(byte[] from) {
    return new KeyRange(from.clone(), false, null, true, false);
  }

  /// `to` and every key before it.
  public static KeyRange atMost(byte[] to) {
    return new KeyRange(null, true, to.clone(), true, false);
  }

  /// Every key before `to`.
  public static KeyRange lessThan(byte[] to) {
    return new KeyRange(null, true, to.clone(), false, false);
  }

  /// From `from`, inclusive, to `to`, exclusive.
  public static KeyRange between(byte[] from, byte[] to) {
    return between(from, true, to, false);
  }

  /// From `from` to `to`, each with or without the key itself.
  public static KeyRange between(
      byte[] from, boolean fromInclusive, byte[] to, boolean toInclusive) {
    return new KeyRange(from.clone(), fromInclusive, to.clone(), toInclusive, false);
  }

  /// The same keys, walked the other way.
  public KeyRange reversed() {
    return new KeyRange(from, fromInclusive, to, toInclusive, !descending);
  }

  /// The lower end, or null if there is none. A copy.
  public byte @Nullable [] from() {
    return from == null ? null : from.clone();
  }

  /// Whether the lower end itself is in the range; true if there is none.
  public boolean fromInclusive() {
    return fromInclusive;
  }

  /// The upper end, or null if there is none. A copy.
  public byte @Nullable [] to() {
    return to == null ? null : to.clone();
  }

  /// Whether the upper end itself is in the range; true if there is none.
  public boolean toInclusive() {
    return toInclusive;
  }

  /// Whether the range is walked from its greatest key to its least.
  public boolean descending() {
    return descending;
  }

  /// Whether `key` lies in the range.
  public boolean contains(byte[] key) {
    return !isBelow(key) && !isAbove(key);
  }

  /// The lower end itself, for the floors below.
  byte @Nullable [] lowerEnd() {
    return from;
  }

  /// The upper end itself, for the floors below.
  byte @Nullable [] upperEnd() {
    return to;
  }

  /// The range that holds the same keys of 8 bytes and has ends of 8 bytes.
  ///
  /// A shorter end stands before every key that begins with it; a longer one directly after the key
  /// that is its beginning.
  KeyRange forIntegerKeys() {
    return new KeyRange(
        eightBytes(from),
        from == null || from.length < Long.BYTES || (from.length == Long.BYTES && fromInclusive),
        eightBytes(to),
        to == null || to.length > Long.BYTES || (to.length == Long.BYTES && toInclusive),
        descending);
  }

  private static byte @Nullable [] eightBytes(byte @Nullable [] end) {
    return end == null || end.length == Long.BYTES ? end : Arrays.copyOf(end, Long.BYTES);
  }

  private boolean isBelow(byte[] key) {
    if (from == null) {
      return false;
    }
    int order = Arrays.compareUnsigned(key, from);
    return fromInclusive ? order < 0 : order <= 0;
  }

  private boolean isAbove(byte[] key) {
    if (to == null) {
      return false;
    }
    int order = Arrays.compareUnsigned(key, to);
    return toInclusive ? order > 0 : order >= 0;
  }

  /// The least key that is greater than every key with this prefix, or null if there is none.
  private static byte @Nullable [] successorOfPrefix(byte[] prefix) {
    int length = prefix.length;
    while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
      length--;
    }
    if (length == 0) {
      return null;
    }
    byte[] successor = Arrays.copyOf(prefix, length);
    successor[length - 1]++;
    return successor;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeyRange range
        && Arrays.equals(from, range.from)
        && fromInclusive == range.fromInclusive
        && Arrays.equals(to, range.to)
        && toInclusive == range.toInclusive
        && descending == range.descending;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        Arrays.hashCode(from), fromInclusive, Arrays.hashCode(to), toInclusive, descending);
  }

  /// Interval notation with the ends in hex: `[6162, 6163)`, `descending` after it if it is.
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return (fromInclusive ? "[" : "(")
        + (from == null ? "-" : hex.formatHex(from))
        + ", "
        + (to == null ? "-" : hex.formatHex(to))
        + (toInclusive ? "]" : ")")
        + (descending ? " descending" : "");
  }
}
