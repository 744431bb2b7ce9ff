package dev.quire.store.lmdb;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A value on its way from a stream into room that LMDB has reserved, a chunk at a time.
final class LmdbStreamedValue {

  private LmdbStreamedValue() {}

  /// Fills the room.
  ///
  /// @throws EOFException if the source ends before
  static void fill(LmdbWriteTxn txn, MemorySegment room, InputStream source) throws IOException {
    byte[] chunk = new byte[(int) Math.min(LmdbValueStream.CHUNK_BYTES, room.byteSize())];
    for (long filled = 0; filled < room.byteSize(); ) {
      long offset = filled;
      int wanted = (int) Math.min(chunk.length, room.byteSize() - filled);
      int read = source.readNBytes(chunk, 0, wanted);
      if (read < wanted) {
        throw new EOFException("the source ended " + (wanted - read) + " bytes or more too early");
      }
      filled =
          txn.call(
              () -> {
                MemorySegment.copy(chunk, 0, room, ValueLayout.JAVA_BYTE, offset, wanted);
                return offset + wanted;
              });
    }
  }
}
