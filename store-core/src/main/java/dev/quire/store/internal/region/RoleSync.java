package dev.quire.store.internal.region;

import dev.quire.store.errors.StoreIoException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;

/// The syncs of one role, through the role's own open file description.
///
/// A range is synced by an msync of a READ_ONLY mapping, which ignores interrupts. The mapping
/// covers the file from its start as far as it was needed: ring and superblocks lie there.
final class RoleSync implements AutoCloseable {

  /// Mappings end at a multiple of this, so that they are few.
  private static final long STEP_BYTES = 1 << 20;

  private final SteadyFile file;
  private final Arena arena;
  private volatile MemorySegment mapped = MemorySegment.NULL;
  private volatile long mappedBytes;

  RoleSync(SteadyFile file, Arena arena) {
    this.file = file;
    this.arena = arena;
  }

  SteadyFile file() {
    return file;
  }

  void sync() {
    file.sync();
  }

  void syncRange(long offset, long length) {
    if (length == 0) {
      return;
    }
    MemorySegment mapping = mapped;
    if (mapping.byteSize() < offset + length) {
      mapping = mapUpTo(offset + length);
    }
    try {
      mapping.asSlice(offset, length).force();
    } catch (UncheckedIOException e) {
      throw new StoreIoException(
          "syncing "
              + length
              + " bytes at "
              + offset
              + " of "
              + file.path()
              + " failed: "
              + e.getMessage(),
          e);
    }
  }

  /// Bytes of all mappings so far: they stay until the arena is closed.
  long mappedBytes() {
    return mappedBytes;
  }

  /// The file was cut: the next sync maps anew.
  synchronized void unmap() {
    mapped = MemorySegment.NULL;
  }

  private synchronized MemorySegment mapUpTo(long endBytes) {
    if (mapped.byteSize() < endBytes) {
      long size = file.sizeBytes();
      Ranges.checkWithin(0, endBytes, size);
      long step = Math.min(Math.ceilDiv(endBytes, STEP_BYTES) * STEP_BYTES, size);
      mapped = file.map(MapMode.READ_ONLY, 0, step, arena);
      mappedBytes += step;
    }
    return mapped;
  }

  @Override
  public void close() {
    file.close();
  }
}
