package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.BranchCell;
import dev.quire.store.internal.format.BranchPage;
import dev.quire.store.internal.format.IntegerBranchPage;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The frame of one page of a tree, copied to private memory: arrays and heap fit it, and the cells
/// fill the heap without holes and without overlapping.
final class PageCheck {

  private final Findings findings;
  private final int pageSizeBytes;

  /// Beginning and end of each cell, in one word, so that sorting them is simple.
  private long[] cells = new long[64];

  PageCheck(Findings findings, int pageSizeBytes) {
    this.findings = findings;
    this.pageSizeBytes = pageSizeBytes;
  }

  /// Whether arrays and heap fit the page: only then are they, and the CRC, where they should be.
  boolean checkExtent(long pageNo, long shape) {
    if (!PageExtent.isSound(shape, pageSizeBytes)) {
      findings.violation(
          pageNo,
          "arrays and cells that fit a page",
          PageExtent.lowEnd(shape) + " and " + PageHeader.heapBytes(shape) + " bytes");
      return false;
    }
    return true;
  }

  /// Checks the frame of a page with a sound extent.
  ///
  /// @return whether every cell lies in the page, so that it can be read
  boolean check(long pageNo, MemorySegment page, long shape) {
    if (PageHeader.count(shape) == 0) {
      findings.violation(pageNo, "a page with entries", "none");
    }
    int prefixLength = PageHeader.prefixLength(shape);
    int longest = hasByteKeys(shape) ? Limits.maxPrefixBytes(pageSizeBytes) : 0;
    if (prefixLength > longest) {
      findings.violation(
          pageNo, "a prefix of at most " + longest + " bytes", prefixLength + " bytes");
    }
    if (PageHeader.typeCode(shape) == IntegerBranchPage.TYPE_CODE) {
      return checkNoHeap(pageNo, shape);
    }
    boolean readable = checkCells(pageNo, page, shape);
    if (PageHeader.typeCode(shape) == BranchPage.TYPE_CODE) {
      checkHints(pageNo, page, shape);
    }
    return readable;
  }

  private boolean checkNoHeap(long pageNo, long shape) {
    if (PageHeader.heapBytes(shape) != 0) {
      findings.violation(pageNo, "no cells", PageHeader.heapBytes(shape) + " bytes of cells");
    }
    return true;
  }

  private static boolean hasByteKeys(long shape) {
    int type = PageHeader.typeCode(shape);
    return type == LeafPage.TYPE_CODE || type == BranchPage.TYPE_CODE;
  }

  private boolean checkCells(long pageNo, MemorySegment page, long shape) {
    int count = PageHeader.count(shape);
    int heapStart = PageExtent.heapStart(shape, pageSizeBytes);
    if (cells.length < count) {
      cells = new long[count];
    }
    boolean readable = true;
    for (int i = 0; i < count; i++) {
      long cell = cell(page, shape, i);
      boolean inHeap = cell >= heapStart && cell < pageSizeBytes;
      long end = inHeap ? cell + sizeBytes(page, shape, cell) : cell;
      if (!inHeap || end > pageSizeBytes) {
        findings.violation(
            pageNo,
            "cell " + i + " between " + heapStart + " and " + pageSizeBytes,
            "one from " + cell + " to " + end);
        readable = false;
      }
      cells[i] = cell << Integer.SIZE | end;
    }
    if (readable) {
      checkHeap(pageNo, heapStart, count);
    }
    return readable;
  }

  private void checkHeap(long pageNo, int heapStart, int count) {
    Arrays.sort(cells, 0, count);
    long end = heapStart;
    for (int i = 0; i < count; i++) {
      long start = cells[i] >>> Integer.SIZE;
      if (start != end) {
        findings.violation(
            pageNo, "a cell at " + end + ", behind the one before", "one at " + start);
      }
      end = (int) cells[i];
    }
    if (end != pageSizeBytes) {
      findings.violation(pageNo, "cells up to the page's end", "the last ends at " + end);
    }
  }

  private static long cell(MemorySegment page, long shape, int index) {
    return switch (PageHeader.typeCode(shape)) {
      case LeafPage.TYPE_CODE -> LeafPage.cell(page, 0, shape, index);
      case BranchPage.TYPE_CODE -> BranchPage.cell(page, 0, shape, index);
      default -> IntegerLeafPage.cell(page, 0, shape, index);
    };
  }

  private static long sizeBytes(MemorySegment page, long shape, long cell) {
    return PageHeader.typeCode(shape) == BranchPage.TYPE_CODE
        ? BranchCell.sizeBytes(page, cell)
        : LeafCell.sizeBytes(LeafCell.head(page, cell));
  }

  private void checkHints(long pageNo, MemorySegment page, long shape) {
    int count = PageHeader.count(shape);
    for (int j = 0; count > 0 && j < BranchPage.HINTS; j++) {
      int head = BranchPage.head(page, 0, shape, BranchPage.hinted(j, count));
      int hint = BranchPage.hint(page, 0, shape, j);
      if (hint != head) {
        findings.violation(
            pageNo, "hint " + j + " " + Integer.toHexString(head), Integer.toHexString(hint));
      }
    }
  }
}
