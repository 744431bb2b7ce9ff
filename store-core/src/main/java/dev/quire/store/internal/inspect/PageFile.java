package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.txn.EngineView;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/// Pages of the data file, copied to private memory: whether each is the page that a reference
/// names, and whole.
final class PageFile {

  /// After how many bytes progress is told.
  private static final long PROGRESS_BYTES = 8 << 20;

  /// Zeros behind each page copied: the head of a corrupt cell may be read beyond the page's end.
  private static final int SLACK_BYTES = 64;

  private final EngineView view;
  private final NativeBuffers memory;
  private final Findings findings;
  private final Checksum checksum = new Checksum();
  private final int pageSizeBytes;
  private final boolean checksums;
  private final LongConsumer progress;
  private long readBytes;

  /// @param progress is told now and then how many bytes were read
  PageFile(EngineView view, NativeBuffers memory, Findings findings, LongConsumer progress) {
    this.view = view;
    this.progress = progress;
    this.memory = memory;
    this.findings = findings;
    this.pageSizeBytes = view.superblock().pageSizeBytes();
    this.checksums = view.superblock().checksums();
  }

  int pageSizeBytes() {
    return pageSizeBytes;
  }

  Findings findings() {
    return findings;
  }

  /// Memory for one page.
  MemorySegment newPage() {
    return newMemory((long) pageSizeBytes);
  }

  MemorySegment newMemory(long sizeBytes) {
    return memory.allocate(sizeBytes + SLACK_BYTES);
  }

  /// Copies the page that `ref` names.
  ///
  /// @return whether it is that page: else a violation, and the copy is of no use
  boolean load(long ref, MemorySegment target) {
    long pageNo = PageRef.pageNo(ref);
    if (!read(pageNo, 0, target, pageSizeBytes)) {
      return false;
    }
    long foundNo = PageHeader.pageNo(target, 0);
    if (foundNo != pageNo) {
      findings.violation(pageNo, "page number " + pageNo, "page number " + foundNo);
      return false;
    }
    long stamp = PageHeader.stamp(target, 0);
    if (!PageRef.matches(ref, stamp)) {
      findings.violation(
          pageNo, "a stamp with the low bits " + PageRef.stampBits(ref), "stamp " + stamp);
      return false;
    }
    return true;
  }

  /// Copies bytes of a page, or of the pages of a run.
  ///
  /// @return whether the file has them
  boolean read(long pageNo, long offset, MemorySegment target, long length) {
    long at = pageNo * pageSizeBytes + offset;
    long found = view.read(at, target, 0, length);
    if (readBytes / PROGRESS_BYTES != (readBytes + length) / PROGRESS_BYTES) {
      progress.accept(readBytes + length);
    }
    readBytes += length;
    if (found < length) {
      findings.violation(
          pageNo, "a file of at least " + (at + length) + " bytes", (at + found) + " bytes");
    }
    return found >= length;
  }

  /// Checks the CRC of a page in private memory whose used bytes fit a page.
  void checkCrc(long pageNo, MemorySegment page) {
    if (requiresCrc(pageNo, page)) {
      compareCrc(pageNo, page, PageCrc.of(checksum, page, 0, pageSizeBytes));
    }
  }

  /// Whether there is a CRC to compare; that there must be one, or none, is checked.
  boolean requiresCrc(long pageNo, MemorySegment page) {
    boolean has = PageHeader.hasCrc(PageHeader.shape(page, 0));
    if (has != checksums) {
      findings.violation(
          pageNo,
          checksums ? "a page with a checksum" : "a page without a checksum",
          has ? "one with" : "one without");
    } else if (!has && PageHeader.crc(page, 0) != 0) {
      findings.violation(pageNo, "zero in place of a checksum", hex(PageHeader.crc(page, 0)));
    }
    return has;
  }

  void compareCrc(long pageNo, MemorySegment page, int found) {
    int expected = PageHeader.crc(page, 0);
    if (found != expected) {
      findings.violation(pageNo, "bytes with checksum " + hex(expected), "checksum " + hex(found));
    }
  }

  private static String hex(int crc) {
    return Integer.toHexString(crc);
  }
}
