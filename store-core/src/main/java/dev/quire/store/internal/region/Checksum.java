package dev.quire.store.internal.region;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// CRC32C of ranges of private memory. Owned by one thread at a time.
///
/// Never over a mapping, which is refused: the JDK's intrinsic reads without a guard, so a file cut
/// by somebody else would end the process. Copy the bytes first; it costs next to nothing.
///
/// The view of the last segment is kept: calls that name the same segment again, at whatever
/// offset, allocate nothing.
public final class Checksum {

  /// The longest piece that one view covers.
  private static final long VIEW_BYTES = 1 << 30;

  private final CRC32C crc = new CRC32C();
  private @Nullable MemorySegment viewed;
  private ByteBuffer view = ByteBuffer.allocate(0);

  /// CRC of one range.
  public int of(MemorySegment memory, long offset, long length) {
    crc.reset();
    update(memory, offset, length);
    return (int) crc.getValue();
  }

  /// CRC of two ranges, one after the other.
  public int of(MemorySegment memory, long offset, long length, long offset2, long length2) {
    crc.reset();
    update(memory, offset, length);
    update(memory, offset2, length2);
    return (int) crc.getValue();
  }

  /// CRC of one range in a chain: `previous` is fed in first, as four bytes, lowest first.
  public int chained(int previous, MemorySegment memory, long offset, long length) {
    beginChained(previous);
    update(memory, offset, length);
    return (int) crc.getValue();
  }

  /// Starts a CRC in a chain, over ranges that [#add] names one by one.
  public void beginChained(int previous) {
    crc.reset();
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      crc.update(previous >>> shift);
    }
  }

  /// Starts a CRC over ranges that [#add] names one by one.
  public void begin() {
    crc.reset();
  }

  /// Adds a range to the CRC begun.
  public void add(MemorySegment memory, long offset, long length) {
    update(memory, offset, length);
  }

  /// The CRC of the ranges added since [#begin].
  public int value() {
    return (int) crc.getValue();
  }

  private void update(MemorySegment memory, long offset, long length) {
    if (memory.byteSize() <= VIEW_BYTES) {
      ByteBuffer buffer = viewOf(memory);
      // Refuses a range beyond the segment: the buffer's own limits would not name both numbers.
      checkRange(memory, offset, length);
      buffer.limit((int) (offset + length)).position((int) offset);
      crc.update(buffer);
      return;
    }
    checkRange(memory, offset, length);
    for (long done = 0; done < length; done += VIEW_BYTES) {
      long piece = Math.min(VIEW_BYTES, length - done);
      requirePrivate(memory);
      crc.update(memory.asSlice(offset + done, piece).asByteBuffer());
    }
  }

  // The same object names the same memory; equality would compare more than is asked.
  @SuppressWarnings({"MemorySegmentReferenceEquality", "ReferenceEquality"})
  private ByteBuffer viewOf(MemorySegment memory) {
    if (memory != viewed) {
      requirePrivate(memory);
      view = memory.asByteBuffer();
      viewed = memory;
    }
    return view;
  }

  private static void requirePrivate(MemorySegment memory) {
    if (memory.isMapped()) {
      throw new IllegalArgumentException("a checksum over a mapping; copy the bytes first");
    }
  }

  private static void checkRange(MemorySegment memory, long offset, long length) {
    if (offset < 0 || length < 0 || offset > memory.byteSize() - length) {
      throw new IndexOutOfBoundsException(
          "range " + offset + " + " + length + " in " + memory.byteSize() + " bytes");
    }
  }
}
