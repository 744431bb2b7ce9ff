package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageAllocator;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Removal of all keys of a range.
///
/// Done in rounds, each of which goes down along one bound of the range and, at the first page
/// where it can, drops what lies inside: children of a branch whole, or entries of a leaf. A round
/// takes out all that one page has to give, so that there are about as many rounds as pages on the
/// two ways down. Of a leaf that is dropped whole only the count is read, unless its entries may
/// have overflow runs.
final class RangeRemoval {

  private static final int NOTHING = -1;

  private final TreeChange change;
  private final PageAllocator pages;
  private final PageMerge merge;
  private final PageEntry spare = new PageEntry();

  RangeRemoval(TreeChange change, PageMerge merge) {
    this.change = change;
    this.pages = change.pages;
    this.merge = merge;
  }

  /// Removes the keys of `range`.
  ///
  /// @return how many there were
  long remove(TreeRoot root, TreeRange range) {
    long before = root.entries;
    if (range.isEmpty()) {
      return 0;
    }
    while (root.ref != PageRef.NONE && (round(root, range, true) || round(root, range, false))) {
      // The next round starts at the new root.
    }
    return before - root.entries;
  }

  /// Goes down along the lower bound, or along the upper one.
  ///
  /// @return whether something was removed
  private boolean round(TreeRoot root, TreeRange range, boolean alongLower) {
    change.begin(root);
    // Whether the pages of the path still contain the other bound.
    boolean lower = range.from() != null;
    boolean upper = range.to() != null;
    long ref = root.ref;
    while (true) {
      change.path.push(ref);
      int step = change.lastStep();
      MemorySegment segment = change.segment(step);
      long page = change.page(step);
      long shape = change.soundShape(segment, page);
      boolean leaf = PageSearch.isLeaf(shape);
      int count = PageHeader.count(shape);
      int from = leaf ? 0 : NOTHING;
      int to = leaf ? count : count + 1;
      if (lower) {
        from = place(segment, page, shape, range.from(), !range.fromInclusive());
      }
      if (upper) {
        to = place(segment, page, shape, range.to(), range.toInclusive());
      }
      if (leaf) {
        return from < to && removeEntries(step, from, to);
      }
      if (from + 1 < to) {
        removeChildren(step, from + 1, to);
        return true;
      }
      int child = (alongLower && lower) || !upper ? from : to;
      lower &= child == from;
      upper &= child == to;
      change.path.indexes[step] = child;
      ref = ChildRefs.get(segment, page, shape, child);
    }
  }

  /// Where a bound lies: in a branch the child with it, in a leaf the first entry behind it.
  private int place(
      MemorySegment segment, long page, long shape, byte @Nullable [] bound, boolean after) {
    byte[] key = Objects.requireNonNull(bound);
    if (!PageSearch.isLeaf(shape)) {
      return PageSearch.childFor(pages, segment, page, shape, key, key.length);
    }
    int position = PageSearch.position(pages, segment, page, shape, key, key.length);
    if (position < 0) {
      return ~position;
    }
    return after ? position + 1 : position;
  }

  /// Removes the entries `[from, to)` of the leaf of `step`.
  private boolean removeEntries(int step, int from, int to) {
    TreeRoot root = change.root();
    long old = change.path.refs[step];
    MemorySegment segment = change.segment(step);
    long page = change.page(step);
    long shape = change.shape(step);
    change.makeWritable(step - 1);
    if (root.overflowPages > 0) {
      for (int i = from; i < to; i++) {
        OverflowValues.retireRuns(pages, root, segment, page, shape, i);
      }
    }
    EntrySequence sequence = change.sequence().set(old, from, to - from, null);
    change.refer(step, change.build(0, 0, sequence.size(), PageRef.NONE));
    change.retire(old);
    root.entries -= to - from;
    merge.mend(step);
    return true;
  }

  /// Removes the children `[from, to)` of the branch of `step`, and all below. At least one is
  /// left, unless the branch is the root and the range everything.
  private void removeChildren(int step, int from, int to) {
    TreeRoot root = change.root();
    int level = PageHeader.level(change.shape(step));
    for (int i = from; i < to; i++) {
      root.entries -= dropSubtree(change.child(step, i), level - 1);
    }
    boolean all = to - from == PageHeader.count(change.shape(step)) + 1;
    if (all) {
      dropSeparators(change.segment(step), change.page(step), change.shape(step));
      change.retire(change.path.refs[step]);
      root.ref = PageRef.NONE;
      root.depth = 0;
      return;
    }
    change.makeWritable(step);
    for (int i = to - 1; i >= from; i--) {
      change.removeChild(step, i);
    }
    merge.mend(step);
  }

  /// Retires a page and all below it.
  ///
  /// @return the number of entries there
  private long dropSubtree(long ref, int level) {
    MemorySegment segment = pages.segmentOf(ref);
    long page = pages.offsetOf(ref);
    long shape = change.soundShape(segment, page);
    if (PageHeader.level(shape) != level || level >= Limits.MAX_DEPTH) {
      throw PageHeader.corrupt(
          segment, page, "a page of level " + level, "level " + PageHeader.level(shape));
    }
    int count = PageHeader.count(shape);
    long entries = 0;
    if (level > 0) {
      for (int i = 0; i <= count; i++) {
        entries += dropSubtree(ChildRefs.get(segment, page, shape, i), level - 1);
      }
      dropSeparators(segment, page, shape);
    } else {
      entries = count;
      for (int i = 0; i < count && change.root().overflowPages > 0; i++) {
        OverflowValues.retireRuns(pages, change.root(), segment, page, shape, i);
      }
    }
    change.retire(ref);
    return entries;
  }

  /// Retires the runs of a branch's separators.
  private void dropSeparators(MemorySegment segment, long page, long shape) {
    for (int i = 0; i < PageHeader.count(shape) && change.root().overflowPages > 0; i++) {
      PageEditor.readKey(segment, page, shape, i, spare);
      OverflowValues.retireKey(pages, change.root(), spare);
    }
  }
}
