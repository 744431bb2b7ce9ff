package dev.quire.store.lmdb;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/// A value, read from its place as a stream. Belongs to one thread at a time.
final class LmdbValueStream extends InputStream {

  /// What is in the heap at once on the way to or from a stream.
  static final int CHUNK_BYTES = 64 << 10;

  private final LmdbTxn txn;
  private final MemorySegment value;
  private final Runnable onClose;
  private final byte[] single = new byte[1];
  private long position;
  private long mark;
  private boolean closed;

  /// @param value a view of the transaction
  /// @param onClose is run at the end
  LmdbValueStream(LmdbTxn txn, MemorySegment value, Runnable onClose) {
    this.txn = txn;
    this.value = value;
    this.onClose = onClose;
  }

  @Override
  public int read() {
    return read(single, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(single[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    requireOpen();
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, value.byteSize() - position);
    if (count == 0) {
      return -1;
    }
    long from = position;
    position =
        txn.call(
            () -> {
              MemorySegment.copy(value, ValueLayout.JAVA_BYTE, from, target, offset, count);
              return from + count;
            });
    return count;
  }

  @Override
  public long skip(long count) {
    requireOpen();
    long skipped = Math.clamp(count, 0, value.byteSize() - position);
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    requireOpen();
    return (int) Math.min(Integer.MAX_VALUE, value.byteSize() - position);
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  @Override
  public void mark(int readLimit) {
    mark = position;
  }

  @Override
  public void reset() {
    position = mark;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }

  /// Writes all of it; returns its length.
  long writeTo(WritableByteChannel target) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int count = read(chunk); count > 0; count = read(chunk)) {
      ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count);
      while (bytes.hasRemaining()) {
        int _ = target.write(bytes);
      }
    }
    return value.byteSize();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the stream is closed");
    }
    txn.requireOpen();
  }
}
