package dev.quire.store.internal.region;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;

/// A region that lives in memory: a file under `/dev/shm`, with a name or without, written by
/// stores through its mapping. Nothing is ever synced.
public final class MemoryRegion implements Region {

  private final SharedRegion memory;

  private MemoryRegion(SharedRegion memory) {
    this.memory = memory;
  }

  /// Opens the file, which exists.
  public static MemoryRegion open(Path path) {
    return new MemoryRegion(SharedRegion.open(path));
  }

  /// Creates the file, for its owner alone, under a temporary name; [#install] gives it the one
  /// asked for.
  public static MemoryRegion create(Path path, long sizeBytes) {
    return new MemoryRegion(SharedRegion.create(path, sizeBytes));
  }

  /// Creates a file without a name: nothing is left when it is closed or the process dies.
  public static MemoryRegion temporary(long sizeBytes) {
    return new MemoryRegion(SharedRegion.temporary(sizeBytes));
  }

  /// Gives a file made by [#create] its name, in place of the one that has it.
  public void install(Path path) {
    memory.install(path);
  }

  /// Which file this is; it has a name.
  public FileIdentity identity() {
    return FileIdentity.of(memory.path());
  }

  @Override
  public String name() {
    return String.valueOf(memory.path());
  }

  @Override
  public long sizeBytes() {
    return memory.sizeBytes();
  }

  @Override
  public MemorySegment map(long offset, long length) {
    return mapWritable(offset, length).asReadOnly();
  }

  @Override
  public boolean storable() {
    return true;
  }

  @Override
  public MemorySegment mapWritable(long offset, long length) {
    Ranges.checkMapping(offset, length);
    return memory.segmentOf(offset + length).asSlice(offset, length);
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long length) {
    Ranges.check(offset, length);
    MemorySegment target = memory.segmentOf(offset + length);
    MemorySegment.copy(source, sourceOffset, target, offset, length);
  }

  @Override
  public long read(long offset, MemorySegment target, long targetOffset, long length) {
    Ranges.check(offset, length);
    long count = Math.clamp(memory.sizeBytes() - offset, 0, length);
    if (count > 0) {
      MemorySegment.copy(memory.segmentOf(offset + count), offset, target, targetOffset, count);
    }
    return count;
  }

  @Override
  public void growTo(long sizeBytes) {
    memory.growTo(sizeBytes);
  }

  @Override
  public void truncateTo(long sizeBytes) {
    memory.truncateTo(sizeBytes);
  }

  @Override
  public void sync(SyncRole role) {
    Objects.requireNonNull(role);
  }

  @Override
  public void syncRange(SyncRole role, long offset, long length) {
    Objects.requireNonNull(role);
    Ranges.check(offset, length);
  }

  @Override
  public void close() {
    memory.close();
  }
}
