package dev.quire.store.internal.tree;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageRef;

/// The pages from the root of a tree down to a leaf, and the index taken in each.
final class TreePath {

  /// References, the root's first.
  final long[] refs = new long[Limits.MAX_DEPTH];

  /// In a branch the child gone to, in the leaf an entry.
  final int[] indexes = new int[Limits.MAX_DEPTH];

  /// Number of pages on the path.
  int length;

  void clear() {
    length = 0;
  }

  /// Adds the next page down.
  void push(long ref) {
    if (length == Limits.MAX_DEPTH) {
      throw tooDeep(refs[0]);
    }
    refs[length++] = ref;
  }

  static CorruptPageException tooDeep(long rootRef) {
    return new CorruptPageException(
        new Violation(
            PageRef.pageNo(rootRef),
            "the root of a tree of at most " + Limits.MAX_DEPTH + " levels",
            "a longer way down"));
  }
}
