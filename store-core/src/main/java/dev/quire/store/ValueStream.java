package dev.quire.store;

import dev.quire.store.internal.tree.ValueSlot;
import java.io.InputStream;
import java.util.Objects;

/// A value, read from its place as a stream. Belongs to one thread at a time.
final class ValueStream extends InputStream {

  private final ValueSlot value;
  private final Runnable requireValid;
  private final Runnable onClose;
  private final byte[] single = new byte[1];
  private long position;
  private long mark;
  private boolean closed;

  /// @param value a slot of the stream's own
  /// @param requireValid throws [IllegalStateException] once the value's place is no longer valid
  /// @param onClose is run at the end
  ValueStream(ValueSlot value, Runnable requireValid, Runnable onClose) {
    this.value = value;
    this.requireValid = requireValid;
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
    int count = (int) Math.min(length, value.length - position);
    if (count == 0) {
      return -1;
    }
    Lookup.copyInto(value, position, target, offset, count);
    position += count;
    return count;
  }

  @Override
  public long skip(long count) {
    requireOpen();
    long skipped = Math.clamp(count, 0, value.length - position);
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    requireOpen();
    return (int) Math.min(Integer.MAX_VALUE, value.length - position);
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

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the stream is closed");
    }
    requireValid.run();
  }
}
