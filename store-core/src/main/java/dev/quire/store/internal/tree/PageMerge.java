package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageAllocator;
import java.lang.foreign.MemorySegment;

/// What follows when entries have left a page: one that is empty goes, one that is filled below a
/// third is joined with a sibling or gets entries from it, a root with one child gives way to that.
final class PageMerge {

  private static final int SPARSE_FRACTION = 3;

  private final TreeChange change;
  private final PageAllocator pages;
  private final PageSplit split;
  private final Separators separators;
  private final PageEntry between = new PageEntry();
  private final PageEntry risen = new PageEntry();

  PageMerge(TreeChange change, PageSplit split) {
    this.change = change;
    this.pages = change.pages;
    this.split = split;
    this.separators = new Separators(change.pages);
  }

  /// Mends the page of `step` and those above. The pages of the path down to it are writable.
  void mend(int step) {
    for (int at = step; at >= 0; at--) {
      long shape = change.shape(at);
      boolean empty = PageSearch.isLeaf(shape) && PageHeader.count(shape) == 0;
      if (empty) {
        removeEmpty(at);
        return;
      }
      if (at == 0) {
        shrinkRoot();
      } else if (!isSparse(shape) || !mergeWithSibling(at)) {
        return;
      }
    }
  }

  private boolean isSparse(long shape) {
    int capacity = PageEditor.capacity(shape, change.pageSizeBytes);
    int used = capacity - PageEditor.freeBytes(shape, change.pageSizeBytes);
    return used < capacity / SPARSE_FRACTION;
  }

  /// Removes the page of `step`, and those above that have no other child.
  private void removeEmpty(int step) {
    int at = step;
    change.retire(change.path.refs[at]);
    while (at > 0 && !change.removeChild(at - 1, change.path.indexes[at - 1])) {
      at--;
      change.retire(change.path.refs[at]);
    }
    if (at > 0) {
      mend(at - 1);
    } else {
      change.root().ref = PageRef.NONE;
      change.root().depth = 0;
    }
  }

  private void shrinkRoot() {
    TreeRoot root = change.root();
    while (true) {
      MemorySegment segment = pages.segmentOf(root.ref);
      long page = pages.offsetOf(root.ref);
      long shape = PageHeader.shape(segment, page);
      if (PageSearch.isLeaf(shape) || PageHeader.count(shape) > 0) {
        return;
      }
      long child = ChildRefs.get(segment, page, shape, 0);
      change.retire(root.ref);
      root.ref = child;
      root.depth--;
    }
  }

  /// Joins the page of `step` with a sibling, or evens them out.
  ///
  /// @return whether the parent has one child less, or had but one: it needs mending too
  private boolean mergeWithSibling(int step) {
    int parent = step - 1;
    if (PageHeader.count(change.shape(parent)) == 0) {
      return true;
    }
    int index = change.path.indexes[parent];
    int leftIndex = index > 0 ? index - 1 : 0;
    long left = change.child(parent, leftIndex);
    long right = change.child(parent, leftIndex + 1);
    requireSound(left);
    requireSound(right);
    int level = PageHeader.level(change.shape(step));
    EntrySequence sequence = change.sequence();
    PageEditor.readKey(
        change.segment(parent), change.page(parent), change.shape(parent), leftIndex, between);
    if (level == 0) {
      sequence.join(left, right, null);
    } else {
      MemorySegment segment = pages.segmentOf(right);
      long page = pages.offsetOf(right);
      between.childRef = ChildRefs.get(segment, page, PageHeader.shape(segment, page), 0);
      sequence.join(left, right, between);
    }
    int prefixLength = sequence.commonPrefix(0, sequence.size());
    if (sequence.fitsOnePage(prefixLength)) {
      join(parent, leftIndex, level, left, right);
      return true;
    }
    int cut = sequence.cut(prefixLength, 0);
    if (cut > 0) {
      evenOut(parent, leftIndex, level, cut, left, right);
    }
    return false;
  }

  private void requireSound(long ref) {
    change.soundShape(pages.segmentOf(ref), pages.offsetOf(ref));
  }

  private void join(int parent, int leftIndex, int level, long left, long right) {
    EntrySequence sequence = change.sequence();
    long firstChild = level == 0 ? PageRef.NONE : sequence.firstChild();
    long joined = change.build(level, 0, sequence.size(), firstChild);
    change.setChild(parent, leftIndex, joined);
    dropSeparator(parent, leftIndex, level);
    change.retire(left);
    change.retire(right);
  }

  private void evenOut(int parent, int leftIndex, int level, int cut, long left, long right) {
    EntrySequence sequence = change.sequence();
    int size = sequence.size();
    long newLeft;
    if (level == 0) {
      separators.between(change.root(), sequence, cut, risen);
      newLeft = change.build(0, 0, cut, PageRef.NONE);
      risen.childRef = change.build(0, cut, size, PageRef.NONE);
    } else {
      sequence.read(cut, risen);
      newLeft = change.build(level, 0, cut, sequence.firstChild());
      risen.childRef = change.build(level, cut + 1, size, risen.childRef);
    }
    change.setChild(parent, leftIndex, newLeft);
    dropSeparator(parent, leftIndex, level);
    change.retire(left);
    change.retire(right);
    split.insert(parent, leftIndex, risen, false);
  }

  /// Removes a separator from the parent. Between branches it has moved down; between leaves its
  /// run, if it has one, is gone with it.
  private void dropSeparator(int parent, int index, int level) {
    if (level == 0) {
      change.removeSeparator(parent, index);
    } else {
      PageEditor.remove(change.segment(parent), change.page(parent), change.pageSizeBytes, index);
    }
  }
}
