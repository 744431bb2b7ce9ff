package dev.quire.store.internal.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A range of keys; a bound that is null is open.
///
/// @param from least key, or null
/// @param fromInclusive whether `from` itself belongs to the range
/// @param to greatest key, or null
/// @param toInclusive whether `to` itself belongs to the range
public record TreeRange(
    byte @Nullable [] from, boolean fromInclusive, byte @Nullable [] to, boolean toInclusive) {

  /// All keys.
  public static final TreeRange ALL = new TreeRange(null, true, null, true);

  /// Whether no key can lie in the range.
  public boolean isEmpty() {
    if (from == null || to == null) {
      return false;
    }
    int order = Arrays.compareUnsigned(from, to);
    return order > 0 || (order == 0 && !(fromInclusive && toInclusive));
  }
}
