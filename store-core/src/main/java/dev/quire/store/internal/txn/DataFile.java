package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.PageSink;
import dev.quire.store.internal.page.PageVerifier;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.region.Region;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The pages of the data file: its current mapping, its growth, and the way pages are written.
///
/// A new mapping of the whole file is published after each growth; growth is geometric, so there
/// are few, and they stay until the store is closed. The mapping covers every page of every
/// published transaction of this process; of another process's transaction a snapshot makes sure at
/// its begin.
final class DataFile implements PageSink {

  private static final long LEAST_GROWTH_BYTES = 1 << 20;

  /// Bytes at the end of the file that are compared before and after it grows.
  private static final int TAIL_BYTES = 4096;

  /// What the file ends with after it has grown.
  private static final byte[] MARK = "end of data".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] NOTHING = {};

  private final Region region;
  private final SharedState state;
  private final OwnMetrics metrics;
  private final @Nullable NativeBuffers verified;
  private final int pageSizeBytes;
  private final int pageShift;
  private volatile MemorySegment mapping;

  /// Nothing behind it is mapped: the file is being cut there.
  private long mapEnd = Long.MAX_VALUE;

  private MemorySegment writable = MemorySegment.NULL;

  /// @param verified memory for those who check the CRC of each page that they follow; null if
  ///   nobody does
  DataFile(
      Region region, Superblock superblock, OwnMetrics metrics, @Nullable NativeBuffers verified) {
    this.region = region;
    this.metrics = metrics;
    this.state = metrics.state();
    this.verified = verified;
    this.pageSizeBytes = superblock.pageSizeBytes();
    this.pageShift = Integer.numberOfTrailingZeros(pageSizeBytes);
    this.mapping = mapWhole();
  }

  Region region() {
    return region;
  }

  int pageSizeBytes() {
    return pageSizeBytes;
  }

  int pageShift() {
    return pageShift;
  }

  /// What checks the CRC of pages for one reader, or null if they are not to be checked.
  @Nullable PageVerifier newVerifier() {
    NativeBuffers memory = verified;
    return memory == null
        ? null
        : new PageVerifier(pageSizeBytes, memory.allocate(PageVerifier.MEMORY_BYTES));
  }

  /// The newest mapping, READ_ONLY, of the whole file.
  MemorySegment mapping() {
    return mapping;
  }

  /// A mapping of at least `sizeBytes`, which a head names that is the newest; of less if our own
  /// process is cutting the file.
  ///
  /// @throws StoreTruncatedException if the file is shorter
  MemorySegment mapping(long sizeBytes) {
    MemorySegment found = mappingOrNull(sizeBytes);
    if (found == null) {
      throw truncated(region.sizeBytes());
    }
    return found;
  }

  /// The same; null if the file is shorter. The head may be an old one: since, the file may have
  /// been cut by us.
  @Nullable MemorySegment mappingOrNull(long sizeBytes) {
    MemorySegment current = mapping;
    return current.byteSize() >= sizeBytes ? current : remap(sizeBytes);
  }

  /// Makes room for giving out page numbers below `pages`, and for one page more: so no write of a
  /// page makes a file as long again that somebody has cut. Guarded by the space lock.
  void requireForAllocation(long pages) {
    require(pages + 1);
  }

  /// Makes the file hold page numbers below `pages`. Guarded by the space lock.
  void require(long pages) {
    long needed = pages << pageShift;
    if (needed <= mapping.byteSize()) {
      return;
    }
    long size = region.sizeBytes();
    if (size < Math.max(mapping.byteSize(), state.head().fileSizeBytes())) {
      throw truncated(size);
    }
    if (needed > size) {
      if (pages > Limits.MAX_PAGES) {
        throw new StoreFullException(
            "the store needs " + pages + " pages; the format allows " + Limits.MAX_PAGES);
      }
      grow(needed, size);
    }
    mapping(needed);
  }

  /// Whether pages are stored through a mapping, not written.
  boolean isStored() {
    return region.storable();
  }

  /// Looks whether somebody cut the file, which nobody of ours does while it is mapped; then the
  /// store refuses writes from now on.
  ///
  /// @throws StoreTruncatedException if it is shorter than what is mapped of it
  void requireWhole() {
    if (isTruncated()) {
      throw truncated(region.sizeBytes());
    }
  }

  /// The same without a system call: the last page of the mapping faults if it is not in the file
  /// any more.
  void requireReached() {
    MemorySegment whole = mapping;
    try {
      Word.getAcquire(whole, whole.byteSize() - Long.BYTES);
      PendingFault.raise();
    } catch (InternalError e) {
      long size = region.sizeBytes();
      throw size < whole.byteSize()
          ? truncated(size)
          : new StoreIoException(region.name() + " cannot be read at its end", e);
    }
  }

  private StoreTruncatedException truncated(long size) {
    state.noteTruncated();
    return new StoreTruncatedException(
        region.name()
            + " has "
            + size
            + " bytes, "
            + mapping.byteSize()
            + " are in use: something outside the store cut it; close the store and restore a"
            + " backup");
  }

  /// Whether the file is shorter than what is mapped of it.
  boolean isTruncated() {
    long mapped = mapping.byteSize();
    // A mapping that was replaced by a shorter one meanwhile says nothing: see mapLess.
    return region.sizeBytes() < mapped && mapping.byteSize() >= mapped;
  }

  /// Maps less of the file, which is about to be cut to that. Older snapshots keep their mapping;
  /// their pages lie before.
  synchronized void mapLess(long sizeBytes) {
    mapEnd = sizeBytes;
    mapping = mapWhole();
  }

  /// Maps what there is from now on: the file has been cut, or will not be.
  synchronized void mapAll() {
    mapEnd = Long.MAX_VALUE;
  }

  /// Length of the file, as far as this process has grown or mapped it.
  long sizeBytes() {
    return mapping.byteSize();
  }

  @Override
  public void write(
      long pageNo, long offset, MemorySegment source, long sourceOffset, long length) {
    long at = (pageNo << pageShift) + offset;
    if (region.storable()) {
      MemorySegment.copy(source, sourceOffset, writable(at + length), at, length);
    } else {
      try {
        region.write(at, source, sourceOffset, length);
      } catch (IllegalArgumentException e) {
        // The file was as long as that.
        long size = region.sizeBytes();
        throw at + length > size ? truncated(size) : e;
      }
    }
  }

  private MemorySegment writable(long sizeBytes) {
    if (writable.byteSize() < sizeBytes) {
      writable = region.mapWritable(0, region.sizeBytes());
    }
    return writable;
  }

  private synchronized @Nullable MemorySegment remap(long sizeBytes) {
    long wanted = Math.min(sizeBytes, mapEnd) & -Region.MAP_ALIGNMENT_BYTES;
    if (mapping.byteSize() < wanted) {
      MemorySegment whole = mapWhole();
      if (whole.byteSize() < wanted) {
        return null;
      }
      mapping = whole;
    }
    return mapping;
  }

  private MemorySegment mapWhole() {
    long size = Math.min(region.sizeBytes(), mapEnd) & -Region.MAP_ALIGNMENT_BYTES;
    return region.map(0, size);
  }

  /// Grows by a step; if there is no room for that, by half of it, and so on down to what is
  /// needed.
  private void grow(long needed, long size) {
    long step = Math.max(size / 4, LEAST_GROWTH_BYTES);
    while (size + step > needed) {
      try {
        growTo(roundUp(size + step), size);
        return;
      } catch (StoreFullException e) {
        step /= 2;
      }
    }
    growTo(roundUp(needed), size);
  }

  /// Grows, and makes sure that nobody cut the file just before: then it is long again, but what
  /// was at its end is not there. So that there is something at its end, it is marked. At the end
  /// of a file that was closed lies a page in use, which is no such mark.
  private void growTo(long newSize, long size) {
    FlightEvent event = FlightEvents.beginGrowth();
    boolean isMarked = size >>> pageShift > state.highWater();
    byte[] before = isMarked ? tail(size) : NOTHING;
    region.growTo(newSize);
    if (isMarked && !Arrays.equals(before, tail(size))) {
      throw truncated(size);
    }
    long last = (newSize >>> pageShift) - 1;
    write(last, pageSizeBytes - MARK.length, MemorySegment.ofArray(MARK), 0, MARK.length);
    metrics.add(Counter.GROWTHS, 1);
    if (event != null) {
      event.end(region.name(), size, newSize);
    }
  }

  /// The last bytes of what is, or was, a file of this size.
  private byte[] tail(long size) {
    byte[] bytes = new byte[TAIL_BYTES];
    MemorySegment target = MemorySegment.ofArray(bytes);
    if (region.read(size - TAIL_BYTES, target, 0, TAIL_BYTES) < TAIL_BYTES) {
      throw truncated(region.sizeBytes());
    }
    return bytes;
  }

  private long roundUp(long bytes) {
    return bytes + pageSizeBytes - 1 & -pageSizeBytes;
  }
}
