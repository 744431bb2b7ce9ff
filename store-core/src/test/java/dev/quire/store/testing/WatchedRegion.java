package dev.quire.store.testing;

import dev.quire.store.internal.region.Region;
import java.lang.foreign.MemorySegment;

/// A region of which every operation that changes it is told, before and after.
public final class WatchedRegion implements Region {

  /// Who is told.
  @FunctionalInterface
  public interface Watcher {
    /// @param done whether the operation is done; else it is about to begin
    void operated(RegionOperation operation, boolean done);
  }

  private final Region region;
  private final Watcher watcher;

  public WatchedRegion(Region region, Watcher watcher) {
    this.region = region;
    this.watcher = watcher;
  }

  private void tell(RegionOperation operation, Runnable action) {
    watcher.operated(operation, false);
    action.run();
    watcher.operated(operation, true);
  }

  @Override
  public long sizeBytes() {
    return region.sizeBytes();
  }

  @Override
  public MemorySegment map(long offset, long length) {
    return region.map(offset, length);
  }

  @Override
  public boolean storable() {
    return region.storable();
  }

  @Override
  public MemorySegment mapWritable(long offset, long length) {
    return region.mapWritable(offset, length);
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long length) {
    tell(
        RegionOperation.write(offset, length),
        () -> region.write(offset, source, sourceOffset, length));
  }

  @Override
  public long read(long offset, MemorySegment target, long targetOffset, long length) {
    return region.read(offset, target, targetOffset, length);
  }

  @Override
  public void growTo(long sizeBytes) {
    tell(RegionOperation.grow(sizeBytes), () -> region.growTo(sizeBytes));
  }

  @Override
  public void truncateTo(long sizeBytes) {
    tell(RegionOperation.truncate(sizeBytes), () -> region.truncateTo(sizeBytes));
  }

  @Override
  public void sync(SyncRole role) {
    tell(RegionOperation.sync(role), () -> region.sync(role));
  }

  @Override
  public void syncRange(SyncRole role, long offset, long length) {
    tell(
        RegionOperation.syncRange(role, offset, length),
        () -> region.syncRange(role, offset, length));
  }

  @Override
  public void close() {
    region.close();
  }
}
