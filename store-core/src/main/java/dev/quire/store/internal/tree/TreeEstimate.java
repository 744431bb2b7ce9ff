package dev.quire.store.internal.tree;

import dev.quire.store.internal.page.PageReader;

/// An estimate of the number of keys in a range, from two descents.
public final class TreeEstimate {

  private TreeEstimate() {}

  /// About how many keys lie in `range`; exact when they lie in one leaf or `range` is everything.
  public static long count(PageReader pages, TreeRoot root, TreeRange range) {
    throw new UnsupportedOperationException();
  }
}
