package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.KEY_ARRAY_U64;
import static dev.quire.store.internal.format.Le.U8;

import java.lang.foreign.MemorySegment;

/// Changes of a page of a tree, whatever its type.
///
/// A page is a sequence of entries: keys with values in a leaf, separators with the child on their
/// right in a branch, whose first child stands apart. An entry takes a slot in the page's arrays
/// and a cell in its heap; neither has holes, so that what fits is a matter of [#freeBytes] alone.
public final class PageEditor {

  private PageEditor() {}

  /// Bytes that prefix and entries of an empty page of this shape can take.
  public static int capacity(long shape, int pageSizeBytes) {
    long empty = PageHeader.shapeOf(typeOf(shape), PageHeader.level(shape), 0, 0, 0);
    return pageSizeBytes - PageExtent.lowEnd(empty);
  }

  /// Bytes between arrays and heap.
  public static int freeBytes(long shape, int pageSizeBytes) {
    return PageExtent.heapStart(shape, pageSizeBytes) - PageExtent.lowEnd(shape);
  }

  /// What the entry at `index` would take in a page with a prefix of this length.
  public static int entryBytes(
      MemorySegment segment, long page, long shape, int index, int prefixLength) {
    return switch (PageHeader.typeCode(shape)) {
      case LeafPage.TYPE_CODE -> LeafEditor.entryBytes(segment, page, shape, index, prefixLength);
      case BranchPage.TYPE_CODE ->
          BranchEditor.entryBytes(segment, page, shape, index, prefixLength);
      case IntegerLeafPage.TYPE_CODE -> IntegerLeafEditor.entryBytes(segment, page, shape, index);
      default -> IntegerBranchPage.SLOT_BYTES;
    };
  }

  /// What `entry` takes in a page of this type with a prefix of this length.
  public static int entryBytes(long shape, PageEntry entry, int prefixLength) {
    return switch (PageHeader.typeCode(shape)) {
      case LeafPage.TYPE_CODE -> LeafPage.SLOT_BYTES + LeafCell.sizeBytes(entry, prefixLength);
      case BranchPage.TYPE_CODE -> {
        boolean spilled = entry.keyRef != PageRef.NONE;
        int suffixLength = entry.storedLength - prefixLength;
        yield BranchPage.SLOT_BYTES + BranchCell.sizeBytes(suffixLength, spilled);
      }
      case IntegerLeafPage.TYPE_CODE ->
          IntegerLeafPage.SLOT_BYTES + LeafCell.sizeBytes(entry, entry.storedLength);
      default -> IntegerBranchPage.SLOT_BYTES;
    };
  }

  /// The most that `entry` may take in a leaf, whatever its keys and its prefix.
  public static int leafEntryBytes(PageEntry entry) {
    return IntegerLeafPage.SLOT_BYTES + LeafCell.sizeBytes(entry, 0);
  }

  /// Whether the stored key of `entry` begins with the page's prefix.
  public static boolean hasPrefix(
      MemorySegment segment, long page, int prefixLength, PageEntry entry) {
    return entry.storedLength >= prefixLength
        && KeyBytes.matches(entry.key, 0, segment, LeafPage.prefix(page), prefixLength);
  }

  /// Starts to fill an empty page: all `count` entries are to be [#set] or copied, then [#finish].
  ///
  /// @param prefix bytes that all keys will begin with (its first `prefixLength` ones)
  public static void begin(
      MemorySegment segment, long page, byte[] prefix, int prefixLength, int count) {
    long shape = PageHeader.shape(segment, page);
    PageType type = typeOf(shape);
    int level = PageHeader.level(shape);
    PageHeader.setShape(segment, page, PageHeader.shapeOf(type, level, count, prefixLength, 0));
    MemorySegment.copy(prefix, 0, segment, U8, LeafPage.prefix(page), prefixLength);
  }

