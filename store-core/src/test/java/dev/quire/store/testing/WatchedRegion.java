package dev.quire.store.testing;

import dev.quire.store.internal.region.Region;
import java.lang.foreign.MemorySegment;

/// A region of which every operation that changes it is told, before and after.
public final class WatchedRegion extends ForwardingRegion {

  /// Who is told.
  @FunctionalInterface
  public interface Watcher {
    /// @param done whether the operation is done; else it is about to begin
    void operated(RegionOperation operation, boolean done);
  }

  private final Watcher watcher;

  public WatchedRegion(Region region, Watcher watcher) {
    super(region);
    this.watcher = watcher;
  }

  private void tell(RegionOperation operation, Runnable action) {
    watcher.operated(operation, false);
    action.run();
    watcher.operated(operation, true);
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long length) {
    tell(
        RegionOperation.write(offset, length),
        () -> super.write(offset, source, sourceOffset, length));
  }

  @Override
  public void growTo(long sizeBytes) {
    tell(RegionOperation.grow(sizeBytes), () -> super.growTo(sizeBytes));
  }

  @Override
  public void truncateTo(long sizeBytes) {
    tell(RegionOperation.truncate(sizeBytes), () -> super.truncateTo(sizeBytes));
  }

  @Override
  public void sync(SyncRole role) {
    tell(RegionOperation.sync(role), () -> super.sync(role));
  }

  @Override
  public void syncRange(SyncRole role, long offset, long length) {
    tell(
        RegionOperation.syncRange(role, offset, length),
        () -> super.syncRange(role, offset, length));
  }
}
