package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageAllocator;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;

/// What does not fit a page: long values, and the rest of long keys, in runs of pages of their own.
final class OverflowValues {

  private OverflowValues() {}

  /// Finds the value of a cell with flags, wherever it lies.
  static void read(PageReader pages, MemorySegment segment, long cell, long head, ValueSlot out) {
    out.expiryMillis = LeafCell.expiryMillis(segment, cell, head);
    out.length = LeafCell.valueLength(head);
    if (!LeafCell.isOverflow(head)) {
      out.segment = segment;
      out.offset = cell + LeafCell.valueOffset(head);
      out.runRef = PageRef.NONE;
      return;
    }
    long run = LeafCell.valueRef(segment, cell, head);
    MemorySegment runSegment = pages.segmentOf(run);
    long page = pages.offsetOf(run);
    long dataLength = OverflowPage.dataLength(runSegment, page);
    boolean isRun =
        PageHeader.typeCode(PageHeader.shape(runSegment, page)) == OverflowPage.TYPE_CODE;
    if (!isRun
        || dataLength != out.length
        || page + OverflowPage.DATA + dataLength > runSegment.byteSize()) {
      throw PageHeader.corrupt(
          runSegment, page, "a run with " + out.length + " bytes", dataLength + " bytes");
    }
    out.segment = runSegment;
    out.offset = page + OverflowPage.DATA;
    out.runRef = run;
  }

  /// Whether key or value of an entry, of which nothing is stored yet, are too long for a page.
  static boolean mustSpill(PageEntry entry, int pageSizeBytes) {
    int limit = Limits.maxEntryBytes(pageSizeBytes);
    return entry.valueRef != PageRef.NONE
        || entry.keyLength > Limits.maxInlineKeyBytes(pageSizeBytes)
        || entry.valueLength > limit
        || PageEditor.leafEntryBytes(entry) > limit;
  }

  /// Stores the end of a key that is too long for a page in a run.
  ///
  /// @param entry holds the whole key, and gets the reference
  static void spillKey(PageAllocator pages, TreeRoot root, PageEntry entry) {
    if (entry.keyLength <= Limits.maxInlineKeyBytes(pages.pageSizeBytes())) {
      return;
    }
    entry.storedLength = Limits.spilledKeyInlineBytes(pages.pageSizeBytes());
    int rest = entry.keyLength - entry.storedLength;
    entry.keyRef = pages.writeRun(MemorySegment.ofArray(entry.key), entry.storedLength, rest);
    root.overflowPages += OverflowPage.pages(rest, pages.pageSizeBytes());
  }

  /// Stores a value that is too long for a page in a run.
  ///
  /// @param entry has its key stored, and gets the reference
  static void spillValue(PageAllocator pages, TreeRoot root, PageEntry entry) {
    int pageSizeBytes = pages.pageSizeBytes();
    if (entry.valueRef == PageRef.NONE) {
      int limit = Limits.maxEntryBytes(pageSizeBytes);
      if (entry.valueLength <= limit && PageEditor.leafEntryBytes(entry) <= limit) {
        return;
      }
      entry.valueRef = pages.writeRun(entry.value, entry.valueOffset, entry.valueLength);
    }
    root.overflowPages += OverflowPage.pages(entry.valueLength, pageSizeBytes);
  }

  /// Retires the run of a cell's value, if it has one.
  static void retireValue(
      PageAllocator pages, TreeRoot root, MemorySegment segment, long cell, long head) {
    if (LeafCell.isOverflow(head)) {
      pages.retire(LeafCell.valueRef(segment, cell, head));
      long length = LeafCell.valueLength(head);
      root.overflowPages -= OverflowPage.pages(length, pages.pageSizeBytes());
    }
  }

  /// Retires the runs of an entry of a leaf that is about to go.
  static void retireRuns(
      PageAllocator pages, TreeRoot root, MemorySegment segment, long page, long shape, int index) {
    long cell = PageSearch.cell(segment, page, shape, index);
    long head = LeafCell.head(segment, cell);
    if (LeafCell.flags(head) == 0) {
      return;
    }
    retireValue(pages, root, segment, cell, head);
    if (LeafCell.isSpilled(head)) {
      int stored = PageHeader.prefixLength(shape) + LeafCell.suffixLength(head);
      int rest = LeafCell.keyLength(segment, cell, head) - stored;
      retireKey(pages, root, LeafCell.keyRef(segment, cell, head), rest);
    }
  }

  /// Retires the run of a key, if it has one.
  static void retireKey(PageAllocator pages, TreeRoot root, PageEntry entry) {
    if (entry.keyRef != PageRef.NONE) {
      retireKey(pages, root, entry.keyRef, entry.keyLength - entry.storedLength);
    }
  }

  static void retireKey(PageAllocator pages, TreeRoot root, long run, long length) {
    pages.retire(run);
    root.overflowPages -= OverflowPage.pages(length, pages.pageSizeBytes());
  }
}
