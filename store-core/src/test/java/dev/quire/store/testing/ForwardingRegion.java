package dev.quire.store.testing;

import dev.quire.store.internal.region.Region;
import java.lang.foreign.MemorySegment;

/// A region that does what another one does; subclasses step in where they want to.
public abstract class ForwardingRegion implements Region {

  private final Region region;

  protected ForwardingRegion(Region region) {
    this.region = region;
  }

  @Override
  public String name() {
    return region.name();
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
    region.write(offset, source, sourceOffset, length);
  }

  @Override
  public long read(long offset, MemorySegment target, long targetOffset, long length) {
    return region.read(offset, target, targetOffset, length);
  }

  @Override
  public void growTo(long sizeBytes) {
    region.growTo(sizeBytes);
  }

  @Override
  public void truncateTo(long sizeBytes) {
    region.truncateTo(sizeBytes);
  }

  @Override
  public void sync(SyncRole role) {
    region.sync(role);
  }

  @Override
  public void syncRange(SyncRole role, long offset, long length) {
    region.syncRange(role, offset, length);
  }

  @Override
  public void close() {
    region.close();
  }
}
