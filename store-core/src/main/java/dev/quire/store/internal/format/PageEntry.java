package dev.quire.store.internal.format;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// An entry on its way into a page: key and value for a leaf, separator and child for a branch.
/// Reused from entry to entry.
public final class PageEntry {

  private static final byte[] NO_BYTES = {};

  /// Holds the key, at least its first [#storedLength] bytes.
  public byte[] key = NO_BYTES;

  /// Length of the whole key.
  public int keyLength;

  /// How much of the key the page keeps: all of it, unless it is spilled.
  public int storedLength;

  /// The run with the key's remaining bytes, or [PageRef#NONE].
  public long keyRef = PageRef.NONE;

  /// [Fingerprint] of the whole key (leaf only).
  public int fingerprint;

  /// Where the value is copied from, unless [#valueRef] is set.
  public MemorySegment value = MemorySegment.NULL;

  public long valueOffset;
  public long valueLength;

  /// The overflow run that holds the value, or [PageRef#NONE].
  public long valueRef = PageRef.NONE;

  /// When the entry expires, or 0.
  public long expiryMillis;

  /// The child right of the separator (branch only).
  public long childRef = PageRef.NONE;

  int leafFlags() {
    return (valueRef != PageRef.NONE ? LeafCell.OVERFLOW : 0)
        | (keyRef != PageRef.NONE ? LeafCell.SPILLED : 0)
        | (expiryMillis != 0 ? LeafCell.EXPIRES : 0);
  }

  /// The key as a number, in a tree of integer keys.
  public long integerKey() {
    return (long) Le.KEY_ARRAY_U64.get(key, 0);
  }

  /// Makes room in [#key], which this entry then owns, for `length` bytes; what it holds is kept.
  public void reserveKey(int length) {
    if (key.length < length) {
      key = Arrays.copyOf(key, Math.max(length, 2 * key.length));
    }
  }

  /// Sets a key that is stored as a whole and owned by the caller.
  public void setKey(byte[] newKey, int length) {
    key = newKey;
    keyLength = length;
    storedLength = length;
    keyRef = PageRef.NONE;
  }
}
