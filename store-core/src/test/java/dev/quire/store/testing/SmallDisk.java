package dev.quire.store.testing;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.internal.region.Region;
import java.lang.foreign.MemorySegment;

/// A region on a disk that has room for its first bytes only.
public final class SmallDisk extends ForwardingRegion {

  private final boolean holes;
  private volatile long roomBytes;

  /// @param holes whether the file may become longer than there is room for: then writes fail
  public SmallDisk(Region region, boolean holes, long roomBytes) {
    super(region);
    this.holes = holes;
    this.roomBytes = roomBytes;
  }

  /// From now on there is room for so many bytes.
  public void setRoom(long newRoomBytes) {
    roomBytes = newRoomBytes;
  }

  @Override
  public void growTo(long sizeBytes) {
    if (!holes && sizeBytes > roomBytes) {
      throw new StoreFullException("growing to " + sizeBytes + " bytes failed: simulated, no room");
    }
    super.growTo(sizeBytes);
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long length) {
    long fits = Math.clamp(roomBytes - offset, 0, length);
    super.write(offset, source, sourceOffset, fits);
    if (fits < length) {
      throw new StoreFullException("writing at " + offset + " failed: simulated, no room");
    }
  }
}
