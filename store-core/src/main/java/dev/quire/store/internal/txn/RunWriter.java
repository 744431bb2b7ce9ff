package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageAllocator.RunSource;
import dev.quire.store.internal.region.Checksum;
import java.lang.foreign.MemorySegment;

/// Writes overflow runs: straight to pages that nothing refers to yet, piece by piece, so that a
/// value of any length takes no more memory than one piece. The first page goes last, with the CRC.
final class RunWriter {

  private static final int PIECE_BYTES = 256 << 10;

  private final EngineParts parts;
  private final int pageSizeBytes;
  private final MemorySegment firstPage;
  private final MemorySegment piece;
  private final Checksum checksum = new Checksum();

  RunWriter(EngineParts parts) {
    this.parts = parts;
    this.pageSizeBytes = parts.pageSizeBytes();
    this.firstPage = parts.buffers.allocate(pageSizeBytes);
    this.piece = parts.buffers.allocate(PIECE_BYTES);
  }

  /// Writes a run of bytes in memory; where the disk has no room for it, once more elsewhere. Where
  /// the file is stored into and has no checksums, the bytes are copied once, straight to their
  /// place.
  ///
  /// @return its reference
  long write(long txnId, MemorySegment source, long sourceOffset, long length) {
    try {
      return writeOnce(txnId, source, sourceOffset, length);
    } catch (StoreFullException e) {
      return writeOnce(txnId, source, sourceOffset, length);
    }
  }

  private long writeOnce(long txnId, MemorySegment source, long sourceOffset, long length) {
    if (parts.data.isStored() && !parts.superblock.checksums()) {
      return write(length, run -> writeAtOnce(txnId, run, source, sourceOffset));
    }
    long[] position = {sourceOffset};
    return write(
        txnId,
        target -> {
          MemorySegment.copy(source, position[0], target, 0, target.byteSize());
          position[0] += target.byteSize();
        },
        length);
  }

  /// Writes a run of bytes that `source` gives. If it throws, the pages are free again.
  ///
  /// @return its reference
  long write(long txnId, RunSource source, long length) {
    return write(length, run -> writePieces(txnId, run, source));
  }

  /// A run whose pages are taken.
  ///
  /// @param length of its data, in bytes
  private record Run(long pageNo, long stamp, long length) {}

  /// The writing of the pages of a run.
  private interface Filling {
    void fill(Run run);
  }

  private long write(long length, Filling filling) {
    int pages = Math.toIntExact(OverflowPage.pages(length, pageSizeBytes));
    Run run;
    parts.spaceLock.lock();
    try {
      long pageNo = parts.allocator.allocateRun(pages);
      parts.data.require(pageNo + pages);
      run = new Run(pageNo, parts.takeStamps(1), length);
    } finally {
      parts.spaceLock.unlock();
    }
    try {
      filling.fill(run);
    } catch (RuntimeException | Error e) {
      giveBack(run.pageNo, pages);
      throw e;
    }
    return PageRef.of(run.pageNo, run.stamp);
  }

  /// Begins the first page.
  ///
  /// @return how much of the data goes into it
  private int begin(long txnId, Run run) {
    OverflowPage.init(firstPage, 0, run.length);
    PageHeader.stamp(firstPage, 0, run.pageNo, run.stamp, txnId);
    return (int) Math.min(run.length, pageSizeBytes - OverflowPage.DATA);
  }

  private void writeAtOnce(long txnId, Run run, MemorySegment source, long sourceOffset) {
    int inFirst = begin(txnId, run);
    MemorySegment.copy(source, sourceOffset, firstPage, OverflowPage.DATA, inFirst);
    parts.writePages(
        run.pageNo,
        OverflowPage.DATA + inFirst,
        source,
        sourceOffset + inFirst,
        run.length - inFirst);
    parts.writePages(run.pageNo, 0, firstPage, 0, OverflowPage.DATA + inFirst);
  }

  private void writePieces(long txnId, Run run, RunSource source) {
    int inFirst = begin(txnId, run);
    boolean checksums = parts.superblock.checksums();
    if (checksums) {
      PageHeader.markCrc(firstPage, 0);
    }
    source.fill(firstPage.asSlice(OverflowPage.DATA, inFirst));
    checksum.begin();
    checksum.add(
        firstPage, PageHeader.CHECKED_FROM, OverflowPage.DATA + inFirst - PageHeader.CHECKED_FROM);
    long written = inFirst;
    while (written < run.length) {
      long size = Math.min(PIECE_BYTES, run.length - written);
      source.fill(piece.asSlice(0, size));
      if (checksums) {
        checksum.add(piece, 0, size);
      }
      parts.writePages(run.pageNo, OverflowPage.DATA + written, piece, 0, size);
      written += size;
    }
    if (checksums) {
      PageHeader.setCrc(firstPage, 0, checksum.value());
    }
    parts.writePages(run.pageNo, 0, firstPage, 0, OverflowPage.DATA + inFirst);
  }

  private void giveBack(long pageNo, int pages) {
    parts.spaceLock.lock();
    try {
      parts.allocator.giveBack(pageNo, pages);
    } finally {
      parts.spaceLock.unlock();
    }
  }
}
