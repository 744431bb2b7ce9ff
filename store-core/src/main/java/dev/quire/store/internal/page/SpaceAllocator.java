package dev.quire.store.internal.page;

import java.util.Arrays;

/// Gives out page numbers to the holder of the writer's turn.
///
/// Two streams keep writes together. Upper pages die with one of the next transactions: they come
/// from *hot* runs, which died young themselves, and which the caches still hold. All others come
/// from a *sweep*: a cursor that goes through the file in ascending order and takes every free page
/// on its way, then begins anew. So the pages of a transaction lie close together and in order,
/// whatever the free space looks like. While too little of the file is free for that, it grows.
///
/// Everything here is private to the process and only an index of what is free; pages given out are
/// remembered in `taken` until their transaction is published or gives them back. Guarded by the
/// space lock.
public final class SpaceAllocator {

  /// Pages that make a look at the pending ones worth its while.
  private static final int WORTH_RECLAIMING = 32;

  /// Pages that lived for no more transactions are upper pages, most likely.
  public static final long SHORT_LIFE = 8;

  private static final int MAX_HOT_RUNS = 32;

  /// So many pages are kept hot, beside what some transactions need.
  private static final int SPARE_HOT_PAGES = 64;

  /// Fewer upper pages than this are taken in one run or none.
  private static final int WORTH_A_RUN = 8;

  /// A free run is taken up to this length at a time.
  private static final int MAX_SWEPT_RUN = 4096;

  /// The file grows while less than this part of it is free.
  private static final int SPARE_PART = 4;

  private final SpaceMap map;
  private final Reclaimer reclaimer;
  private final long firstPage;
  private final RunList hot = new RunList();

  /// About the most upper pages that a transaction has lately asked for.
  private int upperDemand;

  private long[] taken = new long[64];

  /// What is left of the free run under the sweep's cursor.
  private long sweptStart;

  private long sweptEnd;

  /// Where the sweep goes on.
  private long cursor;

  private long highWater;

  /// Pages below the high-water page that are free and not taken.
  private long freePages;

  /// Whether the file is not to grow while anything is free.
  private boolean packing;

  /// No free run of so many pages exists.
  private int missedRun = Integer.MAX_VALUE;

  /// @param firstPage first page number behind the ring
  public SpaceAllocator(SpaceMap map, PendingPages pending, Reclaimer.Pins pins, long firstPage) {
    this.map = map;
    this.reclaimer = new Reclaimer(pending, pins);
    this.firstPage = firstPage;
    this.cursor = firstPage;
  }

  /// Forgets everything: the bitmaps or the pending pages were made anew.
  public void reset(long newHighWater) {
    refresh(newHighWater);
    cursor = firstPage;
    reclaimer.forget();
  }

  /// Forgets what it took and counted: another process had the turn, and let go in good order. What
  /// is known of pending pages stays right: others only spend them, add to them, or begin a new
  /// epoch.
  public void refresh(long newHighWater) {
    hot.clear();
    Arrays.fill(taken, 0);
    sweptStart = 0;
    sweptEnd = 0;
    cursor = Math.min(cursor, newHighWater);
    highWater = newHighWater;
    freePages = newHighWater - firstPage - map.countUsed(newHighWater);
    missedRun = Integer.MAX_VALUE;
    packing = false;
  }

  /// From now on pages come from the lowest numbers that are free, until [#spread].
  public void pack() {
    reclaim();
    giveBack(sweptStart, (int) (sweptEnd - sweptStart));
    sweptEnd = sweptStart;
    while (hot.size() > 0) {
      coolShortest();
    }
    cursor = firstPage;
    packing = true;
  }

  /// Ends what [#pack] began.
  public void spread() {
    packing = false;
  }

  /// First page number that was never given out.
  public long highWater() {
    return highWater;
  }

