package dev.quire.store.internal.copy;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import java.lang.foreign.MemorySegment;

/// The pages of an increment in the making: gives out their numbers, and writes them where these
/// say, in whatever order.
final class IncrementPages {

  /// The file grows by so much at a time.
  private static final long GROWTH_BYTES = 4 << 20;

  private final Region region;
  private final int pageSizeBytes;
  private final long firstPage;
  private final long most;
  private final PageOutput out;
  private long nextPage;

  /// Where the output goes on in the file.
  private long position;

  private long size;

  /// @param region empty
  /// @param most there cannot be more pages
  IncrementPages(
      Region region, int pageSizeBytes, long firstPage, long most, NativeBuffers memory) {
    this.region = region;
    this.pageSizeBytes = pageSizeBytes;
    this.firstPage = firstPage;
    this.most = Math.min(most, Limits.MAX_PAGES - firstPage);
    this.nextPage = firstPage;
    this.out = new PageOutput(this::append, memory);
  }

  private long flushed;

  private void append(MemorySegment source, long offset, long length) {
    long end = flushed + length;
    if (end > size) {
      size = Math.max(end, size + GROWTH_BYTES);
      region.growTo(size);
    }
    region.write(flushed, source, offset, length);
    flushed = end;
  }

  /// Takes numbers that follow each other.
  ///
  /// @return the first
  long take(long count) {
    if (count > most - (nextPage - firstPage)) {
      throw new CorruptPageException(
          new Violation(-1, "a state of at most " + most + " pages", "more"));
    }
    long first = nextPage;
    nextPage += count;
    return first;
  }

  /// Number of pages that were taken.
  long count() {
    return nextPage - firstPage;
  }

  /// What is added from now on are the bytes of a page and of those behind it.
  PageOutput at(long pageNo) {
    return atByte((pageNo - firstPage + 1) * pageSizeBytes);
  }

  /// Writes the page before all others.
  void writeFirst(MemorySegment page) {
    atByte(0).add(page, 0, pageSizeBytes);
    out.flush();
    region.truncateTo((count() + 1) * pageSizeBytes);
  }

  private PageOutput atByte(long at) {
    if (at != position) {
      out.flush();
      flushed = at;
      position = at;
    }
    return out;
  }

  /// The bytes of so many pages were added.
  void added(long pages) {
    position += pages * pageSizeBytes;
  }
}
