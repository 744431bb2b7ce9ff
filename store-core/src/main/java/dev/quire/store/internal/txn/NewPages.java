package dev.quire.store.internal.txn;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeWalk;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;

/// Checks the pages that the head reaches and that are newer than the durable superblock: those
/// that only the page cache may hold. Older ones are protected by the superblock until a later
/// checkpoint. Or checks all of them, in a file that nothing protected.
final class NewPages implements TreeWalk.Visitor {

  private final Snapshot snapshot;
  private final long durableTxnId;
  private final Checksum checksum = new Checksum();
  private final MemorySegment copy;

  private NewPages(EngineParts parts, Snapshot snapshot, long durableTxnId) {
    this.snapshot = snapshot;
    this.durableTxnId = durableTxnId;
    this.copy = parts.buffers.allocate(Limits.MAX_PAGE_SIZE_BYTES);
  }

  /// Whether each of them is what the reference to it says.
  static boolean areSound(EngineParts parts) {
    Snapshot snapshot = parts.readers.pin();
    try {
      new NewPages(parts, snapshot, parts.state.durableTxnId()).check();
      MappedFaults.settle(snapshot);
      return true;
    } catch (RuntimeException | Error e) {
      RuntimeException failure = MappedFaults.translate(snapshot, e);
      if (failure instanceof CorruptPageException || failure instanceof StoreTruncatedException) {
        return false;
      }
      throw failure;
    } finally {
      snapshot.end();
    }
  }

  /// Fails unless all pages that the head reaches, and those of the space map of `superblock`, are
  /// what the references to them say.
  static void requireAllSound(EngineParts parts, Superblock superblock) {
    Snapshot snapshot = parts.readers.pin();
    try {
      NewPages pages = new NewPages(parts, snapshot, -1);
      pages.check();
      MemorySegment file = snapshot.segmentOf(superblock.mapRef());
      int size = parts.pageSizeBytes();
      Recovery.loadResting(parts, superblock)
          .forEach(page -> pages.requireCrc(file, page * size, size));
      MappedFaults.settle(snapshot);
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(snapshot, e);
    } finally {
      snapshot.end();
    }
  }

  private void check() {
    TreeWalk.walk(snapshot, snapshot.catalogueRef(), this);
    TreeCursor tables = new TreeCursor(snapshot);
    tables.open(snapshot.catalogueRef());
    ValueSlot slot = new ValueSlot();
    for (boolean more = tables.first(); more; more = tables.next()) {
      tables.value(slot);
      TableRecord table = Catalogue.decode(slot);
      TreeWalk.walk(snapshot, table.rootRef(), this);
    }
  }

  @Override
  public boolean page(long ref, MemorySegment segment, long page, int depth) {
    if (PageHeader.birth(segment, page) <= durableTxnId) {
      return false;
    }
    requireCrc(segment, page, snapshot.pageSizeBytes());
    return true;
  }

  private void requireCrc(MemorySegment segment, long page, int size) {
    MemorySegment.copy(segment, page, copy, 0, size);
    if (PageHeader.hasCrc(PageHeader.shape(copy, 0))) {
      requireCrc(PageCrc.of(checksum, copy, 0, size));
    }
  }

  @Override
  public void run(long ref, long lengthBytes) {
    MemorySegment segment = snapshot.segmentOf(ref);
    long page = snapshot.offsetOf(ref);
    if (PageHeader.birth(segment, page) <= durableTxnId) {
      return;
    }
    long end = OverflowPage.DATA + lengthBytes;
    checksum.begin();
    for (long at = PageHeader.CHECKED_FROM; at < end; at += copy.byteSize()) {
      long piece = Math.min(copy.byteSize(), end - at);
      MemorySegment.copy(segment, page + at, copy, 0, piece);
      checksum.add(copy, 0, piece);
    }
    int found = checksum.value();
    MemorySegment.copy(segment, page, copy, 0, PageHeader.SIZE_BYTES);
    if (PageHeader.hasCrc(PageHeader.shape(copy, 0))) {
      requireCrc(found);
    }
  }

  private void requireCrc(int found) {
    if (PageHeader.crc(copy, 0) != found) {
      throw PageHeader.corrupt(
          copy,
          0,
          "checksum " + Integer.toHexString(PageHeader.crc(copy, 0)),
          Integer.toHexString(found));
    }
  }
}
