package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U64;
import static java.lang.foreign.MemoryLayout.structLayout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// The right to load one missing value: an entry of the table `quire.loads`.
///
/// | offset | size | field       | meaning                                               |
/// |-------:|-----:|-------------|-------------------------------------------------------|
/// |      0 |    8 | owner       | as in [ReaderSlot]: the process that loads it         |
/// |      8 |    8 | startMillis | of that process, as in its [ProcessSlot]              |
/// |     16 |    8 | fence       | id of the transaction that took the lease             |
/// |     24 |    8 | leaseMillis | how long loading may take before another one loads it |
public record LeaseRecord(long owner, long startMillis, long fence, long leaseMillis) {

  static final StructLayout LAYOUT =
      structLayout(
          U64.withName("owner"),
          U64.withName("startMillis"),
          U64.withName("fence"),
          U64.withName("leaseMillis"));

  /// Size of a record.
  public static final int SIZE_BYTES = 32;

  private static final long OWNER = Fields.offset(LAYOUT, "owner");
  private static final long START_MILLIS = Fields.offset(LAYOUT, "startMillis");
  private static final long FENCE = Fields.offset(LAYOUT, "fence");
  private static final long LEASE_MILLIS = Fields.offset(LAYOUT, "leaseMillis");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
  }

  /// Reads the record at `offset`.
  public static LeaseRecord read(MemorySegment segment, long offset) {
    return new LeaseRecord(
        segment.get(U64, offset + OWNER),
        segment.get(U64, offset + START_MILLIS),
        segment.get(U64, offset + FENCE),
        segment.get(U64, offset + LEASE_MILLIS));
  }

  /// The record as bytes.
  public byte[] bytes() {
    byte[] bytes = new byte[SIZE_BYTES];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    segment.set(U64, OWNER, owner);
    segment.set(U64, START_MILLIS, startMillis);
    segment.set(U64, FENCE, fence);
    segment.set(U64, LEASE_MILLIS, leaseMillis);
    return bytes;
  }
}
