package dev.quire.store.internal.txn;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.page.MappedPages;
import dev.quire.store.internal.page.PageAllocator;
import dev.quire.store.internal.page.PageSet;
import dev.quire.store.internal.page.PageVerifier;
import dev.quire.store.internal.page.RunList;
import dev.quire.store.internal.page.ScratchPages;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The pages of the running write transaction: private copies in scratch memory, and pages of the
/// file.
///
/// Pages of the file that the transaction stops referring to are of two kinds. Those of earlier
/// transactions are *freed*: they become pending when the transaction is published. Those that it
/// wrote itself, overflow runs and spilled pages, go back to the allocator at once, unless a
/// savepoint could still bring them back: then they are *deferred* until the outermost savepoint is
/// closed.
final class SessionPages implements PageAllocator {

  private final EngineParts parts;
  private final DataFile data;
  private final @Nullable PageVerifier verifier;
  private final ScratchPages scratch;
  private final RunWriter runWriter;
  private final int pageSizeBytes;
  private final int pageShift;
  private RunList freed = new RunList();
  private final PageSet born = new PageSet();

  /// Born pages since the outermost savepoint was opened, with the depth in place of the birth.
  private RunList bornLog = new RunList();

  private final RunList deferred = new RunList();
  private MemorySegment file;
  private long txnId;
  private int savepoints;

  SessionPages(EngineParts parts) {
    this.parts = parts;
    this.data = parts.data;
    this.verifier = data.newVerifier();
    this.pageSizeBytes = data.pageSizeBytes();
    this.pageShift = data.pageShift();
    this.scratch = new ScratchPages(pageSizeBytes, parts.buffers::allocate);
    this.runWriter = new RunWriter(parts);
    this.file = data.mapping();
  }

  /// Begins a transaction.
  void begin(long newTxnId) {
    txnId = newTxnId;
    file = data.mapping();
    savepoints = 0;
  }

  /// Forgets everything; the pages that were born are given back first unless they are published.
  void end(boolean published) {
    if (!published) {
      giveBackBorn();
    }
    scratch.reset();
    freed.clear();
    born.clear();
    bornLog.clear();
    deferred.clear();
  }

  @Override
  public void countLookup(boolean found) {
    parts.metrics.countLookup(found);
  }

  @Override
  public void touch(long hash) {
    parts.touched.touch(hash);
  }

  ScratchPages scratch() {
    return scratch;
  }

  /// Hands over the pages of earlier transactions that this one replaces.
  RunList takeFreed() {
    RunList taken = freed;
    taken.sortAndJoin();
    freed = new RunList();
    return taken;
  }

  /// Pages of the file that this transaction wrote and refers to.
  PageSet born() {
    return born;
  }

  int savepointDepth() {
    return savepoints;
  }

  /// The file may have grown.
  void refresh() {
    file = data.mapping();
  }

  /// Notes pages that were written and are referred to from now on.
  ///
  /// @param depth of the savepoint in which their content was made: they are older than those
  ///   inside
  void addBorn(long page, int count, int depth) {
    born.add(page, count);
    if (savepoints > 0) {
      bornLog.add(page, count, depth);
    }
  }

  /// What [#rollbackTo] needs to know.
  ///
  /// @param depth of the savepoint
  /// @param freedSize length of the list of freed runs
  /// @param deferredSize length of the list of deferred runs
  record Mark(int depth, int freedSize, int deferredSize) {}

  Mark savepoint() {
    savepoints = scratch.savepoint();
    return new Mark(savepoints, freed.size(), deferred.size());
  }

  void rollbackTo(Mark mark) {
    scratch.rollbackTo(mark.depth());
    savepoints = mark.depth();
    freed.cutTo(mark.freedSize());
    deferred.cutTo(mark.deferredSize());
    RunList older = new RunList();
    for (int i = 0; i < bornLog.size(); i++) {
      if (bornLog.birth(i) >= mark.depth()) {
        giveBack(bornLog.start(i), bornLog.count(i));
      } else {
        older.add(bornLog.start(i), bornLog.count(i), bornLog.birth(i));
      }
    }
    bornLog = older;
  }

