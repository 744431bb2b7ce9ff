package dev.quire.store;

import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.tree.ValueSlot;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.Supplier;

/// A value, read from its place as a stream. Belongs to one thread at a time.
final class ValueStream extends InputStream {

  private final ValueSlot value;
  private final Supplier<PageReader> pages;
  private final Runnable onClose;
  private final byte[] single = new byte[1];
  private long position;
  private long mark;
  private boolean closed;

  /// @param pages the pages; throws [IllegalStateException] once the value's place is not valid
  /// @param value a slot of the stream's own, found and not settled
  /// @param onClose is run at the end
  ValueStream(Supplier<PageReader> pages, ValueSlot value, Runnable onClose) {
    this.pages = pages;
    this.value = value;
    this.onClose = onClose;
    MappedFaults.settle(pages.get());
  }

  @Override
  public int read() {
    return read(single, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(single[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    PageReader open = open();
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, value.length - position);
    if (count == 0) {
      return -1;
    }
    Lookup.copyInto(open, value, position, target, offset, count);
    position += count;
    return count;
  }

  @Override
  public long skip(long count) {
    open();
    long skipped = Math.clamp(count, 0, value.length - position);
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    open();
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

  private PageReader open() {
    if (closed) {
      throw new IllegalStateException("the stream is closed");
    }
    return pages.get();
  }
}
