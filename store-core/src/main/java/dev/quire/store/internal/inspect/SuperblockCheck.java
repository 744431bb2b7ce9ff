package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.FileHeader;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.MapPage;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.SuperblockPage;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.txn.EngineView;
import dev.quire.store.internal.txn.EngineView.Marks;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The four superblock pages: each readable, both of a slot the same, the durable one in agreement
/// with the newest transaction. Read while nothing is brought to rest.
final class SuperblockCheck {

  private final EngineView view;
  private final PageFile file;
  private final Findings findings;
  private final MemorySegment page;
  private final Checksum checksum = new Checksum();

  SuperblockCheck(EngineView view, PageFile file) {
    this.view = view;
    this.file = file;
    this.findings = file.findings();
    this.page = file.newPage();
  }

  /// Checks the superblocks.
  ///
  /// @return the durable one, or null if it cannot be used
  @Nullable Superblock check(Marks marks) {
    Superblock durable = null;
    for (int slot = 0; slot < 2; slot++) {
      Superblock found = readSlot(slot);
      if (found == null) {
        continue;
      }
      if (found.sequence() == marks.durableSequence()) {
        durable = found;
      } else if (Math.abs(found.sequence() - marks.durableSequence()) != 1) {
        findings.violation(
            2L * slot,
            "a superblock with a sequence beside " + marks.durableSequence(),
            "sequence " + found.sequence());
      }
    }
    if (durable == null) {
      findings.violation(
          2 * (marks.durableSequence() & 1),
          "the durable superblock with sequence " + marks.durableSequence(),
          "none");
      return null;
    }
    return isConsistent(durable, marks) ? durable : null;
  }

  private @Nullable Superblock readSlot(int slot) {
    Superblock first = readPage(slot, 0);
    Superblock second = readPage(slot, 1);
    if (first != null && second != null && !first.equals(second)) {
      findings.violation(
          2L * slot + 1, "the same superblock as page " + 2 * slot, second.toString());
    }
    return first != null ? first : second;
  }

  private @Nullable Superblock readPage(int slot, int copy) {
    long pageNo = 2L * slot + copy;
    if (!file.read(pageNo, 0, page, file.pageSizeBytes())) {
      return null;
    }
    if (!SuperblockPage.hasMagic(page, 0)
        || FileHeader.formatVersion(page, 0) != SuperblockPage.FORMAT_VERSION) {
      findings.violation(
          pageNo,
          "a superblock of format version " + SuperblockPage.FORMAT_VERSION,
          SuperblockPage.hasMagic(page, 0)
              ? "version " + FileHeader.formatVersion(page, 0)
              : "no superblock");
      return null;
    }
    int length = SuperblockPage.SIZE_BYTES - FileHeader.CRC_START;
    int crc = checksum.of(page, FileHeader.CRC_START, length);
    if (crc != FileHeader.crc(page, 0)) {
      findings.violation(
          pageNo,
          "a superblock with checksum " + Integer.toHexString(FileHeader.crc(page, 0)),
          "checksum " + Integer.toHexString(crc));
      return null;
    }
    Superblock found = SuperblockPage.read(page, 0);
    if (found.slot() != slot || !isSameStore(found)) {
      findings.violation(
          pageNo, "a superblock of this store in its slot " + slot, found.toString());
      return null;
    }
    return found;
  }

  private boolean isSameStore(Superblock found) {
    Superblock own = view.superblock();
    return found.pageSizeBytes() == own.pageSizeBytes()
        && found.flags() == own.flags()
        && found.storeIdHigh() == own.storeIdHigh()
        && found.storeIdLow() == own.storeIdLow()
        && found.createdMillis() == own.createdMillis()
        && found.ringSizeBytes() == own.ringSizeBytes();
  }

  /// @return whether the space map and the catalogue can be looked for
  private boolean isConsistent(Superblock durable, Marks marks) {
    long pageNo = 2L * durable.slot();
    Head head = marks.head();
    require(
        durable.txnId() == marks.durableTxnId() && durable.txnId() <= head.txnId(),
        pageNo,
        "transaction " + marks.durableTxnId() + ", not after " + head.txnId(),
        durable.txnId());
    require(
        durable.lsn() <= head.lsn() && head.lsn() - durable.lsn() <= durable.ringSizeBytes(),
        pageNo,
        "a log position at most " + durable.ringSizeBytes() + " before " + head.lsn(),
        durable.lsn());
    require(
        durable.stampLimit() >= marks.nextStamp(),
        pageNo,
        "stamps reserved up to " + marks.nextStamp(),
        durable.stampLimit());
    require(
        durable.nextTableId() > 0 && durable.nextTableId() <= head.nextTableId(),
        pageNo,
        "a next table id up to " + head.nextTableId(),
        durable.nextTableId());
    long filePages = view.fileSizeBytes() / file.pageSizeBytes();
    boolean highWater =
        require(
            durable.highWaterPage() >= durable.firstPage() && durable.highWaterPage() <= filePages,
            pageNo,
            "a high-water page from " + durable.firstPage() + " to " + filePages,
            durable.highWaterPage());
    long leaves = (durable.highWaterPage() - 1) / MapPage.bitsPerLeaf(file.pageSizeBytes()) + 1;
    int least = MapPage.levels(leaves, file.pageSizeBytes());
    boolean levels =
        require(
            durable.mapRef() == PageRef.NONE && durable.mapLevels() == 1
                || durable.mapLevels() >= least && durable.mapLevels() <= least + 1,
            pageNo,
            least + " levels of the space map",
            durable.mapLevels());
    return highWater && levels;
  }

  private boolean require(boolean holds, long pageNo, String expected, long found) {
    if (!holds) {
      findings.violation(pageNo, expected, Long.toString(found));
    }
    return holds;
  }
}
