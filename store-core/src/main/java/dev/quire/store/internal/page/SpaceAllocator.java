package dev.quire.store.internal.page;

import dev.quire.store.errors.StoreFullException;
import org.jspecify.annotations.Nullable;

/// Gives out page numbers to the holder of the writer's turn.
///
/// Two streams keep writes together. Upper pages die with one of the next transactions: they come
/// from *hot* runs, which died young themselves, and which the caches still hold. All others come
/// from a *sweep*: a cursor that goes through the file in ascending order and takes every free page
/// on its way, then begins anew. So the pages of a transaction lie close together and in order,
/// whatever the free space looks like. While too little of the file is free for that, it grows.
///
/// If it cannot grow, every free page serves, wherever it is and however short its run; growth is
/// tried again when nothing is free. A file that grew as a hole may have grown beyond what the disk
/// has room for: that shows when its pages are written, and [#avoidFrom] hears of it. Some pages
/// are set aside for the space map: without it no checkpoint would free what the one before pins.
///
/// Everything here is private to the process and only an index of what is free; pages given out are
/// remembered in `taken` until their transaction is published or gives them back. Guarded by the
/// space lock.
public final class SpaceAllocator {

  /// Pages that make a look at the pending ones worth its while.
  private static final int WORTH_RECLAIMING = 32;

  /// Pages that lived for no more transactions are upper pages, most likely.
  public static final long SHORT_LIFE = 8;

  /// Fewer upper pages than this are taken in one run or none.
  private static final int WORTH_A_RUN = 8;

  /// A free run is taken up to this length at a time.
  private static final int MAX_SWEPT_RUN = 4096;

  /// The file grows while less than this part of it is free.
  private static final int SPARE_PART = 4;

  /// Pages set aside for the space map, beside two for each of its leaves.
  private static final int SPARE_MAP_PAGES = 4;

  private static final long NO_END = Long.MAX_VALUE;

  private final SpaceMap map;
  private final FileGrowth growth;
  private final FreeMap free;
  private final Reclaimer reclaimer;
  private final long firstPage;
  private final HotRuns hotRuns = new HotRuns();
  private final RunList hot = hotRuns.runs();

  /// What is left of the free run under the sweep's cursor: its start and its end.
  private long sweptStart;

  private long sweptEnd;

  /// Where the sweep goes on.
  private long cursor;

  private long highWater;

  /// Pages below the high-water page that are free and not taken.
  private long freePages;

  /// Whether the file is not to grow while anything is free.
  private boolean packing;

  /// No free run of so many pages exists before `roomEnd`.
  private int missedRun = Integer.MAX_VALUE;

  /// No page from here on is given out while others are free: there was no room for it.
  private long roomEnd = NO_END;

  /// Why the file could not grow the last time.
  private @Nullable StoreFullException refusal;

  /// Pages for space maps, all of them written before.
  private final RunList aside = new RunList();

  /// @param firstPage first page number behind the ring
  public SpaceAllocator(
      SpaceMap map, PendingPages pending, Reclaimer.Pins pins, FileGrowth growth, long firstPage) {
    this.map = map;
    this.growth = growth;
    this.free = new FreeMap(map);
    this.reclaimer = new Reclaimer(pending, pins);
    this.firstPage = firstPage;
    this.cursor = firstPage;
  }

  /// Forgets everything: the bitmaps were made anew.
  public void reset(long newHighWater) {
    refresh(newHighWater);
    cursor = firstPage;
  }

  /// Forgets what it took and counted: another process had the turn, and let go in good order. What
  /// is known of pending pages stays right: others only spend them, add to them, or begin a new
  /// epoch.
  public void refresh(long newHighWater) {
    hot.clear();
    aside.clear();
    free.forgetTaken();
    sweptStart = 0;
    sweptEnd = 0;
    cursor = Math.min(cursor, newHighWater);
    highWater = newHighWater;
    freePages = newHighWater - firstPage - map.countUsed(newHighWater);
    missedRun = Integer.MAX_VALUE;
    packing = false;
    if (newHighWater > roomEnd) {
      roomEnd = NO_END;
    }
  }

