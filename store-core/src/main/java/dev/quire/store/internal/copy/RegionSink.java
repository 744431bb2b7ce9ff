package dev.quire.store.internal.copy;

import dev.quire.store.internal.region.Region;
import java.lang.foreign.MemorySegment;

/// Appends to a file.
final class RegionSink implements CopySink {

  private final Region region;
  private long end;

  /// @param region empty
  RegionSink(Region region) {
    this.region = region;
  }

  @Override
  public void write(MemorySegment source, long offset, long length) {
    region.growTo(end + length);
    region.write(end, source, offset, length);
    end += length;
  }
}
