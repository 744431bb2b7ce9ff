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

  /// How far the end of areas may be behind that of the file: somebody has taken the room and not
  /// filled it yet.
  private static final long MOST_AHEAD_BYTES = 4L << 30;

  private final SharedRegion region;

  public SharedAreas(SharedRegion region) {
    this.region = region;
  }

  /// The current mapping. Offsets of areas hold in any mapping that is large enough.
  public MemorySegment segment() {
    return region.segment();
  }

  /// Offset of an area of which `bytes` are about to be used.
  ///
  /// @throws StoreFailedException if it does not hold so many
  public long offset(Area area, long bytes) {
    return offset(area.code, bytes);
  }

  /// Bytes that the area holds, 0 if it does not exist yet.
  public long capacityBytes(Area area) {
    return capacityBytes(area.code);
  }

  /// Where an area lies and how much it holds, in one word, 0 if it does not exist yet: for who
  /// must not mistake the offset of an area that moves meanwhile for that of another size. See
  /// [#offsetOf] and [#capacityOf].
  ///
  /// @throws StoreFailedException if it does not lie in the file
  public long placeOf(Area area) {
    return soundWord(area.code);
  }

  /// Offset of a place.
  public static long offsetOf(long place) {
    return (place >>> 32) * UNIT_BYTES;
  }

  /// Bytes that a place holds.
  public static long capacityOf(long place) {
    return (place & 0xFFFF_FFFFL) * UNIT_BYTES;
  }

  /// Offset of the area with this code, of which `bytes` are about to be used.
  ///
  /// @throws StoreFailedException if it does not hold so many
  public long offset(int code, long bytes) {
    long word = soundWord(code);
    if (bytes < 0 || bytes > capacityOf(word)) {
      throw tooSmall(code, word, bytes);
    }
    return offsetOf(word);
  }

  /// Bytes that the area with this code holds.
  ///
  /// @throws StoreFailedException if it does not lie in the file
  public long capacityBytes(int code) {
    return capacityOf(soundWord(code));
  }

  /// Offset that the area's word says, wherever that is.
  public long saidOffset(int code) {
    return offsetOf(word(code));
  }

  /// Bytes that the area's word says, whether there are so many or not.
  public long saidBytes(int code) {
    return capacityOf(word(code));
  }

  private static boolean liesIn(long word, long sizeBytes) {
    return offsetOf(word) >= SharedHeader.SIZE_BYTES
        && offsetOf(word) + capacityOf(word) <= sizeBytes;
  }

  /// An area's word: that of no area, or of one that is mapped.
  private long soundWord(int code) {
    MemorySegment s = region.segment();
    long word = Word.getAcquire(s, SharedHeader.areaWord(code));
    if (word != 0 && !liesIn(word, s.byteSize())) {
      mapGrown(code, word);
    }
    return word;
  }

  /// Another process may have let the area grow.
  private void mapGrown(int code, long word) {
    mapAll();
    if (!liesIn(word, region.segment().byteSize())) {
      throw damaged("area " + code + " at " + offsetOf(word));
    }
  }

  private static StoreFailedException tooSmall(int code, long word, long bytes) {
    return damaged(
        "area " + code + " with " + capacityOf(word) + " bytes, of which " + bytes + " are needed");
  }

  /// What to say when the words of `shm` do not fit each other.
  public static StoreFailedException damaged(String finding) {
    return new StoreFailedException(
        "`shm` was damaged: it has "
            + finding
            + "; close the store in every process and open it again");
  }

  /// Makes an area hold at least `bytes`, at least doubling it when it grows. New bytes are zero.
  public void require(Area area, long bytes) {
    require(area.code, bytes);
  }

  /// The same for an area by its code.
  public void require(int code, long bytes) {
    long old = soundWord(code);
    long capacity = capacityOf(old);
    if (capacity >= bytes) {
      return;
    }
    long grown = roundUp(Math.max(bytes, 2 * capacity), UNIT_BYTES);
    long place = takeRoom(grown);
    MemorySegment s = region.segmentOf(place + grown);
    MemorySegment.copy(s, offsetOf(old), s, place, capacity);
    long moved = place / UNIT_BYTES << 32 | grown / UNIT_BYTES;
    // It fails if another process was first with a chunk of reader slots: then that one counts.
    Word.compareAndSet(s, SharedHeader.areaWord(code), old, moved);
  }

  /// Maps the file anew if another process has let an area grow beyond the mapping.
  ///
  /// @throws StoreFailedException if an area goes beyond the file: its word was damaged
  public void mapAll() {
    long end = end();
    if (end <= region.segment().byteSize()) {
      return;
    }
    long size = region.sizeBytes();
    if (end > size) {
      throw damaged("areas up to " + end + " in a file of " + size + " bytes");
    }
    region.segmentOf(end);
  }

  /// Where the last area ends.
  private long end() {
    long end = SharedHeader.SIZE_BYTES;
    for (int code = 0; code < SharedHeader.AREAS; code++) {
      long word = word(code);
      end = Math.max(end, offsetOf(word) + capacityOf(word));
    }
    return end;
  }

  /// Takes room behind all areas and fills it with zeros.
  private long takeRoom(long bytes) {
    MemorySegment s = region.segment();
    long place;
    do {
      // Areas first: their end is moved before they are.
      long end = end();
      place = Math.max(SharedHeader.SIZE_BYTES, Word.getVolatile(s, SharedHeader.AREAS_END));
      if (place < end || place % UNIT_BYTES != 0 || place - MOST_AHEAD_BYTES > region.sizeBytes()) {
        throw damaged("areas up to " + end + ", and their end at " + place);
      }
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
