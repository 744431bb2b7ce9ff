package dev.quire.store.internal.salvage;

import dev.quire.store.internal.format.OverflowPage;
import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.page.PageAllocator.RunSource;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Pages of a file that may be damaged: copied to private memory, and believed only if they are the
/// ones that a reference names and have the bytes that were written.
final class DamagedFile {

  /// The head of a corrupt cell may be read beyond the page's end.
  private static final int SLACK_BYTES = 64;

  private static final int PIECE_BYTES = 1 << 20;

  private final Region region;
  private final NativeBuffers memory;
  private final int pageSizeBytes;
  private final boolean checksums;
  private final Checksum checksum = new Checksum();
  private final MemorySegment piece;
  private final MemorySegment header;

  /// @param checksums whether every page must carry a CRC
  DamagedFile(Region region, NativeBuffers memory, int pageSizeBytes, boolean checksums) {
    this.region = region;
    this.memory = memory;
    this.pageSizeBytes = pageSizeBytes;
    this.checksums = checksums;
    this.piece = memory.allocate(PIECE_BYTES);
    this.header = memory.allocate(OverflowPage.DATA);
  }

  int pageSizeBytes() {
    return pageSizeBytes;
  }

  /// Whether every page must carry a CRC.
  boolean hasChecksums() {
    return checksums;
  }

  MemorySegment newPage() {
    return memory.allocate((long) pageSizeBytes + SLACK_BYTES);
  }

  /// Number of whole pages in the file.
  long pages() {
    return region.sizeBytes() / pageSizeBytes;
  }

  /// Copies the page of a tree that `ref` names.
  ///
  /// @return null if it is whole, else what is wrong
  @Nullable String load(long ref, MemorySegment target) {
    long pageNo = PageRef.pageNo(ref);
    if (region.read(pageNo * pageSizeBytes, target, 0, pageSizeBytes) < pageSizeBytes) {
      return "page " + pageNo + " is behind the end of the file";
    }
    if (PageHeader.pageNo(target, 0) != pageNo
        || !PageRef.matches(ref, PageHeader.stamp(target, 0))) {
      return "page " + pageNo + " is not the one that was written there";
    }
    long shape = PageHeader.shape(target, 0);
    if (!PageExtent.isSound(shape, pageSizeBytes)) {
      return "page " + pageNo + " has more entries than fit it";
    }
    return wrongCrc(target, PageCrc.of(checksum, target, 0, pageSizeBytes));
  }

  /// Copies the header of a page.
  ///
  /// @return whether it says that it is the header of a page of byte keys with this number
  boolean readHeader(long pageNo, MemorySegment target) {
    if (region.read(pageNo * pageSizeBytes, target, 0, PageHeader.SIZE_BYTES)
        < PageHeader.SIZE_BYTES) {
      return false;
    }
    int type = PageHeader.typeCode(PageHeader.shape(target, 0));
    return PageHeader.pageNo(target, 0) == pageNo
        && (type == PageType.LEAF.code() || type == PageType.BRANCH.code());
  }

  /// Copies the page of a tree with this number, of whatever stamp.
  ///
  /// @return the reference to it, or [PageRef#NONE] if there is none that is whole
  long loadTreePage(long pageNo, MemorySegment target) {
    if (region.read(pageNo * pageSizeBytes, header, 0, PageHeader.SIZE_BYTES)
            < PageHeader.SIZE_BYTES
        || PageHeader.pageNo(header, 0) != pageNo
        || !isTreeType(PageHeader.typeCode(PageHeader.shape(header, 0)))) {
      return PageRef.NONE;
    }
    long ref = PageRef.of(pageNo, PageHeader.stamp(header, 0));
    return load(ref, target) == null ? ref : PageRef.NONE;
  }

  private static boolean isTreeType(int type) {
    return type == PageType.LEAF.code()
        || type == PageType.BRANCH.code()
        || type == PageType.INTEGER_LEAF.code()
        || type == PageType.INTEGER_BRANCH.code();
  }

  /// Whether the header of a page says that it is the one which `ref` names.
  boolean hasHeaderOf(long ref) {
    long pageNo = PageRef.pageNo(ref);
    return region.read(pageNo * pageSizeBytes, header, 0, PageHeader.SIZE_BYTES)
            == PageHeader.SIZE_BYTES
        && PageHeader.pageNo(header, 0) == pageNo
        && PageRef.matches(ref, PageHeader.stamp(header, 0));
  }

  private @Nullable String wrongCrc(MemorySegment page, int found) {
    boolean has = PageHeader.hasCrc(PageHeader.shape(page, 0));
    if (has != checksums || has && PageHeader.crc(page, 0) != found) {
      return "page " + PageHeader.pageNo(page, 0) + " has a wrong checksum";
    }
    return null;
  }

  /// Looks at a whole run.
  ///
  /// @return null if it is whole, else what is wrong
  @Nullable String checkRun(long ref, long length) {
    long pageNo = PageRef.pageNo(ref);
    long start = pageNo * pageSizeBytes;
    long end = OverflowPage.DATA + length;
    if (length < 0 || end > region.sizeBytes() - start) {
      return "the pages from " + pageNo + " on are behind the end of the file";
    }
    region.read(start, header, 0, OverflowPage.DATA);
    long shape = PageHeader.shape(header, 0);
    if (PageHeader.pageNo(header, 0) != pageNo
        || !PageRef.matches(ref, PageHeader.stamp(header, 0))
        || PageHeader.typeCode(shape) != OverflowPage.TYPE_CODE
        || OverflowPage.dataLength(header, 0) != length) {
      return "page " + pageNo + " is not the one that was written there";
    }
    checksum.begin();
    for (long at = PageHeader.CHECKED_FROM; at < end; at += PIECE_BYTES) {
      long size = Math.min(PIECE_BYTES, end - at);
      region.read(start + at, piece, 0, size);
      checksum.add(piece, 0, size);
    }
    return wrongCrc(header, checksum.value());
  }

  /// The data of a run that was found whole, from its first byte on, in pieces.
  RunSource sourceOf(long ref) {
    long[] at = {0};
    return target -> {
      readRun(ref, at[0], target, target.byteSize());
      at[0] += target.byteSize();
    };
  }

  /// Copies bytes of the data of a run that was found whole.
  void readRun(long ref, long at, MemorySegment target, long length) {
    long start = PageRef.pageNo(ref) * pageSizeBytes + OverflowPage.DATA;
    region.read(start + at, target, 0, length);
  }
}
