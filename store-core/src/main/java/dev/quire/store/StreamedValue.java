package dev.quire.store;

import dev.quire.store.internal.page.PageAllocator.RunSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A large value on its way from a stream into the store, a chunk at a time.
final class StreamedValue implements RunSource {

  /// What is in the heap at once. Values up to this length are read as a whole.
  static final int CHUNK_BYTES = 64 << 10;

  private final InputStream source;
  private final byte[] chunk = new byte[CHUNK_BYTES];

  StreamedValue(InputStream source) {
    this.source = source;
  }

  @Override
  public void fill(MemorySegment target) {
    long filled = 0;
    while (filled < target.byteSize()) {
      int wanted = (int) Math.min(chunk.length, target.byteSize() - filled);
      try {
        readFully(source, chunk, wanted);
      } catch (IOException e) {
        throw new SourceFailure(e);
      }
      MemorySegment.copy(chunk, 0, target, ValueLayout.JAVA_BYTE, filled, wanted);
      filled += wanted;
    }
  }

  /// Reads a short value as a whole.
  static byte[] readWhole(InputStream source, int length) throws IOException {
    byte[] value = new byte[length];
    readFully(source, value, length);
    return value;
  }

  private static void readFully(InputStream source, byte[] target, int length) throws IOException {
    int read = source.readNBytes(target, 0, length);
    if (read < length) {
      throw new EOFException("the source ended " + (length - read) + " bytes or more too early");
    }
  }

  /// Carries the source's exception through the engine.
  static final class SourceFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final IOException failure;

    SourceFailure(IOException failure) {
      super(failure);
      this.failure = failure;
    }

    IOException failure() {
      return failure;
    }
  }
}
