package dev.quire.store.internal.page;

import dev.quire.store.internal.format.MapPage;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.SharedAreas.Area;
import java.lang.foreign.MemorySegment;

/// Two bitmaps over the page numbers of the file, in shared memory.
///
/// | bitmap | a set bit means                                                                  |
/// |--------|----------------------------------------------------------------------------------|
/// | used   | the page must not be allocated: live, or pending                                 |
/// | live   | the newest published transaction, or the newest space map at rest, refers to it  |
///
/// Both are changed only under the space lock by the holder of the writer's turn, from what the
/// note describes. `used` can always be made anew: it is `live` and the pending pages. Pages that
/// an unfinished transaction has taken are in neither; the process that runs it remembers them.
public final class SpaceMap {

  private final SharedAreas areas;
  private final long bitsPerMapLeaf;

  public SpaceMap(SharedAreas areas, int pageSizeBytes) {
    this.areas = areas;
    this.bitsPerMapLeaf = MapPage.bitsPerLeaf(pageSizeBytes);
  }

  /// Makes room for page numbers below `pages`.
  public void require(long pages) {
    long bytes = (pages + 63) / 64 * 8;
    areas.require(Area.USED, bytes);
    areas.require(Area.LIVE, bytes);
    areas.require(Area.MAP_CHANGES, (pages / bitsPerMapLeaf / 64 + 1) * 8);
  }

  /// Leaves that a map at rest of so many pages has.
  long mapLeaves(long pages) {
    return (pages + bitsPerMapLeaf - 1) / bitsPerMapLeaf;
  }

  /// Page numbers that the bitmaps can hold.
  public long capacityPages() {
    return 8 * Math.min(areas.capacityBytes(Area.USED), areas.capacityBytes(Area.LIVE));
  }

  public void setUsed(long page, long count) {
    fill(Area.USED, page, count, true);
  }

  public void clearUsed(long page, long count) {
    fill(Area.USED, page, count, false);
  }

  public void setLive(long page, long count) {
    fill(Area.LIVE, page, count, true);
    markChanged(page, count);
  }

  public void clearLive(long page, long count) {
    fill(Area.LIVE, page, count, false);
    markChanged(page, count);
  }

  public boolean isUsed(long page) {
    return isSet(Area.USED, page);
  }

  public boolean isLive(long page) {
    return isSet(Area.LIVE, page);
  }

  /// The 64 used bits of page numbers `64 * index` and up; zero beyond the bitmap.
  public long usedWord(long index) {
    return word(Area.USED, index);
  }

  /// The 64 live bits of page numbers `64 * index` and up; zero beyond the bitmap.
  public long liveWord(long index) {
    return word(Area.LIVE, index);
  }

  /// Overwrites 64 live bits, as recovery does.
  public void setLiveWord(long index, long bits) {
    long at = areas.offset(Area.LIVE, 8 * index + 8) + 8 * index;
    Word.set(areas.segment(), at, bits);
  }

  /// Makes `used` equal to `live`; the caller adds the pending pages.
  public void copyLiveToUsed() {
    long bytes = Math.min(areas.capacityBytes(Area.LIVE), areas.capacityBytes(Area.USED));
    long from = areas.offset(Area.LIVE, bytes);
    long to = areas.offset(Area.USED, bytes);
    MemorySegment s = areas.segment();
    MemorySegment.copy(s, from, s, to, bytes);
  }

  /// Whether live bits of this map leaf changed since [#clearChanged].
  public boolean isChanged(long mapLeaf) {
    return isSet(Area.MAP_CHANGES, mapLeaf);
  }

  /// The next checkpoint will contain the leaf as it is now.
  public void clearChanged(long mapLeaf) {
    fill(Area.MAP_CHANGES, mapLeaf, 1, false);
  }

  /// The leaf must be written by the next checkpoint.
  public void markLeafChanged(long mapLeaf) {
    fill(Area.MAP_CHANGES, mapLeaf, 1, true);
  }

  /// Number of set live bits below `pages`.
  public long countLive(long pages) {
    return count(Area.LIVE, pages);
  }

  /// Number of set used bits below `pages`.
  public long countUsed(long pages) {
    return count(Area.USED, pages);
  }

  private long count(Area area, long pages) {
    long from = areas.offset(area, (pages + 63) / 64 * Long.BYTES);
    long to = from + (pages + 63) / 64 * Long.BYTES;
    MemorySegment s = areas.segment();
    long total = 0;
    for (long at = from; at < to; at += Long.BYTES) {
      total += Long.bitCount(Word.get(s, at));
    }
    return total;
  }

  private void markChanged(long page, long count) {
    long last = (page + count - 1) / bitsPerMapLeaf;
    for (long leaf = page / bitsPerMapLeaf; leaf <= last; leaf++) {
      fill(Area.MAP_CHANGES, leaf, 1, true);
    }
  }

  private boolean isSet(Area area, long bit) {
    return (word(area, bit >>> 6) >>> bit & 1) != 0;
  }

  private long word(Area area, long index) {
    if (8 * index >= areas.capacityBytes(area)) {
      return 0;
    }
    long at = areas.offset(area, 8 * index + 8) + 8 * index;
    return Word.get(areas.segment(), at);
  }

  private void fill(Area area, long from, long count, boolean value) {
    long bit = from;
    long end = from + count;
    long base = areas.offset(area, (end + 63) / 64 * Long.BYTES);
    MemorySegment s = areas.segment();
    while (bit < end) {
      long at = base + (bit >>> 6 << 3);
      int low = (int) (bit & 63);
      long width = Math.min(64 - low, end - bit);
      long mask = (width == 64 ? -1L : (1L << width) - 1) << low;
      long word = Word.get(s, at);
      Word.set(s, at, value ? word | mask : word & ~mask);
      bit += width;
    }
  }
}
