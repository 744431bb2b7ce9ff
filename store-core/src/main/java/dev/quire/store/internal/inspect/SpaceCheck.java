package dev.quire.store.internal.inspect;

import dev.quire.store.internal.inspect.StillCopy.Pending;

/// The bitmaps against what was reached: every page of the newest transaction is live and no other,
/// every page is used for one reason at most, and free otherwise.
final class SpaceCheck {

  private final Findings findings;
  private final StillCopy copy;
  private final PageBits pending;

  SpaceCheck(Findings findings, StillCopy copy) {
    this.findings = findings;
    this.copy = copy;
    this.pending = new PageBits(Long.SIZE * (long) copy.used.wordCount());
  }

  /// Checks the bitmaps in shared memory.
  ///
  /// @param newest the walk through the newest transaction
  void checkShared(Walk newest) {
    checkLive(newest);
    for (Pending run : copy.pending) {
      checkPending(run);
    }
    int words = copy.used.wordCount();
    long highWater = copy.marks.highWaterPage();
    for (int i = 0; i < words; i++) {
      long live = copy.live.word(i);
      long map = copy.mapPages.word(i);
      long waiting = pending.word(i);
      report(i, live & waiting, "a page that is live or pending", "it is both");
      report(i, map & (live | waiting), "a page of the space map alone", "it is live or pending");
      long reasons = live | waiting | map;
      report(i, reasons & ~copy.used.word(i), "a used page", "its used bit is clear");
      leaked(i, copy.used.word(i) & ~reasons, "a free page", "its used bit is set");
      if (copy.used.word(i) != 0 && 64L * i >= highWater) {
        report(i, copy.used.word(i), "a page before " + highWater, "a used bit");
      }
    }
    findings.pages(PageKinds.PENDING, pending.count());
    long first = newest.bounds().firstPage();
    findings.pages(PageKinds.FREE, Math.max(0, highWater - first - copy.used.count()));
  }

  private void checkLive(Walk newest) {
    PageBits reached = newest.reached();
    int words = Math.max(copy.live.wordCount(), reached.wordCount());
    boolean complete = newest.cuts() == 0;
    for (int i = 0; i < words; i++) {
      long missing = reached.word(i) & ~copy.live.word(i);
      report(i, missing, "a live bit: a tree refers to the page", "none");
      if (complete) {
        long extra = copy.live.word(i) & ~reached.word(i);
        leaked(i, extra, "no live bit: no tree refers to the page", "one");
      }
    }
  }

  private void checkPending(Pending run) {
    if (run.count() == 0) {
      return;
    }
    long end = run.pageNo() + run.count();
    if (run.count() < 0 || end > copy.marks.highWaterPage()) {
      findings.violation(
          run.pageNo(), "a pending run before page " + copy.marks.highWaterPage(), run.toString());
      return;
    }
    if (run.birth() <= 0 || run.birth() >= run.freed() || run.freed() > copy.marks.head().txnId()) {
      findings.violation(
          run.pageNo(),
          "a pending run born before it was replaced, by transaction "
              + copy.marks.head().txnId()
              + " at the latest",
          run.toString());
    }
    long twice = pending.add(run.pageNo(), run.count());
    if (twice >= 0) {
      findings.violation(twice, "a page that is pending once", "it is twice");
    }
  }

  /// Checks the space map at rest.
  ///
  /// @param durable the walk through the transaction of the durable superblock
  /// @param marked the pages that the map marks
  void checkResting(Walk durable, PageBits marked) {
    PageBits reached = durable.reached();
    boolean complete = durable.cuts() == 0;
    for (int i = 0; i < marked.wordCount(); i++) {
      long needed = reached.word(i) | copy.mapPages.word(i);
      report(i, needed & ~marked.word(i), "a mark in the space map at rest", "none");
      if (complete) {
        leaked(i, marked.word(i) & ~needed, "no mark in the space map at rest", "one");
      }
      report(
          i,
          needed & ~copy.used.word(i),
          "a used page: the durable superblock refers to it",
          "its used bit is clear");
    }
  }

  private void leaked(long index, long bits, String expected, String found) {
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      findings.leak(index * Long.SIZE + Long.numberOfTrailingZeros(rest), expected, found);
    }
  }

  private void report(long index, long bits, String expected, String found) {
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      long pageNo = index * Long.SIZE + Long.numberOfTrailingZeros(rest);
      findings.violation(pageNo, expected, found);
    }
  }
}
