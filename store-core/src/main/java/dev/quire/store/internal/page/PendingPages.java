package dev.quire.store.internal.page;

import dev.quire.store.internal.format.PendingEntry;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.SharedAreas.Area;
import java.lang.foreign.MemorySegment;

/// Pages that were replaced and may still be read: a list in shared memory, in the order in which
/// the transactions that replaced them were published.
///
/// The list is an area with a header of 16 bytes (position of the first entry, position after the
/// last) and entries of [PendingEntry#SIZE_BYTES]. An entry is spent when its count is 0. When the
/// area is full, the entries that are not spent are copied into the other of two areas, and one
/// word switches over: a process that dies on the way leaves the old area in force.
public final class PendingPages {

  private static final long START = 0;
  private static final long END = 8;
  private static final long ENTRIES = 16;

  /// What the first area holds; it must be there before the list is read.
  public static final long FIRST_CAPACITY_BYTES = 64 << 10;

  private final SharedAreas areas;

  public PendingPages(SharedAreas areas) {
    this.areas = areas;
  }

  /// Counts compactions: positions of entries hold as long as it stays the same.
  public long epoch() {
    return Word.getAcquire(areas.segment(), SharedHeader.PENDING_EPOCH);
  }

  /// Position of the first entry.
  public long start() {
    return position(START);
  }

  /// Position after the last entry.
  public long end() {
    return position(END);
  }

  /// A position that the list's header has.
  ///
  /// @throws dev.quire.store.errors.StoreFailedException if the list's area cannot hold it
  private long position(long field) {
    long base = base();
    long position = Word.get(areas.segment(), base + field);
    long capacity = capacityEntries();
    if (position < 0 || position > capacity) {
      throw SharedAreas.damaged("pending page " + position + " in a list of " + capacity);
    }
    return position;
  }

  /// How many entries the list's area can hold.
  public long capacityEntries() {
    return (areas.capacityBytes(area()) - ENTRIES) / PendingEntry.SIZE_BYTES;
  }

  public long pageNo(long position) {
    long at = entry(position);
    return PendingEntry.pageNo(areas.segment(), at);
  }

  /// Pages of the entry, 0 if it is spent.
  public int count(long position) {
    long at = entry(position);
    int count = PendingEntry.count(areas.segment(), at);
    if (count < 0) {
      throw SharedAreas.damaged("a pending entry of " + count + " pages");
    }
    return count;
  }

  public long birth(long position) {
    long at = entry(position);
    return PendingEntry.birth(areas.segment(), at);
  }

  public long freed(long position) {
    long at = entry(position);
    return PendingEntry.freed(areas.segment(), at);
  }

  /// Makes room for so many more entries; may compact. Nothing fails in [#write] after this.
  public void require(int entries) {
    areas.require(area(), FIRST_CAPACITY_BYTES);
    if (fits(area(), end() + entries)) {
      return;
    }
    Area other = epoch() % 2 == 0 ? Area.PENDING_ODD : Area.PENDING_EVEN;
    long kept = countUnspent();
    areas.require(other, ENTRIES + 2 * (kept + entries) * PendingEntry.SIZE_BYTES);
    copyUnspent(other);
    Word.setRelease(areas.segment(), SharedHeader.PENDING_EPOCH, epoch() + 1);
  }

  /// Writes an entry at a position at or after [#end]; [#setEnd] makes it count.
  public void write(long position, long pageNo, int count, long birth, long freed) {
    PendingEntry.write(areas.segment(), entry(position), pageNo, count, birth, freed);
  }

  /// Makes the entries before `end` count.
  public void setEnd(long end) {
    Word.setRelease(areas.segment(), base() + END, end);
  }

  /// Marks an entry spent.
  public void spend(long position) {
    PendingEntry.spend(areas.segment(), entry(position));
  }

  /// Moves the start over spent entries.
  public void skipSpent() {
    long position = start();
    long end = end();
    while (position < end && count(position) == 0) {
      position++;
    }
    Word.set(areas.segment(), base() + START, position);
  }

  /// Number of pages that wait.
  public long countPages() {
    long pages = 0;
    for (long position = start(); position < end(); position++) {
      pages += count(position);
    }
    return pages;
  }

  private long countUnspent() {
    long entries = 0;
    for (long position = start(); position < end(); position++) {
      entries += count(position) == 0 ? 0 : 1;
    }
    return entries;
  }

  private void copyUnspent(Area other) {
    MemorySegment s = areas.segment();
    long to = areas.offset(other, ENTRIES);
    long copied = 0;
    for (long position = start(); position < end(); position++) {
      if (count(position) != 0) {
        long target = to + ENTRIES + copied * PendingEntry.SIZE_BYTES;
        MemorySegment.copy(s, entry(position), s, target, PendingEntry.SIZE_BYTES);
        copied++;
      }
    }
    Word.set(s, to + START, 0);
    Word.set(s, to + END, copied);
  }

  private boolean fits(Area area, long entries) {
    return ENTRIES + entries * PendingEntry.SIZE_BYTES <= areas.capacityBytes(area);
  }

  private Area area() {
    return epoch() % 2 == 0 ? Area.PENDING_EVEN : Area.PENDING_ODD;
  }

  private long base() {
    return areas.offset(area(), ENTRIES);
  }

  private long entry(long position) {
    if (position < 0 || position >= capacityEntries()) {
      throw SharedAreas.damaged("pending page " + position + " in a list of " + capacityEntries());
    }
    return base() + ENTRIES + position * PendingEntry.SIZE_BYTES;
  }
}
