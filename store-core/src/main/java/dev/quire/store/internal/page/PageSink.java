package dev.quire.store.internal.page;

import java.lang.foreign.MemorySegment;

/// Where finished pages go: positional writes into a file, or stores into memory.
public interface PageSink {

  /// Writes `length` bytes of private native memory from `offset` bytes into page `pageNo` on.
  void write(long pageNo, long offset, MemorySegment source, long sourceOffset, long length);
}
