package dev.quire.store.internal.page;

import java.util.Arrays;

/// Which page numbers are free: not used in the bitmap of `shm`, and not taken by this process for
/// a transaction that is not published. Guarded by the space lock.
final class FreeMap {

  private final SpaceMap map;
  private long[] taken = new long[64];

  FreeMap(SpaceMap map) {
    this.map = map;
  }

  /// This process has taken nothing.
  void forgetTaken() {
    Arrays.fill(taken, 0);
  }

  boolean isFree(long page) {
    return (busyWord(page >>> 6) >>> page & 1) == 0;
  }

  /// First page of a free run of at least `pages` that lies from `first` on and before `end`, or
  /// -1. Looks from the cursor on, then from the start.
  long findRun(int pages, long first, long cursor, long end) {
    long found = findRun(pages, cursor, end);
    return found >= 0 ? found : findRun(pages, first, Math.min(end, cursor + pages));
  }

  private long findRun(int pages, long from, long to) {
    long page = from;
    long runStart = from;
    while (page < to) {
      long busy = busyWord(page >>> 6) >>> page;
      int inWord = 64 - (int) (page & 63);
      if (busy == 0) {
        page += inWord;
      } else {
        int free = Long.numberOfTrailingZeros(busy);
        page += free;
        if (Math.min(page, to) - runStart >= pages) {
          return runStart;
        }
        page += Math.min(inWord - free, Long.numberOfTrailingZeros(~(busy >>> free)));
        runStart = page;
      }
      if (Math.min(page, to) - runStart >= pages) {
        return runStart;
      }
    }
    return -1;
  }

  /// Notes that pages are taken, or not any more.
  void setTaken(long start, long count, boolean value) {
    long end = start + count;
    if (value && (end + 63) / 64 > taken.length) {
      taken = Arrays.copyOf(taken, (int) Math.max(2L * taken.length, (end + 63) / 64));
    }
    for (long page = start; page < end; page++) {
      int index = (int) (page >>> 6);
      if (value) {
        taken[index] |= 1L << page;
      } else {
        taken[index] &= ~(1L << page);
      }
    }
  }

  private long busyWord(long index) {
    long bits = map.usedWord(index);
    return index < taken.length ? bits | taken[(int) index] : bits;
  }
}
