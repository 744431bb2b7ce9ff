package dev.quire.store.internal.copy;

import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.SyncBehind;
import java.lang.foreign.MemorySegment;

/// Appends to a file, and makes it durable on the way.
final class RegionSink implements CopySink, AutoCloseable {

  private final Region region;
  private final SyncBehind syncs;
  private long end;

  /// @param region empty
  RegionSink(Region region) {
    this.region = region;
    this.syncs = new SyncBehind(region, Region.SyncRole.CHECKPOINT);
  }

  @Override
  public void write(MemorySegment source, long offset, long length) {
    region.growTo(end + length);
    region.write(end, source, offset, length);
    end += length;
    syncs.written(length);
  }

  /// Comes back when everything is durable.
  void finish() {
    syncs.finish();
  }

  @Override
  public void close() {
    syncs.close();
  }
}
