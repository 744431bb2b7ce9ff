package dev.quire.store.internal.inspect;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.region.Checksum;
import java.lang.foreign.MemorySegment;

/// Overflow runs: long values, and the ends of long keys.
final class RunCheck {

  private static final int PIECE_BYTES = 256 << 10;

  /// The page whose entry refers to a run.
  ///
  /// @param pageNo its number
  /// @param birth its birth
  /// @param stamp its stamp
  record Holder(long pageNo, long birth, long stamp) {}

  private final Walk walk;
  private final PageFile file;
  private final Findings findings;
  private final Checksum checksum = new Checksum();
  private final MemorySegment first;
  private final MemorySegment piece;

  RunCheck(Walk walk) {
    this.walk = walk;
    this.file = walk.file();
    this.findings = file.findings();
    this.first = file.newPage();
    this.piece = file.newMemory(PIECE_BYTES);
  }

  /// Checks the run of a value.
  ///
  /// @return number of its pages
  long checkValue(Holder holder, long ref, long length) {
    if (length > Limits.MAX_VALUE_BYTES) {
      findings.violation(
          holder.pageNo(),
          "a value of at most " + Limits.MAX_VALUE_BYTES + " bytes",
          length + " bytes");
      walk.cut();
      return 0;
    }
    check(holder, ref, length);
    return OverflowPage.pages(length, file.pageSizeBytes());
  }

  /// Checks the run of a key's end, and completes the key in `entry`.
  ///
  /// @return number of its pages, or 0 if the key stays incomplete
  long checkKey(Holder holder, PageEntry entry) {
    int inline = Limits.spilledKeyInlineBytes(file.pageSizeBytes());
    if (entry.storedLength != inline
        || entry.keyLength <= Limits.maxInlineKeyBytes(file.pageSizeBytes())
        || entry.keyLength > Limits.MAX_STORED_KEY_BYTES) {
      findings.violation(
          holder.pageNo(),
          "a long key, of which the page has " + inline + " bytes",
          entry.keyLength + " bytes, of which the page has " + entry.storedLength);
      walk.cut();
      return 0;
    }
    int rest = entry.keyLength - entry.storedLength;
    if (!check(holder, entry.keyRef, rest)
        || !file.read(PageRef.pageNo(entry.keyRef), OverflowPage.DATA, piece, rest)) {
      return 0;
    }
    entry.reserveKey(entry.keyLength);
    MemorySegment.copy(piece, JAVA_BYTE, 0, entry.key, entry.storedLength, rest);
    return OverflowPage.pages(rest, file.pageSizeBytes());
  }

  /// @return whether the run is there, with that many bytes
  private boolean check(Holder holder, long ref, long length) {
    long pages = OverflowPage.pages(length, file.pageSizeBytes());
    long pageNo = PageRef.pageNo(ref);
    if (!walk.claim(holder.pageNo(), ref, pages)) {
      return false;
    }
    if (walk.isChecked(pageNo)) {
      return true;
    }
    if (!walk.load(ref, first, holder.birth(), holder.stamp())) {
      return false;
    }
    long shape = PageHeader.shape(first, 0);
    if (PageHeader.typeCode(shape) != OverflowPage.TYPE_CODE) {
      findings.violation(pageNo, "an overflow run", "a page of type " + PageHeader.typeCode(shape));
      walk.cut();
      return false;
    }
    if (isUsed(shape)) {
      findings.violation(
          pageNo, "zero in level, count, prefix and heap of a run", Long.toHexString(shape));
    }
    long found = OverflowPage.dataLength(first, 0);
    if (found != length) {
      findings.violation(pageNo, "a run of " + length + " bytes", found + " bytes");
      walk.cut();
      return false;
    }
    checkCrc(pageNo, length);
    findings.pages(PageKinds.name(PageType.OVERFLOW.code()), pages);
    return true;
  }

  private static boolean isUsed(long shape) {
    return PageHeader.level(shape) != 0
        || PageHeader.count(shape) != 0
        || PageHeader.prefixLength(shape) != 0
        || PageHeader.heapBytes(shape) != 0;
  }

  private void checkCrc(long pageNo, long length) {
    if (!file.requiresCrc(pageNo, first)) {
      return;
    }
    checksum.begin();
    long end = OverflowPage.DATA + length;
    for (long at = PageHeader.CHECKED_FROM; at < end; at += PIECE_BYTES) {
      long size = Math.min(PIECE_BYTES, end - at);
      if (!file.read(pageNo, at, piece, size)) {
        return;
      }
      checksum.add(piece, 0, size);
    }
    file.compareCrc(pageNo, first, checksum.value());
  }
}
