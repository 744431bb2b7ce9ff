package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.PendingPages;
import dev.quire.store.internal.page.SpaceMap;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeWalk;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Accounts for every page of an open store: reachable, pending, of the space map, or free; and
/// none of them two at once.
final class PageAudit implements TreeWalk.Visitor {

  private final Snapshot snapshot;
  private final int pageSizeBytes;
  private final Checksum checksum = new Checksum();
  private final BitSet reached = new BitSet();
  private @Nullable String finding;
  private long leafPages;
  private long branchPages;
  private long overflowPages;

  private PageAudit(Snapshot snapshot) {
    this.snapshot = snapshot;
    this.pageSizeBytes = snapshot.pageSizeBytes();
  }

  /// Looks at a store while nothing is published.
  ///
  /// @return the first thing that is wrong, or null
  static @Nullable String findingOf(Engine engine) {
    @Nullable String[] finding = {null};
    engine.view().whileStill(still -> finding[0] = new PageAudit(still.snapshot()).audit(still));
    return finding[0];
  }

  private @Nullable String audit(EngineView.Still still) {
    walkTrees();
    SpaceMap map = still.map();
    BitSet used = (BitSet) reached.clone();
    for (int page = reached.nextSetBit(0); page >= 0; page = reached.nextSetBit(page + 1)) {
      note(map.isLive(page), "page " + page + " is reachable and not live");
    }
    long live = map.countLive(map.capacityPages());
    note(live == reached.cardinality(), live + " live, reachable " + reached.cardinality());
    still.resting().forEach(page -> addAlone(used, page, 1, "of the map"));
    PendingPages pending = still.pending();
    for (long at = pending.start(); at < pending.end(); at++) {
      addAlone(used, pending.pageNo(at), pending.count(at), "pending");
    }
    for (int page = used.nextSetBit(0); page >= 0; page = used.nextSetBit(page + 1)) {
      note(map.isUsed(page), "page " + page + " is needed and not used");
    }
    long usedCount = map.countUsed(map.capacityPages());
    note(usedCount == used.cardinality(), usedCount + " used, needed " + used.cardinality());
    return finding;
  }

  private void walkTrees() {
    TreeWalk.walk(snapshot, snapshot.catalogueRef(), this);
    TreeCursor tables = new TreeCursor(snapshot);
    tables.open(snapshot.catalogueRef());
    ValueSlot slot = new ValueSlot();
    for (boolean more = tables.first(); more; more = tables.next()) {
      tables.value(slot);
      TableRecord table = Catalogue.decode(slot);
      leafPages = 0;
      branchPages = 0;
      overflowPages = 0;
      TreeWalk.walk(snapshot, table.rootRef(), this);
      note(leafPages == table.leafPages(), "leaves " + leafPages + ", record " + table);
      note(branchPages == table.branchPages(), "branches " + branchPages + ", record " + table);
      note(overflowPages == table.overflowPages(), "runs " + overflowPages + ", record " + table);
    }
  }

  @Override
  public boolean page(long ref, MemorySegment segment, long page, int depth) {
    addAlone(reached, PageRef.pageNo(ref), 1, "reachable");
    long shape = PageHeader.shape(segment, page);
    if (PageHeader.level(shape) == 0) {
      leafPages++;
    } else {
      branchPages++;
    }
    MemorySegment copy = copy(segment, page, pageSizeBytes);
    if (PageHeader.hasCrc(shape)) {
      int crc = PageCrc.of(checksum, copy, 0, pageSizeBytes);
      note(crc == PageHeader.crc(copy, 0), "page " + PageRef.pageNo(ref) + ": wrong CRC");
    }
    note(PageHeader.birth(copy, 0) <= snapshot.txnId(), "page born after its snapshot");
    return true;
  }

  @Override
  public void run(long ref, long lengthBytes) {
    long pages = OverflowPage.pages(lengthBytes, pageSizeBytes);
    addAlone(reached, PageRef.pageNo(ref), pages, "reachable");
    overflowPages += pages;
    MemorySegment segment = snapshot.segmentOf(ref);
    long page = snapshot.offsetOf(ref);
    long end = OverflowPage.DATA + lengthBytes;
    MemorySegment copy = copy(segment, page, end);
    long shape = PageHeader.shape(copy, 0);
    note(PageHeader.typeCode(shape) == PageType.OVERFLOW.code(), "a run of another type");
    note(OverflowPage.dataLength(copy, 0) == lengthBytes, "a run of another length");
    if (PageHeader.hasCrc(shape)) {
      int crc = checksum.of(copy, PageHeader.CHECKED_FROM, end - PageHeader.CHECKED_FROM);
      note(crc == PageHeader.crc(copy, 0), "run at " + PageRef.pageNo(ref) + ": wrong CRC");
    }
  }

  private static MemorySegment copy(MemorySegment segment, long offset, long length) {
    MemorySegment copy = MemorySegment.ofArray(new byte[(int) length]);
    MemorySegment.copy(segment, offset, copy, 0, length);
    return copy;
  }

  private void addAlone(BitSet pages, long first, long count, String what) {
    for (long page = first; page < first + count; page++) {
      note(!pages.get((int) page), "page " + page + " is " + what + " and something else");
      pages.set((int) page);
    }
  }

  private void note(boolean isRight, String otherwise) {
    if (!isRight && finding == null) {
      finding = otherwise;
    }
  }
}