  void release(Mark mark) {
    scratch.release(mark.depth());
    savepoints = mark.depth() - 1;
    if (savepoints == 0) {
      for (int i = 0; i < deferred.size(); i++) {
        giveBack(deferred.start(i), deferred.count(i));
      }
      deferred.clear();
      bornLog.clear();
    } else {
      RunList merged = new RunList();
      for (int i = 0; i < bornLog.size(); i++) {
        long depth = Math.min(bornLog.birth(i), savepoints);
        merged.add(bornLog.start(i), bornLog.count(i), depth);
      }
      bornLog = merged;
    }
  }

  @Override
  public int pageSizeBytes() {
    return pageSizeBytes;
  }

  @Override
  public MemorySegment segmentOf(long ref) {
    return PageRef.isScratch(ref) ? scratch.segmentOf(scratchIndex(ref)) : file;
  }

  @Override
  public long offsetOf(long ref) {
    if (PageRef.isScratch(ref)) {
      return scratch.offsetOf(scratchIndex(ref));
    }
    long page = MappedPages.offsetOf(file, ref, pageShift, file.byteSize() >>> pageShift);
    if (verifier != null) {
      verifier.verify(file, page);
    }
    return page;
  }

  /// The index of a scratch page that is in use.
  ///
  /// @throws CorruptPageException if there is none: a page of the file, where no such reference can
  ///   be, held it
  private int scratchIndex(long ref) {
    int index = PageRef.scratchIndex(ref);
    if (PageRef.stampBits(ref) != 0 || !scratch.isLive(index)) {
      throw new CorruptPageException(
          new Violation(-1, "a reference to a page", "reference " + Long.toHexString(ref)));
    }
    return index;
  }

  @Override
  public boolean isTruncated() {
    return data.isTruncated() || parts.state.isCut();
  }

  @Override
  public void noteTruncated() {
    parts.state.noteTruncated();
  }

  @Override
  public long writable(long ref) {
    if (PageRef.isScratch(ref) && scratch.isEditable(scratchIndex(ref))) {
      return ref;
    }
    MemorySegment from = segmentOf(ref);
    long fromPage = offsetOf(ref);
    int index = scratch.allocate();
    PageExtent.copy(
        from, fromPage, scratch.segmentOf(index), scratch.offsetOf(index), pageSizeBytes);
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
    long page = offsetOf(ref);
    long pageNo = PageRef.pageNo(ref);
    int count = 1;
    if (PageHeader.typeCode(PageHeader.shape(file, page)) == PageType.OVERFLOW.code()) {
      count = (int) OverflowPage.pages(OverflowPage.dataLength(file, page), pageSizeBytes);
    }
    if (!born.contains(pageNo)) {
      free(pageNo, count, PageHeader.birth(file, page));
    } else if (savepoints > 0) {
      deferred.add(pageNo, count, 0);
    } else {
      giveBack(pageNo, count);
    }
  }

  private void free(long page, int count, long birth) {
    if (savepoints > 0) {
      // A mark is a length of the list: its entries stay as they are.
      freed.add(page, count, birth);
    } else {
      freed.addJoined(page, count, birth);
    }
  }

  @Override
  public long writeRun(MemorySegment source, long sourceOffset, long length) {
    return runWritten(runWriter.write(txnId, source, sourceOffset, length), length);
  }

  @Override
  public long writeRun(RunSource source, long length) {
    return runWritten(runWriter.write(txnId, source, length), length);
  }

  private long runWritten(long ref, long length) {
    refresh();
    addBorn(PageRef.pageNo(ref), (int) OverflowPage.pages(length, pageSizeBytes), savepoints);
    return ref;
  }

  private void giveBack(long page, int count) {
    born.remove(page, count);
    parts.spaceLock.lock();
    try {
      parts.allocator.giveBack(page, count);
    } finally {
      parts.spaceLock.unlock();
    }
  }

  private void giveBackBorn() {
    RunList runs = new RunList();
    born.appendTo(runs, txnId);
    for (int i = 0; i < runs.size(); i++) {
      giveBack(runs.start(i), runs.count(i));
    }
  }
}
