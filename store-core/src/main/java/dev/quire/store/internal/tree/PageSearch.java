package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.BranchPage;
import dev.quire.store.internal.format.IntegerBranchPage;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.KeyBytes;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;

/// Searches in a page of any type: what cursors and changes use. The key of a tree of integer keys
/// is in hand as its eight bytes.
final class PageSearch {

  private PageSearch() {}

  static boolean isLeaf(long shape) {
    return PageHeader.level(shape) == 0;
  }

  /// The child of a branch that holds `key`, if any does.
  static int childFor(
      PageReader pages, MemorySegment segment, long page, long shape, byte[] key, int keyLength) {
    return switch (PageHeader.typeCode(shape)) {
      case BranchPage.TYPE_CODE ->
          BranchSearch.childFor(pages, segment, page, shape, key, keyLength);
      case IntegerBranchPage.TYPE_CODE ->
          IntegerBranchPage.childFor(segment, page, shape, KeyBytes.word(key, keyLength, 0));
      default -> throw notATreePage(segment, page, shape);
    };
  }

  /// The place of `key` in a leaf: its index, or `~index` of the first greater key.
  static int position(
      PageReader pages, MemorySegment segment, long page, long shape, byte[] key, int keyLength) {
    return switch (PageHeader.typeCode(shape)) {
      case LeafPage.TYPE_CODE -> LeafSearch.position(pages, segment, page, shape, key, keyLength);
      case IntegerLeafPage.TYPE_CODE -> {
        long wanted = KeyBytes.word(key, keyLength, 0);
        int index = IntegerLeafPage.atLeast(segment, page, shape, wanted);
        boolean found =
            index < PageHeader.count(shape) && IntegerLeafPage.key(segment, page, index) == wanted;
        yield found ? index : ~index;
      }
      default -> throw notATreePage(segment, page, shape);
    };
  }

  /// Offset of a leaf's cell in the segment.
  static long cell(MemorySegment segment, long page, long shape, int index) {
    return PageHeader.typeCode(shape) == LeafPage.TYPE_CODE
        ? LeafPage.cell(segment, page, shape, index)
        : IntegerLeafPage.cell(segment, page, shape, index);
  }

  /// Compares `key` with the key at `index` of a leaf.
  static int compare(
      PageReader pages,
      MemorySegment segment,
      long page,
      long shape,
      int index,
      byte[] key,
      int keyLength) {
    if (PageHeader.typeCode(shape) == IntegerLeafPage.TYPE_CODE) {
      long found = IntegerLeafPage.key(segment, page, index);
      return Long.compareUnsigned(KeyBytes.word(key, keyLength, 0), found);
    }
    int prefixLength = PageHeader.prefixLength(shape);
    int side = KeyBytes.comparePrefix(key, keyLength, segment, LeafPage.prefix(page), prefixLength);
    if (side != 0) {
      return side;
    }
    long cell = LeafPage.cell(segment, page, shape, index);
    return LeafSearch.compare(pages, segment, cell, prefixLength, key, keyLength);
  }

  /// Finds where the value of a cell lies.
  static void readValue(
      PageReader pages, MemorySegment segment, long page, long cell, ValueSlot out) {
    readValue(pages, segment, page, cell, LeafCell.head(segment, cell), out);
  }

  /// Finds where the value of a cell lies, whose head was read.
  static void readValue(
      PageReader pages, MemorySegment segment, long page, long cell, long head, ValueSlot out) {
    if (!readInLeaf(segment, page, pages.pageSizeBytes(), cell, head, out)) {
      OverflowValues.read(pages, segment, cell, head, out);
    }
  }

  /// The same of a cell that is nothing but key and value. Reads nothing of a sound one.
  ///
  /// @return whether it is
  /// @throws dev.quire.store.errors.CorruptPageException if it leaves the page
  static boolean readInLeaf(
      MemorySegment segment, long page, int pageSizeBytes, long cell, long head, ValueSlot out) {
    if (cell + LeafCell.sizeBytes(head) > page + pageSizeBytes) {
      throw PageHeader.corrupt(segment, page, "a cell inside the page", "one that leaves it");
    }
    if (LeafCell.flags(head) != 0) {
      return false;
    }
    out.segment = segment;
    out.offset = cell + LeafCell.valueOffset(head);
    out.length = LeafCell.valueLength(head);
    out.expiryMillis = 0;
    out.runRef = 0;
    return true;
  }

  static RuntimeException notATreePage(MemorySegment segment, long page, long shape) {
    return PageHeader.corrupt(
        segment,
        page,
        "a page of the tree",
        "type " + PageHeader.typeCode(shape) + ", level " + PageHeader.level(shape));
  }
}
