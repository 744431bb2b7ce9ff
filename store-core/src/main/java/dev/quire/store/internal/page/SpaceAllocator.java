package dev.quire.store.internal.page;

import java.util.Arrays;

/// Gives out page numbers to the holder of the writer's turn.
///
/// Two streams keep runs whole. Pages of the upper levels die with one of the next transactions:
/// they come from *hot* runs, the most recently freed first, which the caches still hold. Leaves
/// live long: they come from *warm* pages first, written since the last checkpoint and replaced
/// again, because the page cache has them and must write them anyway; then in ascending order from
/// free runs of the bitmap, and from the file's end when there is none.
///
/// Everything here is private to the process and only an index of what is free; pages given out are
/// remembered in `taken` until their transaction is published or gives them back. Guarded by the
/// space lock.
public final class SpaceAllocator {

  /// A free run shorter than this is passed over, unless much of the file is free.
  private static final int SHORT_RUN = 8;

  /// Pages that make a look at the pending ones worth its while.
  private static final int WORTH_RECLAIMING = 32;

  private static final int MAX_HOT_RUNS = 256;
  private static final int MAX_WARM_RUNS = 1 << 16;

  /// Pages that lived for no more transactions are upper pages, most likely.
  private static final long SHORT_LIFE = 64;

  /// Leaves do not use hot pages, so there are never many: what is free beyond that is cold.
  private static final int MAX_HOT_PAGES = 256;

  /// The file rather grows than is filled up run by short run while less than this part of it is
  /// free.
  private static final int SPARE_PART = 8;

  private final SpaceMap map;
  private final Reclaimer reclaimer;
  private final long firstPage;
  private final Reclaimer.Pins pins;
  private final RunList hot = new RunList();
  private final RunList warm = new RunList();
  private long[] taken = new long[64];
  private long coldStart;
  private long coldEnd;
  private long cursor;
  private long highWater;

  /// Warm pages are born after this transaction.
  private long warmSince;

  /// Pages below the high-water page that are free and not taken.
  private long freePages;

  /// No free run of so many pages exists.
  private int missedRun = Integer.MAX_VALUE;

  /// @param firstPage first page number behind the ring
  public SpaceAllocator(SpaceMap map, PendingPages pending, Reclaimer.Pins pins, long firstPage) {
    this.map = map;
    this.pins = pins;
    this.reclaimer = new Reclaimer(pending, pins);
    this.firstPage = firstPage;
    this.cursor = firstPage;
  }

  /// Forgets everything: the turn comes from elsewhere, or the bitmaps were made anew.
  public void reset(long newHighWater) {
    hot.clear();
    warm.clear();
    Arrays.fill(taken, 0);
    coldStart = 0;
    coldEnd = 0;
    cursor = firstPage;
    highWater = newHighWater;
    freePages = newHighWater - firstPage - map.countUsed(newHighWater);
    missedRun = Integer.MAX_VALUE;
    reclaimer.forget();
  }

  /// First page number that was never given out.
  public long highWater() {
    return highWater;
  }

  /// Gives out pages that will be replaced soon.
  public void allocateUpper(int pages, long birth, RunList out) {
    int wanted = pages;
    if (bestHot(wanted) < 0 && reclaimer.hasUnexamined(WORTH_RECLAIMING)) {
      reclaim();
    }
    int at = bestHot(wanted);
    while (wanted > 0 && at >= 0) {
      int count = Math.min(wanted, hot.count(at));
      out.add(hot.start(at), count, birth);
      hot.takeFront(at, count);
      wanted -= count;
      at = bestHot(wanted);
    }
    if (wanted > 0) {
      allocateLeaves(wanted, birth, out);
    }
  }

  /// Gives out pages that will stay for long.
  public void allocateLeaves(int pages, long birth, RunList out) {
    int wanted = pages;
    if (warm.size() == 0 && reclaimer.hasUnexamined(WORTH_RECLAIMING)) {
      reclaim();
    }
    while (wanted > 0) {
      if (coldStart == coldEnd && warm.size() > 0) {
        int newest = warm.size() - 1;
        int count = Math.min(wanted, warm.count(newest));
        out.add(warm.start(newest), count, birth);
        warm.takeFront(newest, count);
        wanted -= count;
        continue;
      }
      if (coldStart == coldEnd) {
        refillCold(wanted);
      }
      int count = (int) Math.min(wanted, coldEnd - coldStart);
      out.add(coldStart, count, birth);
      coldStart += count;
      wanted -= count;
    }
  }

