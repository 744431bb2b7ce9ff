package dev.quire.store.testing;

import dev.quire.store.internal.region.Region.SyncRole;
import org.jspecify.annotations.Nullable;

/// One call that changes a region or makes it durable.
///
/// @param kind which method
/// @param offset first byte, 0 where the method has none
/// @param length number of bytes, or the file's new length
/// @param role who syncs, null where nobody does
public record RegionOperation(Kind kind, long offset, long length, @Nullable SyncRole role) {

  /// The methods.
  public enum Kind {
    WRITE,
    GROW,
    TRUNCATE,
    SYNC,
    SYNC_RANGE;

    /// Whether it is one of the two syncs.
    public boolean isSync() {
      return this == SYNC || this == SYNC_RANGE;
    }
  }

  public static RegionOperation write(long offset, long length) {
    return new RegionOperation(Kind.WRITE, offset, length, null);
  }

  public static RegionOperation grow(long sizeBytes) {
    return new RegionOperation(Kind.GROW, 0, sizeBytes, null);
  }

  public static RegionOperation truncate(long sizeBytes) {
    return new RegionOperation(Kind.TRUNCATE, 0, sizeBytes, null);
  }

  public static RegionOperation sync(SyncRole role) {
    return new RegionOperation(Kind.SYNC, 0, 0, role);
  }

  public static RegionOperation syncRange(SyncRole role, long offset, long length) {
    return new RegionOperation(Kind.SYNC_RANGE, offset, length, role);
  }
}
