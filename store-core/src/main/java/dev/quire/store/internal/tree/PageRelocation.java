package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageAllocator;
import java.lang.foreign.MemorySegment;

/// Gives pages of a tree other places, without a change of their content: those from a page number
/// on become pages of the transaction, which its commit writes to wherever there is room.
///
/// The numbers stand in the references, so of the leaves only those are read that move. Overflow
/// runs stay where they are.
final class PageRelocation {

  private final TreeChange change;
  private final PageAllocator pages;

  PageRelocation(TreeChange change) {
    this.change = change;
    this.pages = change.pages;
  }

  /// Makes pages numbered `limit` and up private, in key order, at most `most` of them, not
  /// counting the branches above.
  ///
  /// @return how many
  int relocate(TreeRoot root, long limit, int most) {
    change.begin(root);
    int moved = 0;
    if (root.ref != PageRef.NONE) {
      enter(root.ref);
    }
    TreePath path = change.path;
    while (path.length > 0 && moved < most) {
      int step = path.length - 1;
      int index = path.indexes[step];
      if (index == 0 && lies(path.refs[step], limit)) {
        change.makeWritable(step);
        moved++;
      }
      MemorySegment segment = change.segment(step);
      long shape = change.soundShape(segment, change.page(step));
      if (PageSearch.isLeaf(shape) || index > PageHeader.count(shape)) {
        leave();
      } else if (PageHeader.level(shape) > 1) {
        enter(change.child(step, index));
      } else {
        long leaf = change.child(step, index);
        if (lies(leaf, limit)) {
          change.makeWritable(step);
          change.setChild(step, index, pages.writable(leaf));
          moved++;
        }
        path.indexes[step]++;
      }
    }
    return moved;
  }

  private static boolean lies(long ref, long limit) {
    return !PageRef.isScratch(ref) && PageRef.pageNo(ref) >= limit;
  }

  private void enter(long ref) {
    change.path.push(ref);
    change.path.indexes[change.path.length - 1] = 0;
  }

  private void leave() {
    change.path.length--;
    if (change.path.length > 0) {
      change.path.indexes[change.path.length - 1]++;
    }
  }
}