  /// From now on pages come from the lowest numbers that are free, until [#spread].
  public void pack() {
    gather();
    for (int i = 0; i < aside.size(); i++) {
      giveBack(aside.start(i), aside.count(i));
    }
    aside.clear();
    cursor = firstPage;
    packing = true;
  }

  /// Ends what [#pack] began.
  public void spread() {
    packing = false;
  }

  /// Whether the next run of so many pages comes to lie below a page number; after [#pack].
  public boolean hasRunBelow(long limit, int pages) {
    endSweep();
    cursor = firstPage;
    return free.findRun(pages, firstPage, firstPage, Math.min(limit, highWater)) >= 0;
  }

  /// First page number that was never given out.
  public long highWater() {
    return highWater;
  }

  /// Gives out pages that will be replaced soon.
  public void allocateUpper(int pages, long birth, RunList out) {
    int wanted = pages;
    hotRuns.asked(pages);
    if (hot.pages() < wanted && reclaimer.hasUnexamined(WORTH_RECLAIMING)) {
      reclaim();
    }
    while (wanted > 0 && hot.size() > 0) {
      int best = hotRuns.best(wanted);
      if (hot.count(best) < wanted && wanted < WORTH_A_RUN && !packing) {
        // Few pages that are taken in pieces would come back in pieces, again and again.
        break;
      }
      int count = Math.min(wanted, hot.count(best));
      out.add(hot.start(best), count, birth);
      hot.takeFront(best, count);
      wanted -= count;
    }
    long run = wanted > 1 && !packing ? takeRun(wanted) : -1;
    if (run >= 0) {
      out.add(run, wanted, birth);
    } else {
      allocateLeaves(wanted, birth, out);
    }
  }

  /// Gives out pages that will stay for long, in ascending order but for one new beginning.
  public void allocateLeaves(int pages, long birth, RunList out) {
    int wanted = pages;
    while (wanted > 0) {
      if (sweptStart == sweptEnd && !sweep(wanted)) {
        throw full(1);
      }
      int count = (int) Math.min(wanted, sweptEnd - sweptStart);
      out.add(sweptStart, count, birth);
      sweptStart += count;
      wanted -= count;
    }
  }

  /// Gives out a page of the space map.
  public long allocateMapPage() {
    if (sweptStart == sweptEnd && !sweep(1) && aside.size() > 0) {
      int last = aside.size() - 1;
      long page = aside.start(last);
      aside.takeFront(last, 1);
      return page;
    }
    RunList oneRun = new RunList();
    allocateLeaves(1, 0, oneRun);
    return oneRun.start(0);
  }

  /// Finds the next free run, or lets the file grow.
  ///
  /// @return false if nothing is free and the file cannot grow
  private boolean sweep(int wanted) {
    if (reclaimer.hasUnexamined(WORTH_RECLAIMING)) {
      reclaim();
    }
    boolean grows = !packing && roomEnd == NO_END && freePages * SPARE_PART < highWater - firstPage;
    if (grows && sweepBehind(wanted) || sweepFree()) {
      return true;
    }
    gather();
    return sweepFree() || sweepBehind(wanted) || sweepBehind(1);
  }

  private boolean sweepFree() {
    long run = findRun(1);
    if (run < 0) {
      return false;
    }
    long end = Math.min(Math.min(highWater, roomEnd), run + MAX_SWEPT_RUN);
    sweptStart = run;
    sweptEnd = run + 1;
    while (sweptEnd < end && free.isFree(sweptEnd)) {
      sweptEnd++;
    }
    cursor = sweptEnd;
    take(run, sweptEnd - run);
    return true;
  }

  private boolean sweepBehind(int wanted) {
    sweptStart = extend(wanted);
    sweptEnd = sweptStart < 0 ? sweptStart : sweptStart + wanted;
    return sweptStart >= 0;
  }

  /// Gives out adjacent pages.
  ///
  /// @return the first
  public long allocateRun(int pages) {
    long start = takeRun(pages);
    if (start < 0) {
      gather();
      start = takeRun(pages);
    }
    if (start < 0) {
      throw full(pages);
    }
    return start;
  }

