package dev.quire.store;

import dev.quire.store.internal.tree.TreeCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The two ends of a range, and on which side of them a cursor stands.
///
/// *Start* is the low end and *end* the high one, in key order, whatever the range's direction.
///
/// @param start no key is less; null if there is no such end
/// @param startInclusive whether `start` itself is in the range
/// @param end no key is greater; null if there is no such end
/// @param endInclusive whether `end` itself is in the range
@SuppressWarnings("ArrayRecordComponent") // never compared, and never handed out
record CursorBounds(
    byte @Nullable [] start, boolean startInclusive, byte @Nullable [] end, boolean endInclusive) {

  CursorBounds(KeyRange range) {
    this(range.lowerEnd(), range.fromInclusive(), range.upperEnd(), range.toInclusive());
  }

  /// Whether no key below `key` is in the range.
  boolean startsAtOrAbove(byte[] key) {
    return start != null && Arrays.compareUnsigned(key, start) <= 0;
  }

  /// Whether no key above `key` is in the range.
  boolean endsAtOrBelow(byte[] key) {
    return end != null && Arrays.compareUnsigned(key, end) >= 0;
  }

  /// Whether the cursor's key is not beyond the end.
  boolean isBelowEnd(TreeCursor cursor) {
    return end == null || isBelowEnd(cursor.compareKey(end, end.length));
  }

  /// Whether no key of the cursor's leaf is beyond the end, as far as that is cheap to tell: asked
  /// once in a leaf.
  boolean isLeafBelowEnd(TreeCursor cursor) {
    return end == null
        || (cursor.isFirstOfLeaf() && isBelowEnd(cursor.compareLastKey(end, end.length)));
  }

  private boolean isBelowEnd(int order) {
    return endInclusive ? order <= 0 : order < 0;
  }

  /// Whether the cursor's key is not before the start.
  boolean isAboveStart(TreeCursor cursor) {
    return start == null || isAboveStart(cursor.compareKey(start, start.length));
  }

  /// Whether no key of the cursor's leaf is before the start, as far as that is cheap to tell.
  boolean isLeafAboveStart(TreeCursor cursor) {
    return start == null
        || (cursor.isLastOfLeaf() && isAboveStart(cursor.compareFirstKey(start, start.length)));
  }

  private boolean isAboveStart(int order) {
    return startInclusive ? order >= 0 : order > 0;
  }
}
