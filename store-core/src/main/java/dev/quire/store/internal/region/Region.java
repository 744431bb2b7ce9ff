package dev.quire.store.internal.region;

import java.lang.foreign.MemorySegment;

/// The bytes of `data`, and the only way by which the engine touches them. Tests implement it.
///
/// Bytes are changed by positional writes alone; mappings are READ_ONLY (unless the region lives in
/// memory, see [#storable]) and show every write at once. Methods may be called by several threads.
/// A thread's interrupt flag neither fails a call nor is lost by one.
///
/// Failures: [dev.quire.store.errors.StoreFullException] when [#write] or [#growTo] finds no room,
/// [dev.quire.store.errors.StoreIoException] for everything else the operating system refuses.
public interface Region extends AutoCloseable {

  /// Granularity of mappings, in bytes.
  long MAP_ALIGNMENT_BYTES = 4096;

  /// Who syncs. Each role has an open file description of its own, because the kernel reports a
  /// failed writeback once per description.
  enum SyncRole {
    COMMIT,
    CHECKPOINT
  }

  /// What messages call the file: its path, where it has one.
  String name();

  /// Current length of the file.
  long sizeBytes();

  /// Maps a part of the file, READ_ONLY, until the region is closed.
  ///
  /// @param offset first byte (a multiple of [#MAP_ALIGNMENT_BYTES])
  /// @param length number of bytes (offset + length at most [#sizeBytes])
  /// @throws IllegalArgumentException if unaligned or out of range
  MemorySegment map(long offset, long length);

  /// Whether stores through a mapping are the way to write: the region lives in memory.
  boolean storable();

  /// Maps a part of the file for stores; only when [#storable].
  MemorySegment mapWritable(long offset, long length);

  /// Writes `length` bytes of `source` to the file at `offset`, all of them.
  ///
  /// @throws IllegalArgumentException if the range does not lie within the file: grow it first
  void write(long offset, MemorySegment source, long sourceOffset, long length);

  /// Reads up to `length` bytes at `offset` into `target` without touching a mapping.
  ///
  /// @return number of bytes read, less than `length` only at the end of the file
  long read(long offset, MemorySegment target, long targetOffset, long length);

  /// Makes the file at least `sizeBytes` long. New bytes read as zero. A durable file grows as a
  /// hole, a region in memory by zeros written.
  void growTo(long sizeBytes);

  /// Cuts the file to `sizeBytes`. Only with no other user of the file.
  void truncateTo(long sizeBytes);

  /// Makes everything written to the file so far durable (fdatasync).
  void sync(SyncRole role);

  /// Makes a range (within the file) durable, and nothing else (msync of the range). For ranges
  /// near the file's start: everything before them may be mapped.
  void syncRange(SyncRole role, long offset, long length);

  /// Unmaps and closes. Segments handed out fail from now on.
  @Override
  void close();
}