  /// Takes adjacent pages, from free ones or behind all others.
  ///
  /// @return the first, or -1
  private long takeRun(int pages) {
    long start = findRun(pages);
    if (start < 0 && reclaimer.hasUnexamined(WORTH_RECLAIMING)) {
      reclaim();
      start = findRun(pages);
    }
    if (start < 0) {
      return roomEnd == NO_END ? extend(pages) : -1;
    }
    take(start, pages);
    return start;
  }

  /// Takes pages behind the high-water page.
  ///
  /// @return the first, or -1 if there is no room for them
  private long extend(int pages) {
    try {
      growth.require(highWater + pages);
    } catch (StoreFullException e) {
      refusal = e;
      roomEnd = Math.min(roomEnd, highWater);
      return -1;
    }
    long start = highWater;
    highWater += pages;
    free.setTaken(start, pages, true);
    return start;
  }

  private StoreFullException full(int pages) {
    return new StoreFullException(
        "the store needs "
            + pages
            + " adjacent pages: none are free, and its file cannot grow; make room on the disk, or"
            + " delete entries, whose pages are free after the next checkpoint",
        refusal);
  }

  /// Makes free what can be, and forgets where there was no room.
  private void gather() {
    reclaim();
    endSweep();
    while (hot.size() > 0) {
      cool(hot.size() - 1);
    }
    roomEnd = NO_END;
    missedRun = Integer.MAX_VALUE;
  }

  private void endSweep() {
    giveBack(sweptStart, (int) (sweptEnd - sweptStart));
    sweptStart = sweptEnd;
  }

  /// The disk had no room for a page that was given out. It and those behind it are given out when
  /// nothing else is free.
  public void avoidFrom(long page) {
    roomEnd = Math.min(roomEnd, page);
    endSweep();
  }

  /// Takes back pages of a transaction that will not be published.
  public void giveBack(long start, int count) {
    free.setTaken(start, count, false);
    addFree(count);
  }

  /// The pages are published, and used in the bitmap.
  public void published(long start, int count) {
    free.setTaken(start, count, false);
  }

  /// A page that only a space map at rest used is free.
  public void freed(long page) {
    map.clearUsed(page, 1);
    addFree(1);
  }

  /// Looks for pending pages that have become free.
  public void reclaim() {
    reclaimer.reclaim(this::becomeFree);
  }

  private void becomeFree(long page, int count, long birth, long freed) {
    map.clearUsed(page, count);
    addFree(count);
    int kept = setAside(page, count);
    if (freed - birth <= SHORT_LIFE && kept < count) {
      keepHot(page + kept, count - kept);
    }
  }

  /// Sets the first pages of a free run aside for space maps if there are too few.
  ///
  /// @return how many
  private int setAside(long start, int count) {
    long wanted = packing ? 0 : SPARE_MAP_PAGES + 2 * map.mapLeaves(highWater) - aside.pages();
    int kept = Math.clamp(wanted, 0, count);
    if (kept > 0) {
      take(start, kept);
      aside.add(start, kept, 0);
    }
    return kept;
  }

  private void take(long start, long count) {
    freePages -= count;
    free.setTaken(start, count, true);
  }

  /// Makes a free run hot if upper pages may want it; the shortest one ceases to be if there are
  /// too many.
  private void keepHot(long start, int count) {
    if (packing || !hotRuns.wants(count)) {
      return;
    }
    if (hotRuns.isFull()) {
      cool(hotRuns.shortest());
    }
    take(start, count);
    hot.add(start, count, 0);
  }

  private void cool(int run) {
    int count = hot.count(run);
    giveBack(hot.start(run), count);
    hot.takeFront(run, count);
  }

  private void addFree(int count) {
    freePages += count;
    missedRun = Integer.MAX_VALUE;
  }

  /// First page of a free run of at least `pages` where there is room, or -1.
  private long findRun(int pages) {
    if (pages >= missedRun) {
      return -1;
    }
    long found = free.findRun(pages, firstPage, cursor, Math.min(highWater, roomEnd));
    if (found < 0) {
      missedRun = pages;
    }
    return found;
  }
}
