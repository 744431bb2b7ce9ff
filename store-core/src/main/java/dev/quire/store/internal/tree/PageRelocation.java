package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageAllocator;
import dev.quire.store.internal.region.Checksum;
import java.lang.foreign.MemorySegment;

/// Gives pages of a tree other places, without a change of their content: those from a page number
/// on become pages of the transaction, which its commit writes to wherever there is room. Overflow
/// runs are written anew at once.
///
/// The numbers stand in the references. So of a tree without runs only those leaves are read that
/// move; of one with runs, all. What moves is checked against its CRC: it gets a new one.
final class PageRelocation {

  private final TreeChange change;
  private final PageAllocator pages;
  private final RunRelocation runs;
  private final Checksum checksum = new Checksum();
  private final PageEntry separator = new PageEntry();
  private int moved;

  PageRelocation(TreeChange change) {
    this.change = change;
    this.pages = change.pages;
    this.runs = new RunRelocation(pages);
  }

  /// Does a piece of a walk.
  ///
  /// @return number of pages that have moved, not counting the branches above
  int relocate(TreeRoot root, Relocation work) {
    moved = 0;
    change.begin(root);
    if (root.ref == PageRef.NONE) {
      work.finish();
      return 0;
    }
    boolean withRuns = work.movesRuns() && root.overflowPages > 0;
    enter(root.ref, work);
    TreePath path = change.path;
    while (path.length > 0) {
      int step = path.length - 1;
      int index = path.indexes[step];
      MemorySegment segment = change.segment(step);
      long shape = change.soundShape(segment, change.page(step));
      if (index == 0) {
        visitPage(step, withRuns, work);
      }
      if (PageSearch.isLeaf(shape) || index > PageHeader.count(shape)) {
        leave();
      } else if (PageHeader.level(shape) > 1) {
        enter(change.child(step, index), work);
      } else {
        if (work.isSpent()) {
          notePlace(work);
          return moved;
        }
        visitLeaf(step, index, withRuns, work);
        path.indexes[step]++;
      }
    }
    work.finish();
    return moved;
  }

  /// Moves a page of the path, and the runs that it refers to, if they are to move.
  private void visitPage(int step, boolean withRuns, Relocation work) {
    work.visited();
    long ref = change.path.refs[step];
    boolean hasRuns = withRuns && runs.areThere(ref, work);
    if (!lies(ref, work) && !hasRuns) {
      return;
    }
    boolean isOwn = PageRef.isScratch(ref);
    change.makeWritable(step);
    long own = change.path.refs[step];
    if (!isOwn) {
      moved(own, work);
    }
    moved += hasRuns ? runs.move(own, work) : 0;
  }

  private void visitLeaf(int step, int index, boolean withRuns, Relocation work) {
    long leaf = change.child(step, index);
    boolean hasRuns = false;
    if (withRuns) {
      work.visited();
      hasRuns = runs.areThere(leaf, work);
    }
    if (!lies(leaf, work) && !hasRuns) {
      return;
    }
    change.makeWritable(step);
    long own = pages.writable(leaf);
    if (own != leaf) {
      change.setChild(step, index, own);
      moved(own, work);
    }
    moved += hasRuns ? runs.move(own, work) : 0;
  }

  private void moved(long own, Relocation work) {
    requireCrc(own);
    work.moved(1);
    moved++;
  }

  /// A copy of a page still has the page's CRC.
  private void requireCrc(long own) {
    MemorySegment segment = pages.segmentOf(own);
    long page = pages.offsetOf(own);
    if (PageHeader.hasCrc(PageHeader.shape(segment, page))) {
      int found = PageCrc.of(checksum, segment, page, change.pageSizeBytes);
      if (found != PageHeader.crc(segment, page)) {
        throw PageHeader.corrupt(
            segment,
            page,
            "bytes with checksum " + Integer.toHexString(PageHeader.crc(segment, page)),
            Integer.toHexString(found));
      }
    }
  }

  private static boolean lies(long ref, Relocation work) {
    return !PageRef.isScratch(ref) && work.isBehind(PageRef.pageNo(ref));
  }

  /// Goes down to a page: to its first child, or to the one where the walk goes on.
  private void enter(long ref, Relocation work) {
    change.path.push(ref);
    int step = change.path.length - 1;
    int index = 0;
    MemorySegment segment = change.segment(step);
    long page = change.page(step);
    long shape = change.soundShape(segment, page);
    byte[] key = work.key();
    if (key.length > 0 && !PageSearch.isLeaf(shape)) {
      index = PageSearch.childFor(pages, segment, page, shape, key, key.length);
    }
    change.path.indexes[step] = index;
  }

  private void leave() {
    change.path.length--;
    if (change.path.length > 0) {
      change.path.indexes[change.path.length - 1]++;
    }
  }

  /// The walk goes on at the separator before the child that is next.
  private void notePlace(Relocation work) {
    for (int step = change.path.length - 1; step >= 0; step--) {
      int index = change.path.indexes[step];
      if (index > 0) {
        MemorySegment segment = change.segment(step);
        long page = change.page(step);
        PageEditor.readKey(segment, page, change.shape(step), index - 1, separator);
        SpilledKeys.readRest(pages, separator);
        work.goOnAt(separator.key, separator.keyLength);
        return;
      }
    }
  }
}