  /// Fills the slot at `index`.
  public static void set(
      MemorySegment segment, long page, int pageSizeBytes, int index, PageEntry entry) {
    switch (PageHeader.typeCode(PageHeader.shape(segment, page))) {
      case LeafPage.TYPE_CODE -> LeafEditor.set(segment, page, pageSizeBytes, index, entry);
      case BranchPage.TYPE_CODE -> BranchEditor.set(segment, page, pageSizeBytes, index, entry);
      case IntegerLeafPage.TYPE_CODE ->
          IntegerLeafEditor.set(segment, page, pageSizeBytes, index, entry);
      default -> IntegerBranchEditor.set(segment, page, index, entry);
    }
  }

  /// Ends a change of entries.
  public static void finish(MemorySegment segment, long page) {
    long shape = PageHeader.shape(segment, page);
    if (PageHeader.typeCode(shape) == BranchPage.TYPE_CODE) {
      BranchEditor.finish(segment, page, shape);
    }
  }

  /// Inserts an entry that fits: it takes at most [#freeBytes] and begins with the page's prefix.
  public static void insert(
      MemorySegment segment, long page, int pageSizeBytes, int index, PageEntry entry) {
    long shape = PageHeader.shape(segment, page);
    switch (PageHeader.typeCode(shape)) {
      case LeafPage.TYPE_CODE -> LeafEditor.open(segment, page, shape, index);
      case BranchPage.TYPE_CODE -> BranchEditor.open(segment, page, shape, index);
      case IntegerLeafPage.TYPE_CODE -> IntegerLeafEditor.open(segment, page, shape, index);
      default -> IntegerBranchEditor.open(segment, page, shape, index);
    }
    set(segment, page, pageSizeBytes, index, entry);
    finish(segment, page);
  }

  /// Adds an entry behind the last one of a leaf; it takes at most [#freeBytes] and begins with the
  /// page's prefix.
  public static void append(
      MemorySegment segment, long page, long shape, int pageSizeBytes, PageEntry entry) {
    if (PageHeader.typeCode(shape) == LeafPage.TYPE_CODE) {
      LeafEditor.append(segment, page, pageSizeBytes, entry);
    } else {
      insert(segment, page, pageSizeBytes, PageHeader.count(shape), entry);
    }
  }

  /// Puts an entry of a leaf in the place of the one at `index`, which has the same key. It fits.
  public static void replace(
      MemorySegment segment, long page, int pageSizeBytes, int index, PageEntry entry) {
    long shape = PageHeader.shape(segment, page);
    if (PageHeader.typeCode(shape) == LeafPage.TYPE_CODE) {
      if (!LeafEditor.overwrite(segment, page, shape, index, entry)) {
        LeafEditor.dropCell(segment, page, shape, pageSizeBytes, index);
        LeafEditor.set(segment, page, pageSizeBytes, index, entry);
      }
    } else if (!IntegerLeafEditor.overwrite(segment, page, shape, index, entry)) {
      IntegerLeafEditor.dropCell(segment, page, shape, pageSizeBytes, index);
      IntegerLeafEditor.set(segment, page, pageSizeBytes, index, entry);
    }
  }

  /// Removes the entry at `index`.
  public static void remove(MemorySegment segment, long page, int pageSizeBytes, int index) {
    long shape = PageHeader.shape(segment, page);
    switch (PageHeader.typeCode(shape)) {
      case LeafPage.TYPE_CODE -> {
        LeafEditor.dropCell(segment, page, shape, pageSizeBytes, index);
        LeafEditor.close(segment, page, PageHeader.shape(segment, page), index);
      }
      case BranchPage.TYPE_CODE -> BranchEditor.remove(segment, page, shape, pageSizeBytes, index);
      case IntegerLeafPage.TYPE_CODE -> {
        IntegerLeafEditor.dropCell(segment, page, shape, pageSizeBytes, index);
        IntegerLeafEditor.close(segment, page, PageHeader.shape(segment, page), index);
      }
      default -> IntegerBranchEditor.remove(segment, page, shape, index);
    }
    finish(segment, page);
  }

