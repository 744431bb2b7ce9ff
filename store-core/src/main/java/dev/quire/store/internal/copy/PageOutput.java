package dev.quire.store.internal.copy;

import dev.quire.store.internal.region.NativeBuffers;
import java.lang.foreign.MemorySegment;

/// Gathers pages that follow each other, and hands them on in large pieces.
final class PageOutput {

  private static final int BUFFER_BYTES = 1 << 20;

  /// A new file's redo ring is written in pieces of this size: larger ones would make its page
  /// cache one block of which every sync writes the whole.
  private static final int RING_PIECE_BYTES = 4096;

  private final CopySink sink;
  private final MemorySegment buffer;
  private int filled;

  PageOutput(CopySink sink, NativeBuffers memory) {
    this.sink = sink;
    this.buffer = memory.allocate(BUFFER_BYTES);
  }

  void add(MemorySegment source, long offset, long length) {
    long done = 0;
    while (done < length) {
      long piece = Math.min(length - done, BUFFER_BYTES - filled);
      MemorySegment.copy(source, offset + done, buffer, filled, piece);
      filled += (int) piece;
      done += piece;
      flushIfFull();
    }
  }

  void addZeros(long length) {
    long rest = length;
    while (rest > 0) {
      long piece = Math.min(rest, BUFFER_BYTES - filled);
      buffer.asSlice(filled, piece).fill((byte) 0);
      filled += (int) piece;
      rest -= piece;
      flushIfFull();
    }
  }

  /// Adds an empty redo ring.
  void addRing(long length) {
    flush();
    buffer.asSlice(0, RING_PIECE_BYTES).fill((byte) 0);
    for (long at = 0; at < length; at += RING_PIECE_BYTES) {
      sink.write(buffer, 0, RING_PIECE_BYTES);
    }
  }

  private void flushIfFull() {
    if (filled == BUFFER_BYTES) {
      flush();
    }
  }

  void flush() {
    if (filled > 0) {
      sink.write(buffer, 0, filled);
      filled = 0;
    }
  }
}
