package dev.quire.store.internal.copy;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.BranchCell;
import dev.quire.store.internal.format.BranchPage;
import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.IntegerBranchPage;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.NativeBuffers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Writes the pages of a snapshot one after the other, each behind everything that it refers to:
/// where its children lie is known when it is written, and the catalogue's root is the last.
///
/// A page is copied to private memory, checked against its CRC, given its new number and new
/// references, and a new CRC. Stamp and birth stay what they were.
final class TreeCopy {

  /// Levels of the catalogue, and of a table below it.
  private static final int MAX_DEPTH = 2 * Limits.MAX_DEPTH;

  private final PageReader pages;
  private final int pageSizeBytes;
  private final boolean checksums;
  private final NativeBuffers memory;
  private final PageOutput out;
  private final long endPage;
  private final List<MemorySegment> levels = new ArrayList<>();
  private final Checksum checksum = new Checksum();
  private final RunCopy runs;
  private long nextPage;

  /// @param target the superblock of the copy
  /// @param endPage no page may get this number: there are more than the tables say
  TreeCopy(
      PageReader pages, Superblock target, PageOutput out, long endPage, NativeBuffers memory) {
    this.pages = pages;
    this.pageSizeBytes = target.pageSizeBytes();
    this.checksums = target.checksums();
    this.memory = memory;
    this.out = out;
    this.endPage = endPage;
    this.nextPage = target.firstPage();
    this.runs = new RunCopy(pages, checksums, out, memory);
  }

  /// Copies everything that a catalogue reaches.
  ///
  /// @return reference to its root in the copy
  long copyCatalogue(long ref) {
    return copy(ref, 0, true);
  }

  /// Number that the next page would get.
  long nextPage() {
    return nextPage;
  }

  private long copy(long ref, int depth, boolean catalogue) {
    if (depth == MAX_DEPTH) {
      throw new CorruptPageException(
          new Violation(
              PageRef.pageNo(ref), "at most " + MAX_DEPTH + " levels", "a longer way down"));
    }
    MemorySegment page = load(ref, depth);
    long shape = PageHeader.shape(page, 0);
    switch (PageHeader.typeCode(shape)) {
      case BranchPage.TYPE_CODE -> {
        copySeparators(page, shape);
        copyChildren(page, shape, depth, catalogue);
      }
      case IntegerBranchPage.TYPE_CODE -> copyChildren(page, shape, depth, catalogue);
      case LeafPage.TYPE_CODE, IntegerLeafPage.TYPE_CODE ->
          copyCells(page, shape, depth, catalogue);
      default ->
          throw PageHeader.corrupt(
              page, 0, "a page of a tree", "type " + PageHeader.typeCode(shape));
    }
    return write(page);
  }

  private MemorySegment load(long ref, int depth) {
    if (levels.size() == depth) {
      levels.add(memory.allocate(pageSizeBytes));
    }
    MemorySegment page = levels.get(depth);
    MemorySegment.copy(pages.segmentOf(ref), pages.offsetOf(ref), page, 0, pageSizeBytes);
    MappedFaults.settle(pages);
    long shape = PageHeader.shape(page, 0);
    if (!PageExtent.isSound(shape, pageSizeBytes)) {
      throw PageHeader.corrupt(page, 0, "arrays and cells that fit a page", "more");
    }
    if (checksums) {
      requireCrc(page, PageCrc.of(checksum, page, 0, pageSizeBytes));
    }
    return page;
  }

  /// @throws CorruptPageException unless the page carries this CRC
  static void requireCrc(MemorySegment page, int computed) {
    if (!PageHeader.hasCrc(PageHeader.shape(page, 0)) || PageHeader.crc(page, 0) != computed) {
      throw PageHeader.corrupt(
          page,
          0,
          "bytes with checksum " + Integer.toHexString(PageHeader.crc(page, 0)),
          Integer.toHexString(computed));
    }
  }

  private void copyChildren(MemorySegment page, long shape, int depth, boolean catalogue) {
    for (int i = 0; i <= PageHeader.count(shape); i++) {
      long child = copy(ChildRefs.get(page, 0, shape, i), depth + 1, catalogue);
      ChildRefs.set(page, 0, shape, i, child);
    }
  }

  private void copySeparators(MemorySegment page, long shape) {
    for (int i = 0; i < PageHeader.count(shape); i++) {
      long cell = BranchPage.cell(page, 0, shape, i);
      if (BranchCell.isSpilled(page, cell)) {
        int stored = PageHeader.prefixLength(shape) + BranchCell.suffixLength(page, cell);
        int length = BranchCell.keyLength(page, cell) - stored;
        BranchCell.setKeyRef(page, cell, copyRun(BranchCell.keyRef(page, cell), length));
      }
    }
  }

  private void copyCells(MemorySegment page, long shape, int depth, boolean catalogue) {
    boolean integers = PageHeader.typeCode(shape) == IntegerLeafPage.TYPE_CODE;
    for (int i = 0; i < PageHeader.count(shape); i++) {
      long cell =
          integers ? IntegerLeafPage.cell(page, 0, shape, i) : LeafPage.cell(page, 0, shape, i);
      long head = LeafCell.head(page, cell);
      if (catalogue) {
        copyTable(page, cell, head, depth);
        continue;
      }
      if (LeafCell.isSpilled(head)) {
        int stored = PageHeader.prefixLength(shape) + LeafCell.suffixLength(head);
        int length = LeafCell.keyLength(page, cell, head) - stored;
        LeafCell.setKeyRef(page, cell, head, copyRun(LeafCell.keyRef(page, cell, head), length));
      }
      if (LeafCell.isOverflow(head)) {
        long run = LeafCell.valueRef(page, cell, head);
        LeafCell.setValueRef(page, cell, head, copyRun(run, LeafCell.valueLength(head)));
      }
    }
  }

  private void copyTable(MemorySegment page, long cell, long head, int depth) {
    if (LeafCell.flags(head) != 0 || LeafCell.valueLength(head) != TableRecord.SIZE_BYTES) {
      throw PageHeader.corrupt(
          page,
          0,
          "table records of " + TableRecord.SIZE_BYTES + " bytes",
          LeafCell.valueLength(head) + " bytes, flags " + LeafCell.flags(head));
    }
    long at = cell + LeafCell.valueOffset(head);
    TableRecord table = TableRecord.read(page, at);
    if (table.rootRef() != PageRef.NONE) {
      TableRecord.setRootRef(page, at, copy(table.rootRef(), depth + 1, false));
    }
  }

  private long copyRun(long ref, long length) {
    long pageNo = nextPage;
    take(runs.pages(ref, length));
    return runs.copy(ref, length, pageNo);
  }

  private long write(MemorySegment page) {
    long pageNo = nextPage;
    take(1);
    long stamp = PageHeader.stamp(page, 0);
    PageHeader.stamp(page, 0, pageNo, stamp, PageHeader.birth(page, 0));
    if (checksums) {
      PageHeader.markCrc(page, 0);
      PageHeader.setCrc(page, 0, PageCrc.of(checksum, page, 0, pageSizeBytes));
    }
    out.add(page, 0, pageSizeBytes);
    return PageRef.of(pageNo, stamp);
  }

  private void take(long count) {
    if (count > endPage - nextPage) {
      throw new CorruptPageException(
          new Violation(-1, "as many pages as the tables' records say", "more"));
    }
    nextPage += count;
  }
}
