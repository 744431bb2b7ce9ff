package dev.quire.store.lmdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import jnr.ffi.Pointer;
import org.lmdbjava.BufferProxy;

/// Lets lmdbjava take and give memory segments.
///
/// What LMDB gives is unchecked memory: it is copied or bounded by a lifetime before it leaves this
/// package. No field of the JDK's buffers is used, so that no package of the JDK has to be opened.
final class SegmentProxy extends BufferProxy<MemorySegment> {

  static final SegmentProxy INSTANCE = new SegmentProxy();

  private static final Comparator<MemorySegment> UNSIGNED =
      (left, right) ->
          Arrays.compareUnsigned(
              left.toArray(ValueLayout.JAVA_BYTE), right.toArray(ValueLayout.JAVA_BYTE));

  private SegmentProxy() {}

  /// A copy of what LMDB gave.
  static byte[] bytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  /// The same memory, which cannot be changed and lives as long as `lifetime`.
  @SuppressWarnings("restricted") // bounded by what LMDB gave
  static MemorySegment view(MemorySegment segment, Arena lifetime) {
    return MemorySegment.ofAddress(segment.address())
        .reinterpret(segment.byteSize(), lifetime, null)
        .asReadOnly();
  }

  @Override
  protected MemorySegment allocate() {
    return MemorySegment.NULL;
  }

  @Override
  protected void deallocate(MemorySegment segment) {}

  @Override
  protected byte[] getBytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  protected Comparator<MemorySegment> getSignedComparator() {
    return UNSIGNED;
  }

  /// Copies as much of a value as there is room for; returns its length.
  static long copyInto(MemorySegment value, byte[] target) {
    int length = (int) Math.min(value.byteSize(), target.length);
    MemorySegment.copy(value, ValueLayout.JAVA_BYTE, 0, target, 0, length);
    return value.byteSize();
  }

  @Override
  protected Comparator<MemorySegment> getUnsignedComparator() {
    return UNSIGNED;
  }

  @Override
  @SuppressWarnings("NullAway") // nothing has to be kept alive
  protected Pointer in(MemorySegment segment, Pointer pointer) {
    pointer.putLong(STRUCT_FIELD_OFFSET_SIZE, segment.byteSize());
    pointer.putLong(STRUCT_FIELD_OFFSET_DATA, segment.address());
    return null;
  }

  @Override
  @SuppressWarnings("NullAway") // nothing has to be kept alive
  protected Pointer in(MemorySegment segment, int sizeBytes, Pointer pointer) {
    pointer.putLong(STRUCT_FIELD_OFFSET_SIZE, sizeBytes);
    pointer.putLong(STRUCT_FIELD_OFFSET_DATA, 0);
    return null;
  }

  @Override
  @SuppressWarnings("restricted") // the address and size that LMDB gives
  protected MemorySegment out(MemorySegment segment, Pointer pointer) {
    long address = pointer.getLong(STRUCT_FIELD_OFFSET_DATA);
    long sizeBytes = pointer.getLong(STRUCT_FIELD_OFFSET_SIZE);
    return MemorySegment.ofAddress(address).reinterpret(sizeBytes);
  }
}