  /// Gives out pages that will be replaced soon.
  public void allocateUpper(int pages, long birth, RunList out) {
    int wanted = pages;
    upperDemand = Math.max(pages, upperDemand - upperDemand / 8);
    if (hot.pages() < wanted && reclaimer.hasUnexamined(WORTH_RECLAIMING)) {
      reclaim();
    }
    while (wanted > 0 && hot.size() > 0) {
      int best = bestHot(wanted);
      if (hot.count(best) < wanted && wanted < WORTH_A_RUN && !packing) {
        // Few pages that are taken in pieces would come back in pieces, again and again.
        break;
      }
      int count = Math.min(wanted, hot.count(best));
      out.add(hot.start(best), count, birth);
      hot.takeFront(best, count);
      wanted -= count;
    }
    if (wanted > 1 && !packing) {
      out.add(allocateRun(wanted), wanted, birth);
    } else {
      allocateLeaves(wanted, birth, out);
    }
  }

  /// Gives out pages that will stay for long, in ascending order but for one new beginning.
  public void allocateLeaves(int pages, long birth, RunList out) {
    int wanted = pages;
    while (wanted > 0) {
      if (sweptStart == sweptEnd) {
        sweep(wanted);
      }
      int count = (int) Math.min(wanted, sweptEnd - sweptStart);
      out.add(sweptStart, count, birth);
      sweptStart += count;
      wanted -= count;
    }
  }

  /// Finds the next free run, or lets the file grow.
  private void sweep(int wanted) {
    if (reclaimer.hasUnexamined(WORTH_RECLAIMING)) {
      reclaim();
    }
    boolean grows = !packing && freePages * SPARE_PART < highWater - firstPage;
    long run = grows ? -1 : findRun(1);
    if (run < 0) {
      sweptStart = highWater;
      sweptEnd = highWater + wanted;
      highWater = sweptEnd;
    } else {
      sweptStart = run;
      sweptEnd = run + 1;
      while (sweptEnd < highWater && sweptEnd - run < MAX_SWEPT_RUN && isFree(sweptEnd)) {
        sweptEnd++;
      }
      cursor = sweptEnd;
      freePages -= sweptEnd - run;
    }
    setTaken(sweptStart, sweptEnd - sweptStart, true);
  }

  /// Gives out adjacent pages.
  ///
  /// @return the first
  public long allocateRun(int pages) {
    long start = findRun(pages);
    if (start < 0 && reclaimer.hasUnexamined(WORTH_RECLAIMING)) {
      reclaim();
      start = findRun(pages);
    }
    if (start < 0) {
      start = highWater;
      highWater += pages;
    } else {
      freePages -= pages;
    }
    setTaken(start, pages, true);
    return start;
  }

  /// Takes back pages of a transaction that will not be published.
  public void giveBack(long start, int count) {
    setTaken(start, count, false);
    addFree(count);
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
    reclaimer.reclaim(this::free);
  }

  private void free(long page, int count, long birth, long freed) {
    map.clearUsed(page, count);
    addFree(count);
    if (freed - birth <= SHORT_LIFE) {
      keepHot(page, count);
    }
  }

  /// Makes a free run hot if upper pages may want it; the shortest one ceases to be if there are
  /// too many.
  private void keepHot(long start, int count) {
    if (packing) {
      return;
    }
    int limit = 4 * upperDemand + SPARE_HOT_PAGES;
    if (count > 2 * upperDemand || hot.pages() + count > limit) {
      return;
    }
    if (hot.size() == MAX_HOT_RUNS) {
      if (hot.count(shortestHot()) >= count) {
        return;
      }
      coolShortest();
    }
    freePages -= count;
    setTaken(start, count, true);
    hot.add(start, count, 0);
  }

  private void coolShortest() {
    int shortest = shortestHot();
    int count = hot.count(shortest);
    setTaken(hot.start(shortest), count, false);
    addFree(count);
    hot.takeFront(shortest, count);
  }

  private int shortestHot() {
    int shortest = 0;
    for (int i = 1; i < hot.size(); i++) {
      if (hot.count(i) < hot.count(shortest)) {
        shortest = i;
      }
    }
    return shortest;
  }

  private void addFree(int count) {
    freePages += count;
    missedRun = Integer.MAX_VALUE;
  }

  /// The hot run that serves best: the newest that fits exactly, else the longest.
  private int bestHot(int pages) {
    int best = hot.size() - 1;
    for (int i = best; i >= 0; i--) {
      if (hot.count(i) == pages) {
        return i;
      }
      if (hot.count(i) > hot.count(best)) {
        best = i;
      }
    }
    return best;
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
