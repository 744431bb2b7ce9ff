package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.BranchCell;
import dev.quire.store.internal.format.BranchPage;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageAllocator;
import dev.quire.store.internal.region.Checksum;
import java.lang.foreign.MemorySegment;

/// Writes the overflow runs of one page anew, at other places.
final class RunRelocation {

  private final PageAllocator pages;
  private final Checksum checksum = new Checksum();
  private final byte[] head = new byte[OverflowPage.DATA];
  private final MemorySegment header = MemorySegment.ofArray(head);

  /// What is done with each run of a page.
  private interface Visitor {
    /// @return the reference to put in the place of `ref`
    long run(long ref, long length);
  }

  RunRelocation(PageAllocator pages) {
    this.pages = pages;
  }

  /// Whether a page refers to runs that are to move and for which there is room.
  boolean areThere(long ref, Relocation work) {
    boolean[] found = new boolean[1];
    visit(
        ref,
        false,
        (run, length) -> {
          found[0] |= moves(run, length, work);
          return run;
        });
    return found[0];
  }

  /// Moves the runs of a private page.
  ///
  /// @return number of pages that have moved
  int move(long ref, Relocation work) {
    int[] moved = new int[1];
    visit(
        ref,
        true,
        (run, length) -> {
          if (!moves(run, length, work)) {
            return run;
          }
          long copy = copy(run, length);
          pages.retire(run);
          long count = OverflowPage.pages(length, pages.pageSizeBytes());
          moved[0] += (int) count;
          work.moved(count);
          return copy;
        });
    return moved[0];
  }

  private boolean moves(long run, long length, Relocation work) {
    long count = OverflowPage.pages(length, pages.pageSizeBytes());
    long pageNo = PageRef.pageNo(run);
    return work.isBehind(pageNo + count - 1) && work.hasRoom(count, pageNo);
  }

  /// Writes the bytes of a run to a new one, and checks them on the way.
  private long copy(long run, long length) {
    MemorySegment source = pages.segmentOf(run);
    long page = pages.offsetOf(run);
    MemorySegment.copy(source, page, header, 0, OverflowPage.DATA);
    long shape = PageHeader.shape(header, 0);
    if (PageHeader.typeCode(shape) != OverflowPage.TYPE_CODE
        || OverflowPage.dataLength(header, 0) != length) {
      throw PageHeader.corrupt(
          header,
          0,
          "a run with " + length + " bytes",
          OverflowPage.dataLength(header, 0) + " bytes");
    }
    checksum.begin();
    checksum.add(header, PageHeader.CHECKED_FROM, OverflowPage.DATA - PageHeader.CHECKED_FROM);
    long[] done = new long[1];
    return pages.writeRun(
        target -> {
          MemorySegment.copy(
              source, page + OverflowPage.DATA + done[0], target, 0, target.byteSize());
          checksum.add(target, 0, target.byteSize());
          done[0] += target.byteSize();
          if (done[0] == length && PageHeader.hasCrc(shape)) {
            requireCrc(checksum.value());
          }
        },
        length);
  }

  private void requireCrc(int found) {
    if (found != PageHeader.crc(header, 0)) {
      throw PageHeader.corrupt(
          header,
          0,
          "bytes with checksum " + Integer.toHexString(PageHeader.crc(header, 0)),
          Integer.toHexString(found));
    }
  }

  /// @param edits whether the page is private, and gets the references that the visitor returns
  private void visit(long ref, boolean edits, Visitor visitor) {
    MemorySegment segment = pages.segmentOf(ref);
    long page = pages.offsetOf(ref);
    long shape = PageHeader.shape(segment, page);
    if (PageSearch.isLeaf(shape)) {
      visitCells(segment, page, edits, visitor);
    } else if (PageHeader.typeCode(shape) == BranchPage.TYPE_CODE) {
      visitSeparators(segment, page, edits, visitor);
    }
  }

  private static void visitSeparators(
      MemorySegment segment, long page, boolean edits, Visitor visitor) {
    long shape = PageHeader.shape(segment, page);
    for (int i = 0; i < PageHeader.count(shape); i++) {
      long cell = BranchPage.cell(segment, page, shape, i);
      if (BranchCell.isSpilled(segment, cell)) {
        int stored = PageHeader.prefixLength(shape) + BranchCell.suffixLength(segment, cell);
        int length = BranchCell.keyLength(segment, cell) - stored;
        long run = visitor.run(BranchCell.keyRef(segment, cell), length);
        if (edits) {
          BranchCell.setKeyRef(segment, cell, run);
        }
      }
    }
  }

  private static void visitCells(MemorySegment segment, long page, boolean edits, Visitor visitor) {
    long shape = PageHeader.shape(segment, page);
    for (int i = 0; i < PageHeader.count(shape); i++) {
      long cell = PageSearch.cell(segment, page, shape, i);
      long head = LeafCell.head(segment, cell);
      if (LeafCell.isSpilled(head)) {
        int stored = PageHeader.prefixLength(shape) + LeafCell.suffixLength(head);
        int length = LeafCell.keyLength(segment, cell, head) - stored;
        long run = visitor.run(LeafCell.keyRef(segment, cell, head), length);
        if (edits) {
          LeafCell.setKeyRef(segment, cell, head, run);
        }
      }
      if (LeafCell.isOverflow(head)) {
        long run = visitor.run(LeafCell.valueRef(segment, cell, head), LeafCell.valueLength(head));
        if (edits) {
          LeafCell.setValueRef(segment, cell, head, run);
        }
      }
    }
  }
}
