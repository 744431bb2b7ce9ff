package dev.quire.store.internal.copy;

import java.lang.foreign.MemorySegment;

/// Takes the bytes of a data file from its first to its last.
@FunctionalInterface
public interface CopySink {

  /// Takes the next bytes.
  ///
  /// @param source native memory
  void write(MemorySegment source, long offset, long length);
}
