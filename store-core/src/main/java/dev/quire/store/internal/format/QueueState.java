package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U64;
import static java.lang.foreign.MemoryLayout.structLayout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// What `quire.queue` says of a bounded table as a whole.
///
/// | offset | size | field        | meaning                                             |
/// |-------:|-----:|--------------|-----------------------------------------------------|
/// |      0 |    8 | usedBytes    | bytes of the table's keys and values                |
/// |      8 |    8 | nextSequence | number that the next new entry gets                 |
/// |     16 |    8 | hand         | where the next search for an entry to evict begins  |
public record QueueState(long usedBytes, long nextSequence, long hand) {

  /// The state of an empty table.
  public static final QueueState EMPTY = new QueueState(0, 0, 0);

  static final StructLayout LAYOUT =
      structLayout(U64.withName("usedBytes"), U64.withName("nextSequence"), U64.withName("hand"));

  /// Size of a state.
  public static final int SIZE_BYTES = 24;

  private static final long USED_BYTES = Fields.offset(LAYOUT, "usedBytes");
  private static final long NEXT_SEQUENCE = Fields.offset(LAYOUT, "nextSequence");
  private static final long HAND = Fields.offset(LAYOUT, "hand");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
  }

  /// Reads the state at `offset`.
  public static QueueState read(MemorySegment segment, long offset) {
    return new QueueState(
        segment.get(U64, offset + USED_BYTES),
        segment.get(U64, offset + NEXT_SEQUENCE),
        segment.get(U64, offset + HAND));
  }

  /// The state as bytes.
  public byte[] bytes() {
    byte[] bytes = new byte[SIZE_BYTES];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    segment.set(U64, USED_BYTES, usedBytes);
    segment.set(U64, NEXT_SEQUENCE, nextSequence);
    segment.set(U64, HAND, hand);
    return bytes;
  }
}
