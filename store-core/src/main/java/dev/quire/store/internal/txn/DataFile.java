package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreTruncatedException;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.page.PageSink;
import dev.quire.store.internal.page.PageVerifier;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The pages of the data file: its current mapping, its growth, and the way pages are written.
///
/// A new mapping of the whole file is published after each growth; growth is geometric, so there
/// are few, and they stay until the store is closed. The mapping covers every page of every
/// published transaction of this process; of another process's transaction a snapshot makes sure at
/// its begin.
final class DataFile implements PageSink {

  private static final long LEAST_GROWTH_BYTES = 1 << 20;

  private final Region region;
  private final @Nullable NativeBuffers verified;
  private final int pageSizeBytes;
  private final int pageShift;
  private volatile MemorySegment mapping;
  private MemorySegment writable = MemorySegment.NULL;

  /// @param verified memory for those who check the CRC of each page that they follow; null if
  ///   nobody does
  DataFile(Region region, int pageSizeBytes, @Nullable NativeBuffers verified) {
    this.region = region;
    this.verified = verified;
    this.pageSizeBytes = pageSizeBytes;
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

  /// A mapping of at least `sizeBytes`.
  MemorySegment mapping(long sizeBytes) {
    MemorySegment current = mapping;
    return current.byteSize() >= sizeBytes ? current : remap(sizeBytes);
  }

  /// Makes the file hold page numbers below `pages`. Guarded by the space lock.
  void require(long pages) {
    long needed = pages << pageShift;
    if (needed <= mapping.byteSize()) {
      return;
    }
    long size = region.sizeBytes();
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
  void requireWhole(SharedState state) {
    if (isTruncated()) {
      state.poison();
      throw new StoreTruncatedException(
          region.name()
              + " has "
              + region.sizeBytes()
              + " bytes, "
              + mapping.byteSize()
              + " are in use: something outside the store cut it; close the store and restore a"
              + " backup");
    }
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
    mapping = region.map(0, sizeBytes);
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
      region.write(at, source, sourceOffset, length);
    }
  }

  private MemorySegment writable(long sizeBytes) {
    if (writable.byteSize() < sizeBytes) {
      writable = region.mapWritable(0, region.sizeBytes());
    }
    return writable;
  }

  private synchronized MemorySegment remap(long sizeBytes) {
    if (mapping.byteSize() < sizeBytes) {
      mapping = mapWhole();
    }
    return mapping;
  }

  private MemorySegment mapWhole() {
    long size = region.sizeBytes() & -Region.MAP_ALIGNMENT_BYTES;
    return region.map(0, size);
  }

  /// Grows by a step; if there is no room for that, by half of it, and so on down to what is
  /// needed.
  private void grow(long needed, long size) {
    long step = Math.max(size / 4, LEAST_GROWTH_BYTES);
    while (size + step > needed) {
      try {
        region.growTo(roundUp(size + step));
        return;
      } catch (StoreFullException e) {
        step /= 2;
      }
    }
    region.growTo(roundUp(needed));
  }

  private long roundUp(long bytes) {
    return bytes + pageSizeBytes - 1 & -pageSizeBytes;
  }
}
