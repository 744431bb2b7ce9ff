package dev.quire.store.testing;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.page.PageAllocator;
import dev.quire.store.internal.page.ScratchPages;
import dev.quire.store.internal.tree.TreeRoot;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/// Pages in memory, without an engine: [#commit] gives scratch pages their numbers in a flat image.
///
/// Committed pages are never overwritten, so every old root stays readable, unless [#recycling].
/// Those that the newest root should refer to are [#livePages].
public final class TestPages implements PageAllocator {

  private final int pageSizeBytes;
  private final ScratchPages scratch;
  private MemorySegment image;
  private int pageCount = 1;
  private long stamp = 7;
  private long txnId = 1;
  private BitSet live = new BitSet();
  private boolean recycling;
  private BitSet reusable = new BitSet();
  private final Deque<BitSet> savepoints = new ArrayDeque<>();

  public TestPages(int pageSizeBytes) {
    this.pageSizeBytes = pageSizeBytes;
    this.scratch = new ScratchPages(pageSizeBytes, TestPages::memory);
    this.image = memory(64L * pageSizeBytes);
  }

  /// From now on pages that a commit frees are used again: old roots are lost.
  public TestPages recycling() {
    recycling = true;
    return this;
  }

  private static MemorySegment memory(long sizeBytes) {
    return Arena.ofAuto().allocate(sizeBytes, 4096);
  }

  @Override
  public boolean isTruncated() {
    return false;
  }

  @Override
  public void noteTruncated() {
    throw new AssertionError("memory that nobody can cut");
  }

  @Override
  public int pageSizeBytes() {
    return pageSizeBytes;
  }

  @Override
  public MemorySegment segmentOf(long ref) {
    return PageRef.isScratch(ref) ? scratch.segmentOf(PageRef.scratchIndex(ref)) : image;
  }

  @Override
  public long offsetOf(long ref) {
    if (PageRef.isScratch(ref)) {
      return scratch.offsetOf(PageRef.scratchIndex(ref));
    }
    long pageNo = PageRef.pageNo(ref);
    if (pageNo == 0 || pageNo >= pageCount) {
      throw new CorruptPageException(new Violation(pageNo, "a page of the image", "none"));
    }
    long page = pageNo * pageSizeBytes;
    if (PageHeader.pageNo(image, page) != pageNo
        || !PageRef.matches(ref, PageHeader.stamp(image, page))) {
      throw new CorruptPageException(new Violation(pageNo, "the page referred to", "another"));
    }
    return page;
  }

  @Override
  public long writable(long ref) {
    if (PageRef.isScratch(ref) && scratch.isEditable(PageRef.scratchIndex(ref))) {
      return ref;
    }
    int index = scratch.allocate();
    PageExtent.copy(
        segmentOf(ref),
        offsetOf(ref),
        scratch.segmentOf(index),
        scratch.offsetOf(index),
        pageSizeBytes);
    retire(ref);
    return PageRef.scratch(index);
  }

  @Override
  public long allocate(PageType type, int level) {
    int index = scratch.allocate();
    PageHeader.init(scratch.segmentOf(index), scratch.offsetOf(index), type, level);
    return PageRef.scratch(index);
  }

  @Override
  public int generation() {
    return scratch.generation();
  }

  @Override
  public void retire(long ref) {
    if (PageRef.isScratch(ref)) {
      scratch.free(PageRef.scratchIndex(ref));
      return;
    }
    int pageNo = (int) PageRef.pageNo(ref);
    long page = offsetOf(ref);
    boolean run = PageHeader.typeCode(PageHeader.shape(image, page)) == OverflowPage.TYPE_CODE;
    long pages = run ? OverflowPage.pages(OverflowPage.dataLength(image, page), pageSizeBytes) : 1;
    for (int i = 0; i < pages; i++) {
      if (!live.get(pageNo + i)) {
        throw new AssertionError("page " + (pageNo + i) + " retired twice");
      }
      live.clear(pageNo + i);
    }
  }

  @Override
  public long writeRun(MemorySegment source, long sourceOffset, long length) {
    return writeRun(
        target -> MemorySegment.copy(source, sourceOffset, target, 0, target.byteSize()), length);
  }

  @Override
  public long writeRun(RunSource source, long length) {
    int pageNo = number((int) OverflowPage.pages(length, pageSizeBytes));
    long page = (long) pageNo * pageSizeBytes;
    OverflowPage.init(image, page, length);
    source.fill(image.asSlice(page + OverflowPage.DATA, length));
    PageHeader.stamp(image, page, pageNo, ++stamp, txnId);
    return PageRef.of(pageNo, stamp);
  }

  private int recycled() {
    int pageNo = reusable.nextSetBit(0);
    if (pageNo < 0) {
      return number(1);
    }
    reusable.clear(pageNo);
    live.set(pageNo);
    return pageNo;
  }

  private int number(int pages) {
    int pageNo = pageCount;
    pageCount += pages;
    long needed = (long) pageCount * pageSizeBytes;
    if (needed > image.byteSize()) {
      MemorySegment larger = memory(Math.max(needed, image.byteSize() * 2));
      MemorySegment.copy(image, 0, larger, 0, image.byteSize());
      image = larger;
    }
    live.set(pageNo, pageNo + pages);
    return pageNo;
  }

  /// Opens a savepoint.
  public int savepoint() {
    savepoints.push((BitSet) live.clone());
    return scratch.savepoint();
  }

  /// Undoes what was done since the innermost savepoint, and closes it.
  public void rollback(int savepoint) {
    scratch.rollbackTo(savepoint);
    scratch.release(savepoint);
    live = savepoints.pop();
  }

  /// Closes the innermost savepoint.
  public void release(int savepoint) {
    scratch.release(savepoint);
    savepoints.pop();
  }

  /// Numbers all scratch pages and makes `roots` refer to them.
  public void commit(TreeRoot... roots) {
    long[] finalRefs = new long[scratch.limit()];
    int[] numbers = new int[scratch.limit()];
    for (int i = 0; i < finalRefs.length; i++) {
      if (scratch.isLive(i)) {
        numbers[i] = recycled();
        finalRefs[i] = PageRef.of(numbers[i], ++stamp);
      }
    }
    for (int i = 0; i < finalRefs.length; i++) {
      if (scratch.isLive(i)) {
        MemorySegment segment = scratch.segmentOf(i);
        long page = scratch.offsetOf(i);
        ChildRefs.unswizzle(segment, page, finalRefs);
        PageHeader.stamp(segment, page, numbers[i], PageRef.stampBits(finalRefs[i]), txnId);
        PageExtent.copy(segment, page, image, (long) numbers[i] * pageSizeBytes, pageSizeBytes);
      }
    }
    for (TreeRoot root : roots) {
      if (PageRef.isScratch(root.ref)) {
        root.ref = finalRefs[PageRef.scratchIndex(root.ref)];
      }
    }
    scratch.reset();
    txnId++;
    if (recycling) {
      reusable.set(1, pageCount);
      reusable.andNot(live);
    }
  }

  /// Numbers of the committed pages that have not been retired.
  public BitSet livePages() {
    return (BitSet) live.clone();
  }

  /// Number of pages in the image, those retired included.
  public int pageCount() {
    return pageCount;
  }

  /// Number of scratch pages in use.
  public int scratchCount() {
    return scratch.liveCount();
  }

  /// The committed pages, for tests that damage them.
  public MemorySegment image() {
    return image;
  }
}