  /// Fills the slot at `toIndex` with a copy of another page's entry.
  ///
  /// @param spare overwritten
  public static void copy(
      MemorySegment from,
      long fromPage,
      int fromIndex,
      MemorySegment to,
      long toPage,
      int pageSizeBytes,
      int toIndex,
      PageEntry spare) {
    long shape = PageHeader.shape(from, fromPage);
    switch (PageHeader.typeCode(shape)) {
      case LeafPage.TYPE_CODE ->
          LeafEditor.copy(from, fromPage, fromIndex, to, toPage, pageSizeBytes, toIndex);
      case IntegerLeafPage.TYPE_CODE ->
          IntegerLeafEditor.copy(from, fromPage, fromIndex, to, toPage, pageSizeBytes, toIndex);
      default -> {
        readKey(from, fromPage, shape, fromIndex, spare);
        spare.childRef = ChildRefs.get(from, fromPage, shape, fromIndex + 1);
        set(to, toPage, pageSizeBytes, toIndex, spare);
      }
    }
  }

  /// Reads the key of an entry, as far as the page keeps it, into `entry`'s own array.
  public static void readKey(
      MemorySegment segment, long page, long shape, int index, PageEntry entry) {
    int prefixLength = PageHeader.prefixLength(shape);
    entry.keyRef = PageRef.NONE;
    switch (PageHeader.typeCode(shape)) {
      case LeafPage.TYPE_CODE -> {
        long cell = LeafPage.cell(segment, page, shape, index);
        long head = LeafCell.head(segment, cell);
        int suffixLength = LeafCell.suffixLength(head);
        readKey(segment, page, prefixLength, suffixLength, entry);
        if (LeafCell.isSpilled(head)) {
          entry.keyLength = LeafCell.keyLength(segment, cell, head);
          entry.keyRef = LeafCell.keyRef(segment, cell, head);
        }
        long suffix = cell + LeafCell.headBytes(head);
        MemorySegment.copy(segment, U8, suffix, entry.key, prefixLength, suffixLength);
      }
      case BranchPage.TYPE_CODE -> {
        long cell = BranchPage.cell(segment, page, shape, index);
        int suffixLength = BranchCell.suffixLength(segment, cell);
        readKey(segment, page, prefixLength, suffixLength, entry);
        if (BranchCell.isSpilled(segment, cell)) {
          entry.keyLength = BranchCell.keyLength(segment, cell);
          entry.keyRef = BranchCell.keyRef(segment, cell);
        }
        readHead(BranchPage.head(segment, page, shape, index), prefixLength, suffixLength, entry);
        int inCell = suffixLength - BranchPage.HEAD_BYTES;
        if (inCell > 0) {
          long suffix = cell + BranchCell.suffixOffset(segment, cell);
          int behindHead = prefixLength + BranchPage.HEAD_BYTES;
          MemorySegment.copy(segment, U8, suffix, entry.key, behindHead, inCell);
        }
      }
      default -> {
        entry.reserveKey(Long.BYTES);
        entry.setKey(entry.key, Long.BYTES);
        KEY_ARRAY_U64.set(entry.key, 0, IntegerLeafPage.key(segment, page, index));
      }
    }
  }

  private static void readKey(
      MemorySegment segment, long page, int prefixLength, int suffixLength, PageEntry entry) {
    entry.storedLength = prefixLength + suffixLength;
    entry.keyLength = entry.storedLength;
    entry.reserveKey(entry.storedLength);
    MemorySegment.copy(segment, U8, LeafPage.prefix(page), entry.key, 0, prefixLength);
  }

  private static void readHead(int head, int prefixLength, int suffixLength, PageEntry entry) {
    for (int i = 0; i < Math.min(suffixLength, Integer.BYTES); i++) {
      entry.key[prefixLength + i] = (byte) (head >>> ((Integer.BYTES - 1 - i) * Byte.SIZE));
    }
  }

  private static PageType typeOf(long shape) {
    return switch (PageHeader.typeCode(shape)) {
      case LeafPage.TYPE_CODE -> PageType.LEAF;
      case BranchPage.TYPE_CODE -> PageType.BRANCH;
      case IntegerLeafPage.TYPE_CODE -> PageType.INTEGER_LEAF;
      default -> PageType.INTEGER_BRANCH;
    };
  }
}
