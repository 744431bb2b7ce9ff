package dev.quire.store.internal.page;

import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.region.SharedRegion;
import java.lang.foreign.MemorySegment;

/// The areas of `shm` that grow: where each lies and how much it holds.
///
/// An area moves when it grows: its bytes are copied behind everything else, then its one word in
/// the header is stored. A process that dies in between leaves the old place in force. Areas grow
/// only under the space lock of the process that holds the writer's turn; the place that an area
/// left is not used again.
public final class SharedAreas {

  /// What an area holds. Codes are stored.
  public enum Area {
    HEAD_RING(0),
    PROCESSES(1),
    USED(2),
    LIVE(3),
    MAP_CHANGES(4),
    PENDING_EVEN(5),
    PENDING_ODD(6),
    NOTE(7),
    READERS(16);

    private final int code;

    Area(int code) {
      this.code = code;
    }

    /// Index of the area's word.
    public int code() {
      return code;
    }
  }

  private static final long UNIT_BYTES = 4096;

  /// The file grows in steps of this: each growth costs a mapping.
  private static final long GROWTH_BYTES = 256 << 10;

  private final SharedRegion region;

  public SharedAreas(SharedRegion region) {
    this.region = region;
  }

  /// The current mapping. Offsets of areas hold in any mapping that is large enough.
  public MemorySegment segment() {
    return region.segment();
  }

  public long offset(Area area) {
    return offset(area.code);
  }

  /// Bytes that the area holds, 0 if it does not exist yet.
  public long capacityBytes(Area area) {
    return capacityBytes(area.code);
  }

  /// Offset of the area with this code.
  public long offset(int code) {
    return (word(code) >>> 32) * UNIT_BYTES;
  }

  /// Bytes that the area with this code holds.
  public long capacityBytes(int code) {
    return (word(code) & 0xFFFF_FFFFL) * UNIT_BYTES;
  }

  /// Makes an area hold at least `bytes`, at least doubling it when it grows. New bytes are zero.
  public void require(Area area, long bytes) {
    require(area.code, bytes);
  }

  /// The same for an area by its code.
  public void require(int code, long bytes) {
    long capacity = capacityBytes(code);
    if (capacity >= bytes) {
      return;
    }
    long grown = roundUp(Math.max(bytes, 2 * capacity), UNIT_BYTES);
    long place = endOfAreas();
    region.growTo(roundUp(place + grown, GROWTH_BYTES));
    MemorySegment s = region.segment();
    MemorySegment.copy(s, offset(code), s, place, capacity);
    // Zero already, but for what a process left that died just here.
    s.asSlice(place + capacity, grown - capacity).fill((byte) 0);
    Word.setRelease(s, SharedHeader.areaWord(code), place / UNIT_BYTES << 32 | grown / UNIT_BYTES);
  }

  /// Where the next area goes: behind all others. An area that moves goes there, so this never goes
  /// down.
  private long endOfAreas() {
    long end = SharedHeader.SIZE_BYTES;
    for (int code = 0; code < SharedHeader.AREAS; code++) {
      end = Math.max(end, offset(code) + capacityBytes(code));
    }
    return end;
  }

  private long word(int code) {
    return Word.getAcquire(region.segment(), SharedHeader.areaWord(code));
  }

  private static long roundUp(long bytes, long unit) {
    return bytes + unit - 1 & -unit;
  }
}
