package dev.quire.store.internal.view;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An interval of keys in the order of unsigned bytes.
///
/// @param from the lower end, null if there is none
/// @param fromInclusive whether the lower end itself belongs to it
/// @param to the upper end, null if there is none
/// @param toInclusive whether the upper end itself belongs to it
public record ByteInterval(
    byte @Nullable [] from, boolean fromInclusive, byte @Nullable [] to, boolean toInclusive) {

  /// Every key.
  public static final ByteInterval ALL = new ByteInterval(null, true, null, true);

  /// Whether a key belongs to it.
  boolean contains(byte[] key) {
    return !isBelow(key) && !isAbove(key);
  }

  /// Whether an end of a part of it may lie here: inside, or on an end, inclusive or not.
  boolean mayEndAt(byte[] key, boolean inclusive) {
    boolean aboveFrom = from == null || reaches(Arrays.compareUnsigned(key, from), inclusive, true);
    boolean belowTo = to == null || reaches(Arrays.compareUnsigned(to, key), inclusive, false);
    return aboveFrom && belowTo;
  }

  private boolean reaches(int order, boolean inclusive, boolean lower) {
    boolean own = lower ? fromInclusive : toInclusive;
    return order > 0 || (order == 0 && (own || !inclusive));
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

  /// The part from a key on.
  ByteInterval withFrom(byte[] key, boolean inclusive) {
    return isBelow(key) ? this : new ByteInterval(key, inclusive, to, toInclusive);
  }

  /// The part up to a key.
  ByteInterval withTo(byte[] key, boolean inclusive) {
    return isAbove(key) ? this : new ByteInterval(from, fromInclusive, key, inclusive);
  }

  /// The part behind a key in a direction.
  ByteInterval behind(byte[] key, boolean descending) {
    return descending ? withTo(key, false) : withFrom(key, false);
  }

  /// Whether no key can be in it.
  boolean isEmpty() {
    if (from == null || to == null) {
      return false;
    }
    int order = Arrays.compareUnsigned(from, to);
    return order > 0 || (order == 0 && !(fromInclusive && toInclusive));
  }
}
