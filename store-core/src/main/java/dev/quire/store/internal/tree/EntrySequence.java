package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.IntegerBranchPage;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Entries in key order that are to be spread over pages anew: those of a page, with one more at
/// some position in the place of none or some, then those of the page's right sibling.
///
/// Splits, merges and removals differ only in what of this is there and where it is cut. Entries
/// are copied from page to page; the pages stay as they are.
final class EntrySequence {

  private final PageReader pages;
  private final int pageSizeBytes;

  private MemorySegment segment = MemorySegment.NULL;
  private long page;
  private long shape;
  private int count;

  private int position;
  private int replaced;
  private int inserted;
  private @Nullable PageEntry entry;

  private MemorySegment rightSegment = MemorySegment.NULL;
  private long rightPage;
  private long rightShape;
  private int rightCount;

  private int[] sizes = new int[64];
  private final PageEntry first = new PageEntry();
  private final PageEntry last = new PageEntry();

  EntrySequence(PageReader pages) {
    this.pages = pages;
    this.pageSizeBytes = pages.pageSizeBytes();
  }

  /// The entries of a page, of which `newReplaced` at `newPosition` give way to `newEntry`, if any.
  EntrySequence set(long ref, int newPosition, int newReplaced, @Nullable PageEntry newEntry) {
    segment = pages.segmentOf(ref);
    page = pages.offsetOf(ref);
    shape = PageHeader.shape(segment, page);
    count = PageHeader.count(shape);
    position = newPosition;
    replaced = newReplaced;
    entry = newEntry;
    inserted = newEntry == null ? 0 : 1;
    rightCount = 0;
    return this;
  }

  /// The entries of a page and of its right sibling, with `between` between them, if any.
  EntrySequence join(long ref, long rightRef, @Nullable PageEntry between) {
    set(ref, 0, 0, between);
    position = count;
    rightSegment = pages.segmentOf(rightRef);
    rightPage = pages.offsetOf(rightRef);
    rightShape = PageHeader.shape(rightSegment, rightPage);
    rightCount = PageHeader.count(rightShape);
    return this;
  }

  int size() {
    return count - replaced + inserted + rightCount;
  }

  /// Number of entries of the first page, before anything was inserted or replaced.
  int leftCount() {
    return count;
  }

  /// The first child of the first page (of a branch).
  long firstChild() {
    return ChildRefs.get(segment, page, shape, 0);
  }

  private boolean isEntry(int index) {
    return index == position && inserted > 0;
  }

  /// Index in the first page, or that in the right one plus [#count].
  private int source(int index) {
    return index < position ? index : index - inserted + replaced;
  }

  /// Reads the key at `index`, as far as pages keep it, and of a branch the child on its right.
  void read(int index, PageEntry out) {
    int source = source(index);
    if (isEntry(index)) {
      PageEntry in = requireEntry();
      out.reserveKey(in.storedLength);
      System.arraycopy(in.key, 0, out.key, 0, in.storedLength);
      out.keyLength = in.keyLength;
      out.storedLength = in.storedLength;
      out.keyRef = in.keyRef;
      out.childRef = in.childRef;
    } else if (source < count) {
      read(segment, page, shape, source, out);
    } else {
      read(rightSegment, rightPage, rightShape, source - count, out);
    }
  }

  private static void read(MemorySegment segment, long page, long shape, int index, PageEntry out) {
    PageEditor.readKey(segment, page, shape, index, out);
    if (!PageSearch.isLeaf(shape)) {
      out.childRef = ChildRefs.get(segment, page, shape, index + 1);
    }
  }

  private int bytes(int index, int prefixLength) {
    int source = source(index);
    if (isEntry(index)) {
      return PageEditor.entryBytes(shape, requireEntry(), prefixLength);
    }
    return source < count
        ? PageEditor.entryBytes(segment, page, shape, source, prefixLength)
        : PageEditor.entryBytes(rightSegment, rightPage, rightShape, source - count, prefixLength);
  }

