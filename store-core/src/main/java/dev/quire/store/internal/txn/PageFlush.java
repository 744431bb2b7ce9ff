package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.ScratchPlaces;
import dev.quire.store.internal.page.RunList;
import dev.quire.store.internal.page.ScratchPages;
import dev.quire.store.internal.page.SpaceAllocator;
import dev.quire.store.internal.region.Checksum;
import java.lang.foreign.MemorySegment;

/// Writes the scratch pages of a transaction to the file: numbers them, turns scratch references
/// into final ones, stamps and checksums them where they lie, and writes them in as few pieces as
/// possible.
///
/// Upper pages get numbers of their own, apart from the leaves: see
/// [dev.quire.store.internal.page.SpaceAllocator]. Pages whose scratch indexes and numbers both
/// follow each other are written at once, straight from scratch memory; others are gathered first.
final class PageFlush {

  private static final int GATHER_PAGES = 16;

  /// Pages that are finished and then written at once, while the caches hold them.
  private static final int MAX_WRITE_PAGES = 64;

  private final EngineParts parts;
  private final ScratchPages scratch;
  private final int pageSizeBytes;
  private final MemorySegment gather;
  private final Checksum checksum = new Checksum();
  private final RunList upper = new RunList();
  private final RunList leaves = new RunList();
  private long[] finalRefs = new long[64];

  /// The scratch indexes of all numbered pages: of upper pages first, then of leaves.
  private int[] order = new int[64];

  private int[] leafIndexes = new int[64];
  private long firstStamp;
  private int catalogueIndex = -1;

  /// Indexes below were looked at by the last [#number] of this transaction.
  private int numbered;

  /// Places of the order below were finished by the last [#write].
  private int finished;

  PageFlush(EngineParts parts, ScratchPages scratch) {
    this.parts = parts;
    this.scratch = scratch;
    this.pageSizeBytes = parts.pageSizeBytes();
    this.gather = parts.buffers.allocate((long) GATHER_PAGES * pageSizeBytes);
  }

  /// A transaction begins.
  void begin() {
    numbered = 0;
    finished = 0;
    upper.clear();
    leaves.clear();
  }

  /// Numbers every page that is current, and makes the file large enough.
  ///
  /// @return number of pages
  int number(long txnId, long catalogueRef) {
    catalogueIndex = PageRef.isScratch(catalogueRef) ? PageRef.scratchIndex(catalogueRef) : -1;
    int limit = scratch.limit();
    if (finalRefs.length < limit) {
      finalRefs = new long[Math.max(limit, 2 * finalRefs.length)];
      order = new int[finalRefs.length];
      leafIndexes = new int[finalRefs.length];
    }
    numbered = limit;
    finished = 0;
    int upperCount = 0;
    int leafCount = 0;
    for (int index = 0; index < limit; index++) {
      finalRefs[index] = PageRef.NONE;
      if (isCurrent(index)) {
        if (isLasting(index, txnId)) {
          leafIndexes[leafCount++] = index;
        } else {
          order[upperCount++] = index;
        }
      }
    }
    System.arraycopy(leafIndexes, 0, order, upperCount, leafCount);
    allocate(txnId, upperCount, leafCount);
    assign(leaves, assign(upper, 0));
    return upperCount + leafCount;
  }

  /// The runs of page numbers that [#number] gave out.
  void appendRunsTo(RunList births) {
    append(upper, births);
    append(leaves, births);
  }

  private static void append(RunList from, RunList to) {
    for (int i = 0; i < from.size(); i++) {
      to.add(from.start(i), from.count(i), from.birth(i));
    }
  }

  /// The final form of a reference after [#number].
  long finalRef(long ref) {
    if (!PageRef.isScratch(ref)) {
      return ref;
    }
    int index = PageRef.scratchIndex(ref);
    long known = index < numbered ? finalRefs[index] : PageRef.NONE;
    return known == PageRef.NONE ? ref : known;
  }

  /// Finishes and writes the `count` pages that were numbered.
  void write(long txnId, int count) {
    boolean checksums = parts.superblock.checksums();
    int from = 0;
    while (from < count) {
      int to = from;
      do {
        finish(order[to], firstStamp + to, txnId, checksums);
        to++;
        finished = to;
      } while (to < count && to - from < MAX_WRITE_PAGES && pageNo(to) == pageNo(to - 1) + 1);
      writeRun(from, to);
      from = to;
    }
  }

  /// Undoes a [#number] and a [#write] that found no room: the pages that were finished refer to
  /// scratch pages again, and the numbers are given back.
  ///
  /// @return what else had a final reference
  ScratchPlaces takeBack() {
    ScratchPlaces places = new ScratchPlaces(finalRefs, numbered);
    for (int i = 0; i < finished; i++) {
      ChildRefs.swizzle(scratch.segmentOf(order[i]), scratch.offsetOf(order[i]), places);
    }
    finished = 0;
    numbered = 0;
    giveBack();
    return places;
  }

