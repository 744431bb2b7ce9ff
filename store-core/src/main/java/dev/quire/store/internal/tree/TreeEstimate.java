package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An estimate of the number of keys in a range, from two descents.
public final class TreeEstimate {

  private TreeEstimate() {}

  /// About how many keys lie in `range`; exact of a tree of one page, and of [TreeRange#ALL].
  public static long count(PageReader pages, TreeRoot root, TreeRange range) {
    if (root.ref == PageRef.NONE || range.isEmpty()) {
      return 0;
    }
    double from =
        range.from() == null ? 0 : rank(pages, root, range.from(), !range.fromInclusive());
    double to = range.to() == null ? 1 : rank(pages, root, range.to(), range.toInclusive());
    return Math.max(0, Math.round((to - from) * root.entries));
  }

  /// The part of the tree's keys that are less than `key`, or equal to it with `after`, if all
  /// children of a branch had as many.
  private static double rank(
      PageReader pages, TreeRoot root, byte @Nullable [] bound, boolean after) {
    byte[] key = Objects.requireNonNull(bound);
    TreePath path = new TreePath();
    double rank = 0;
    double share = 1;
    long ref = root.ref;
    while (true) {
      path.push(ref);
      MemorySegment segment = pages.segmentOf(ref);
      long page = pages.offsetOf(ref);
      long shape = PageHeader.shape(segment, page);
      int count = PageHeader.count(shape);
      if (PageSearch.isLeaf(shape)) {
        int position = PageSearch.position(pages, segment, page, shape, key, key.length);
        int less = position < 0 ? ~position : after ? position + 1 : position;
        return rank + share * less / Math.max(count, 1);
      }
      int child = PageSearch.childFor(pages, segment, page, shape, key, key.length);
      share /= count + 1;
      rank += share * child;
      ref = ChildRefs.get(segment, page, shape, child);
    }
  }
}