  private PageEntry requireEntry() {
    PageEntry present = entry;
    if (present == null) {
      throw new AssertionError("no entry is inserted");
    }
    return present;
  }

  /// Length of the prefix that the keys `[from, to)` have in common and a page may take out.
  ///
  /// A single key is compared with the first of the sequence: what those two share, its future
  /// neighbours may.
  int commonPrefix(int from, int to) {
    if (size() <= 1 || to == from || isInteger()) {
      return 0;
    }
    boolean single = to - from == 1;
    int low = single ? 0 : from;
    read(low, first);
    read(Math.max(to - 1, low + 1), last);
    int limit = Math.min(first.storedLength, last.storedLength);
    limit = Math.min(limit, Limits.maxPrefixBytes(pageSizeBytes));
    int mismatch = Arrays.mismatch(first.key, 0, limit, last.key, 0, limit);
    return mismatch < 0 ? limit : mismatch;
  }

  private boolean isInteger() {
    int type = PageHeader.typeCode(shape);
    return type == IntegerLeafPage.TYPE_CODE || type == IntegerBranchPage.TYPE_CODE;
  }

  /// Bytes that a page has for entries of the sequence, with a prefix of this length.
  private int room(int prefixLength) {
    return PageEditor.capacity(shape, pageSizeBytes) - prefixLength;
  }

  /// Whether one page can hold all, with a prefix of this length.
  boolean fitsOnePage(int prefixLength) {
    return measure(prefixLength) <= room(prefixLength);
  }

  private int measure(int prefixLength) {
    int size = size();
    if (sizes.length < size) {
      sizes = new int[2 * size];
    }
    int total = 0;
    for (int i = 0; i < size; i++) {
      sizes[i] = bytes(i, prefixLength);
      total += sizes[i];
    }
    return total;
  }

  /// Where to cut for two pages: at `wanted` if that works, else so that they are as equal as
  /// possible.
  ///
  /// In leaves the entry at the cut is the right page's first. In branches it goes to neither: its
  /// separator moves up, its child becomes the right page's first.
  ///
  /// @param prefixLength of both pages
  /// @param wanted a place, or 0
  /// @return 0 if there is no place
  int cut(int prefixLength, int wanted) {
    int total = measure(prefixLength);
    int room = room(prefixLength);
    boolean leaf = PageSearch.isLeaf(shape);
    int last = size() - (leaf ? 1 : 2);
    int left = 0;
    int best = 0;
    int bestDifference = Integer.MAX_VALUE;
    for (int cut = 1; cut <= last; cut++) {
      left += sizes[cut - 1];
      int right = total - left - (leaf ? 0 : sizes[cut]);
      int difference = Math.abs(left - right);
      if (left <= room && right <= room && (difference < bestDifference || cut == wanted)) {
        best = cut;
        bestDifference = cut == wanted ? -1 : difference;
      }
    }
    return best;
  }

  /// Fills an empty page with the entries `[from, to)`.
  void write(MemorySegment target, long targetPage, int from, int to, long firstChild) {
    int prefixLength = commonPrefix(from, to);
    PageEditor.begin(target, targetPage, first.key, prefixLength, to - from);
    if (!PageSearch.isLeaf(shape)) {
      long targetShape = PageHeader.shape(target, targetPage);
      ChildRefs.set(target, targetPage, targetShape, 0, firstChild);
    }
    for (int i = from; i < to; i++) {
      int slot = i - from;
      int source = source(i);
      if (isEntry(i)) {
        PageEditor.set(target, targetPage, pageSizeBytes, slot, requireEntry());
      } else if (source < count) {
        PageEditor.copy(segment, page, source, target, targetPage, pageSizeBytes, slot, last);
      } else {
        PageEditor.copy(
            rightSegment, rightPage, source - count, target, targetPage, pageSizeBytes, slot, last);
      }
    }
    PageEditor.finish(target, targetPage);
  }
}
