package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U64;
import static java.lang.foreign.MemoryLayout.structLayout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// One named lock: the value of its name in the table `quire.locks`.
///
/// | offset | size | field       | meaning                                               |
/// |-------:|-----:|-------------|-------------------------------------------------------|
/// |      0 |    8 | owner       | as in [ReaderSlot]: the process that has it, 0 nobody |
/// |      8 |    8 | startMillis | of that process, as in its [ProcessSlot]; else 0      |
/// |     16 |    8 | fence       | counts how often the lock was taken                   |
public record LockRecord(long owner, long startMillis, long fence) {

  static final StructLayout LAYOUT =
      structLayout(U64.withName("owner"), U64.withName("startMillis"), U64.withName("fence"));

  /// Size of a record.
  public static final int SIZE_BYTES = 24;

  private static final long OWNER = offset("owner");
  private static final long START_MILLIS = offset("startMillis");
  private static final long FENCE = offset("fence");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
  }

  /// Reads the record at `offset`.
  public static LockRecord read(MemorySegment segment, long offset) {
    return new LockRecord(
        segment.get(U64, offset + OWNER),
        segment.get(U64, offset + START_MILLIS),
        segment.get(U64, offset + FENCE));
  }

  /// The record as bytes.
  public byte[] bytes() {
    byte[] bytes = new byte[SIZE_BYTES];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    segment.set(U64, OWNER, owner);
    segment.set(U64, START_MILLIS, startMillis);
    segment.set(U64, FENCE, fence);
    return bytes;
  }

  private static long offset(String field) {
    return Fields.offset(LAYOUT, field);
  }
}