  /// Gives out adjacent pages.
  ///
  /// @return the first
  public long allocateRun(int pages) {
    long start = takeRun(pages);
    if (start < 0 && reclaimer.hasUnexamined(WORTH_RECLAIMING)) {
      reclaim();
      start = takeRun(pages);
    }
    if (start < 0 && warm.pages() >= pages) {
      cool();
      start = takeRun(pages);
    }
    if (start < 0) {
      start = highWater;
      highWater += pages;
      setTaken(start, pages, true);
    }
    return start;
  }

  /// Adjacent free pages, or -1.
  private long takeRun(int pages) {
    for (int i = warm.size() - 1; i >= Math.max(0, warm.size() - 16); i--) {
      if (warm.count(i) >= pages) {
        long start = warm.start(i);
        warm.takeFront(i, pages);
        return start;
      }
    }
    long found = findRun(pages);
    if (found >= 0) {
      freePages -= pages;
      setTaken(found, pages, true);
    }
    return found;
  }

  /// What was warm is free like any other page.
  private void cool() {
    for (int i = 0; i < warm.size(); i++) {
      setTaken(warm.start(i), warm.count(i), false);
      addFree(warm.count(i));
    }
    warm.clear();
  }

  /// Takes back pages of a transaction that will not be published.
  public void giveBack(long start, int count) {
    if (mayBeHot(count)) {
      hot.add(start, count, 0);
    } else {
      setTaken(start, count, false);
      addFree(count);
    }
  }

  /// The pages are published, and used in the bitmap.
  public void published(long start, int count) {
    setTaken(start, count, false);
  }

  /// A page that only a space map at rest used is free.
  public void freed(long page) {
    map.clearUsed(page, 1);
    addFree(1);
  }

  /// Looks for pending pages that have become free.
  public void reclaim() {
    long durable = pins.durableTxnId();
    if (durable != warmSince) {
      warmSince = durable;
      cool();
    }
    reclaimer.reclaim(this::free);
  }

  private void free(long page, int count, long birth, long freed) {
    map.clearUsed(page, count);
    if (freed - birth <= SHORT_LIFE && mayBeHot(count)) {
      setTaken(page, count, true);
      hot.add(page, count, 0);
    } else if (birth > pins.durableTxnId() && warm.size() < MAX_WARM_RUNS) {
      setTaken(page, count, true);
      warm.add(page, count, 0);
    } else {
      addFree(count);
    }
  }

  private void addFree(int count) {
    freePages += count;
    missedRun = Integer.MAX_VALUE;
  }

  private boolean mayBeHot(int count) {
    return hot.size() < MAX_HOT_RUNS && hot.pages() + count <= MAX_HOT_PAGES;
  }

  /// The hot run that serves best: the newest that fits exactly, else the longest.
  private int bestHot(int pages) {
    int best = -1;
    for (int i = hot.size() - 1; i >= Math.max(0, hot.size() - 16); i--) {
      if (hot.count(i) == pages) {
        return i;
      }
      if (best < 0 || hot.count(i) > hot.count(best)) {
        best = i;
      }
    }
    return best;
  }

  private void refillCold(int wanted) {
    int least = Math.min(wanted, SHORT_RUN);
    long run = findRun(least);
    if (run < 0 && reclaimer.hasUnexamined(WORTH_RECLAIMING)) {
      reclaim();
      run = findRun(least);
    }
    if (run < 0 && freePages * SPARE_PART > highWater) {
      run = findRun(1);
    }
    if (run < 0) {
      coldStart = highWater;
      coldEnd = highWater + wanted;
      highWater = coldEnd;
    } else {
      coldStart = run;
      coldEnd = run + 1;
      while (coldEnd < highWater && coldEnd - coldStart < 4096 && isFree(coldEnd)) {
        coldEnd++;
      }
      cursor = coldEnd;
      freePages -= coldEnd - coldStart;
    }
    setTaken(coldStart, coldEnd - coldStart, true);
  }

  /// First page of a free run of at least `pages` below the high-water page, or -1. Looks from the
  /// cursor on, then from the start.
  private long findRun(int pages) {
    if (pages >= missedRun) {
      return -1;
    }
    long found = findRun(pages, cursor, highWater);
    if (found < 0) {
      found = findRun(pages, firstPage, Math.min(highWater, cursor + pages));
    }
    if (found < 0) {
      missedRun = pages;
    }
    return found;
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

  private boolean isFree(long page) {
    return (busyWord(page >>> 6) >>> page & 1) == 0;
  }

  private long busyWord(long index) {
    long bits = map.usedWord(index);
    return index < taken.length ? bits | taken[(int) index] : bits;
  }

  private void setTaken(long start, long count, boolean value) {
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
}
