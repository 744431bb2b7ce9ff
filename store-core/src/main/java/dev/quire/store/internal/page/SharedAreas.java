package dev.quire.store.internal.page;

import dev.quire.store.errors.StoreException;
import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.region.SharedRegion;
import java.lang.foreign.MemorySegment;

/// The areas of `shm` that grow: where each lies and how much it holds.
///
/// An area moves when it grows: its bytes are copied behind everything else, then its one word in
/// the header is stored. A process that dies in between leaves the old place in force. The place
/// that an area left is not used again.
///
/// Room is taken by a compare-and-set of one word, then filled with zeros by whoever took it. So
/// processes grow areas at the same time, each its own: chunks of reader slots at any time, all
/// others only with the writer's turn, under the space lock. Chunks of metrics are made by who
/// opens the store.
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
    PLAN(8),
    TOUCHED(9),
    READERS(16),
    METRICS(32);

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

  /// Where an area lies and how much it holds, in one word: for who must not mistake the offset of
  /// an area that moves meanwhile for that of another size. See [#offsetOf] and [#capacityOf].
  public long placeOf(Area area) {
    return word(area.code);
  }

  /// Offset of a place.
  public static long offsetOf(long place) {
    return (place >>> 32) * UNIT_BYTES;
  }

  /// Bytes that a place holds.
  public static long capacityOf(long place) {
    return (place & 0xFFFF_FFFFL) * UNIT_BYTES;
  }

  /// Offset of the area with this code.
  public long offset(int code) {
    return offsetOf(word(code));
  }

  /// Bytes that the area with this code holds.
  public long capacityBytes(int code) {
    return capacityOf(word(code));
  }

  /// Makes an area hold at least `bytes`, at least doubling it when it grows. New bytes are zero.
  public void require(Area area, long bytes) {
    require(area.code, bytes);
  }

  /// The same for an area by its code.
  public void require(int code, long bytes) {
    long old = word(code);
    long capacity = capacityBytes(code);
    if (capacity >= bytes) {
      return;
    }
    long grown = roundUp(Math.max(bytes, 2 * capacity), UNIT_BYTES);
    long place = takeRoom(grown);
    MemorySegment s = region.segmentOf(place + grown);
    MemorySegment.copy(s, offset(code), s, place, capacity);
    long moved = place / UNIT_BYTES << 32 | grown / UNIT_BYTES;
    // It fails if another process was first with a chunk of reader slots: then that one counts.
    Word.compareAndSet(s, SharedHeader.areaWord(code), old, moved);
  }

  /// Maps the file anew if another process has let an area grow beyond the mapping.
  ///
  /// @throws StoreFailedException if an area says that it goes beyond the file: it was damaged
  public void mapAll() {
    long end = SharedHeader.SIZE_BYTES;
    for (int code = 0; code < SharedHeader.AREAS; code++) {
      long word = word(code);
      end = Math.max(end, offsetOf(word) + capacityOf(word));
    }
    try {
      region.segmentOf(end);
    } catch (IllegalArgumentException e) {
      throw new StoreFailedException(
          "`shm` was damaged, its areas end behind it: "
              + e.getMessage()
              + "; close the store in every process and open it again");
    }
  }

  /// Takes room behind all areas and fills it with zeros.
  private long takeRoom(long bytes) {
    MemorySegment s = region.segment();
    long place;
    do {
      place = Math.max(SharedHeader.SIZE_BYTES, Word.getVolatile(s, SharedHeader.AREAS_END));
    } while (!Word.compareAndSet(s, SharedHeader.AREAS_END, place, place + bytes)
        && !(place == SharedHeader.SIZE_BYTES
            && Word.compareAndSet(s, SharedHeader.AREAS_END, 0, place + bytes)));
    try {
      region.zero(place, place + bytes);
    } catch (StoreException e) {
      // The room is lost if somebody has taken more behind it.
      Word.compareAndSet(s, SharedHeader.AREAS_END, place + bytes, place);
      throw e;
    }
    return place;
  }

  private long word(int code) {
    return Word.getAcquire(region.segment(), SharedHeader.areaWord(code));
  }

  private static long roundUp(long bytes, long unit) {
    return bytes + unit - 1 & -unit;
  }
}