  private long pageNo(int place) {
    return PageRef.pageNo(finalRefs[order[place]]);
  }

  /// After a spill: the pages written are pages of the transaction in the file, and leave scratch
  /// memory. Pages that only a savepoint refers to stay there, referring to the final places.
  void moveTo(SessionPages pages) {
    for (int index = 0; index < scratch.limit(); index++) {
      if (!scratch.isLive(index)) {
        continue;
      }
      if (scratch.isSuperseded(index)) {
        ChildRefs.unswizzle(scratch.segmentOf(index), scratch.offsetOf(index), finalRefs);
      } else {
        pages.addBorn(PageRef.pageNo(finalRefs[index]), 1, scratch.depthOf(index));
        scratch.discard(index);
      }
    }
  }

  /// Whether the page belongs to the current state, and not to an outer savepoint alone.
  private boolean isCurrent(int index) {
    return scratch.isLive(index) && !scratch.isSuperseded(index);
  }

  private void allocate(long txnId, int upperCount, int leafCount) {
    upper.clear();
    leaves.clear();
    parts.spaceLock.lock();
    try {
      parts.allocator.allocateUpper(upperCount, txnId, upper);
      parts.allocator.allocateLeaves(leafCount, txnId, leaves);
      parts.data.require(parts.allocator.highWater());
      firstStamp = parts.takeStamps((long) upperCount + leafCount);
    } catch (RuntimeException | Error e) {
      giveBack();
      throw e;
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// Gives the numbers back: the pages will not be written, or not be referred to.
  void giveBack() {
    parts.spaceLock.lock();
    try {
      giveBack(upper);
      giveBack(leaves);
    } finally {
      parts.spaceLock.unlock();
    }
  }

  private void giveBack(RunList runs) {
    for (int i = 0; i < runs.size(); i++) {
      parts.allocator.giveBack(runs.start(i), runs.count(i));
    }
    runs.clear();
  }

  /// Gives the numbers of some runs to the pages from place `firstPlace` of the order on.
  ///
  /// @return the place behind
  private int assign(RunList runs, int firstPlace) {
    int place = firstPlace;
    for (int run = 0; run < runs.size(); run++) {
      for (int i = 0; i < runs.count(run); i++) {
        finalRefs[order[place]] = PageRef.of(runs.start(run) + i, firstStamp + place);
        place++;
      }
    }
    return place;
  }

  private void finish(int index, long stamp, long txnId, boolean checksums) {
    MemorySegment s = scratch.segmentOf(index);
    long page = scratch.offsetOf(index);
    ChildRefs.unswizzle(s, page, finalRefs);
    PageHeader.stamp(s, page, PageRef.pageNo(finalRefs[index]), stamp, txnId);
    if (checksums) {
      PageHeader.markCrc(s, page);
      PageHeader.setCrc(s, page, PageCrc.of(checksum, s, page, pageSizeBytes));
    }
  }

  private void writeRun(int from, int to) {
    int i = from;
    while (i < to) {
      int adjacent = i + 1;
      while (adjacent < to && isNextInMemory(order[adjacent - 1], order[adjacent])) {
        adjacent++;
      }
      if (adjacent - i >= GATHER_PAGES / 2 || adjacent == to) {
        MemorySegment s = scratch.segmentOf(order[i]);
        long length = (long) (adjacent - i) * pageSizeBytes;
        parts.writePages(pageNo(i), 0, s, scratch.offsetOf(order[i]), length);
        i = adjacent;
      } else {
        i = writeGathered(i, to);
      }
    }
  }

  private int writeGathered(int from, int to) {
    int end = Math.min(to, from + GATHER_PAGES);
    for (int i = from; i < end; i++) {
      MemorySegment s = scratch.segmentOf(order[i]);
      PageExtent.copy(
          s, scratch.offsetOf(order[i]), gather, (long) (i - from) * pageSizeBytes, pageSizeBytes);
    }
    parts.writePages(pageNo(from), 0, gather, 0, (long) (end - from) * pageSizeBytes);
    return end;
  }

  private boolean isNextInMemory(int index, int next) {
    return next == index + 1 && next % ScratchPages.CHUNK_PAGES != 0;
  }

  /// Whether the page will stay for long, most likely: leaves do, and branches that replace one
  /// that did. The catalogue's root is written by every commit, whatever it is.
  private boolean isLasting(int index, long txnId) {
    if (index == catalogueIndex) {
      return false;
    }
    MemorySegment s = scratch.segmentOf(index);
    long page = scratch.offsetOf(index);
    if (PageHeader.level(PageHeader.shape(s, page)) == 0) {
      return true;
    }
    long replacedBirth = PageHeader.birth(s, page);
    return replacedBirth > 0 && txnId - replacedBirth > SpaceAllocator.SHORT_LIFE;
  }
}
