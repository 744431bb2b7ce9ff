package dev.quire.store.internal.region;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Private native memory for the floors above, handed out in pieces and freed as a whole.
///
/// May be used by several threads. A segment fails with [IllegalStateException] once it is freed.
public final class NativeBuffers implements AutoCloseable {

  /// Every segment begins at a multiple of this.
  public static final long ALIGNMENT_BYTES = 4096;

  private final Arena arena = Arena.ofShared();

  /// `sizeBytes` of zeros.
  public MemorySegment allocate(long sizeBytes) {
    return arena.allocate(sizeBytes, ALIGNMENT_BYTES);
  }

  /// Frees everything handed out. Nobody may be using it.
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
