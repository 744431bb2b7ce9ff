package dev.quire.store.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.BranchPage;
import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.Fingerprint;
import dev.quire.store.internal.format.KeyBytes;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks that a tree is what it must be, page by page: order within and across pages, separators
/// that bound children, prefixes, heads, hints, fingerprints, counts, one depth, no hole in a heap,
/// every page referred to once.
public final class TreeInvariants {

  private final PageReader pages;
  private final int pageSizeBytes;
  private final TreeRoot root;
  private final TreeRoot found;
  private final Set<Long> refs = new HashSet<>();
  private final BitSet numbers = new BitSet();
  private byte @Nullable [] lastKey;

  private TreeInvariants(PageReader pages, TreeRoot root) {
    this.pages = pages;
    this.pageSizeBytes = pages.pageSizeBytes();
    this.root = root;
    this.found = new TreeRoot(root.integerKeys);
  }

  /// Checks a tree.
  ///
  /// @return the numbers of its committed pages
  public static BitSet check(PageReader pages, TreeRoot root) {
    TreeInvariants invariants = new TreeInvariants(pages, root);
    if (root.ref == PageRef.NONE) {
      assertEquals(0, root.depth);
    } else {
      invariants.checkPage(root.ref, root.depth - 1, null, null);
    }
    invariants.checkCounts();
    return invariants.numbers;
  }

  private void checkCounts() {
    assertEquals(found.entries, root.entries, "entries");
    assertEquals(found.leafPages, root.leafPages, "leaf pages");
    assertEquals(found.branchPages, root.branchPages, "branch pages");
    assertEquals(found.overflowPages, root.overflowPages, "overflow pages");
  }

  private void checkPage(long ref, int level, byte @Nullable [] low, byte @Nullable [] high) {
    note(ref, 1);
    MemorySegment segment = pages.segmentOf(ref);
    long page = pages.offsetOf(ref);
    long shape = PageHeader.shape(segment, page);
    assertEquals(level, PageHeader.level(shape), "level");
    int type = (root.integerKeys ? 3 : 1) + (level > 0 ? 1 : 0);
    assertEquals(type, PageHeader.typeCode(shape), "type");
    assertTrue(PageExtent.isSound(shape, pageSizeBytes), "arrays overlap heap");
    assertTrue(PageHeader.prefixLength(shape) <= Limits.maxPrefixBytes(pageSizeBytes), "prefix");
    int count = PageHeader.count(shape);
    if (level > 0) {
      found.branchPages++;
      checkBranch(segment, page, shape, low, high);
    } else {
      found.leafPages++;
      found.entries += count;
      assertTrue(count > 0, "empty leaf");
      checkLeaf(segment, page, shape, low, high);
    }
    checkHeap(segment, page, shape);
  }

  private void checkHeap(MemorySegment segment, long page, long shape) {
    int used = PageHeader.prefixLength(shape);
    for (int i = 0; i < PageHeader.count(shape); i++) {
      used += PageEditor.entryBytes(segment, page, shape, i, PageHeader.prefixLength(shape));
    }
    int capacity = PageEditor.capacity(shape, pageSizeBytes);
    assertEquals(capacity - used, PageEditor.freeBytes(shape, pageSizeBytes), "free bytes");
  }

  private void checkBranch(
      MemorySegment segment, long page, long shape, byte @Nullable [] low, byte @Nullable [] high) {
    int count = PageHeader.count(shape);
    assertTrue(count > 0, "a branch of one child");
    byte[][] separators = new byte[count][];
    for (int i = 0; i < count; i++) {
      separators[i] = key(segment, page, shape, i);
      byte[] below = i == 0 ? low : separators[i - 1];
      assertTrue(below == null || compare(below, separators[i]) < 0, "separators in order");
      assertTrue(high == null || compare(separators[i], high) < 0, "separators below bound");
    }
    if (!root.integerKeys) {
      checkHints(segment, page, shape, separators);
    }
    int level = PageHeader.level(shape);
    for (int i = 0; i <= count; i++) {
      byte[] from = i == 0 ? low : separators[i - 1];
      byte[] to = i == count ? high : separators[i];
      checkPage(ChildRefs.get(segment, page, shape, i), level - 1, from, to);
    }
  }

  private void checkHints(MemorySegment segment, long page, long shape, byte[][] separators) {
    int count = separators.length;
    int prefixLength = PageHeader.prefixLength(shape);
    for (int i = 0; i < count; i++) {
      int head = KeyBytes.head(separators[i], separators[i].length, prefixLength);
      assertEquals(head, BranchPage.head(segment, page, shape, i), "head");
    }
    for (int j = 0; j < 16; j++) {
      long at = page + 32 + prefixLength + 4L * j;
      int hint = segment.get(ValueLayout.JAVA_INT_UNALIGNED, at);
      assertEquals(BranchPage.head(segment, page, shape, (j + 1) * count / 17), hint, "hint");
    }
  }

  private void checkLeaf(
      MemorySegment segment, long page, long shape, byte @Nullable [] low, byte @Nullable [] high) {
    int prefixLength = PageHeader.prefixLength(shape);
    for (int i = 0; i < PageHeader.count(shape); i++) {
      byte[] key = key(segment, page, shape, i);
      assertTrue(lastKey == null || compare(lastKey, key) < 0, "keys in order");
      assertTrue(low == null || compare(low, key) <= 0, "key above bound");
      assertTrue(high == null || compare(key, high) < 0, "key below bound");
      lastKey = key;
      long cell = PageSearch.cell(segment, page, shape, i);
      long head = LeafCell.head(segment, cell);
      if (!root.integerKeys) {
        int keyHead = KeyBytes.head(key, key.length, prefixLength);
        long at = LeafPage.heads(page, shape) + 4L * i;
        assertEquals(keyHead, segment.get(ValueLayout.JAVA_INT_UNALIGNED, at), "head");
        int fingerprint = LeafPage.fingerprint(segment, page, shape, i);
        assertEquals(Fingerprint.of(key, key.length), fingerprint, "fingerprint");
      }
      if (LeafCell.isOverflow(head)) {
        noteRun(LeafCell.valueRef(segment, cell, head), LeafCell.valueLength(head));
      }
    }
  }

  private byte[] key(MemorySegment segment, long page, long shape, int index) {
    PageEntry entry = new PageEntry();
    PageEditor.readKey(segment, page, shape, index, entry);
    if (entry.keyRef != PageRef.NONE) {
      assertTrue(entry.keyLength > Limits.maxInlineKeyBytes(pageSizeBytes), "spilled for nothing");
      noteRun(entry.keyRef, entry.keyLength - entry.storedLength);
    }
    SpilledKeys.readRest(pages, entry);
    return Arrays.copyOf(entry.key, entry.keyLength);
  }

  private void noteRun(long ref, long length) {
    assertFalse(PageRef.isScratch(ref), "run in scratch");
    long runPages = OverflowPage.pages(length, pageSizeBytes);
    note(ref, runPages);
    found.overflowPages += runPages;
    assertEquals(
        length, OverflowPage.dataLength(pages.segmentOf(ref), pages.offsetOf(ref)), "run length");
  }

  private void note(long ref, long count) {
    assertTrue(refs.add(ref), "referred to twice");
    if (!PageRef.isScratch(ref)) {
      int first = (int) PageRef.pageNo(ref);
      assertEquals(-1, firstOf(first, count), "page referred to twice");
      numbers.set(first, first + (int) count);
    }
  }

  private int firstOf(int first, long count) {
    int set = numbers.nextSetBit(first);
    return set >= 0 && set < first + count ? set : -1;
  }

  private static int compare(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, right);
  }
}
