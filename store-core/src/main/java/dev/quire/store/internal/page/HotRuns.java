package dev.quire.store.internal.page;

/// Free runs that died young, and which the caches still hold: upper pages come from them first.
///
/// As many are kept as the transactions of late have asked for, and some to spare.
final class HotRuns {

  private static final int MAX_RUNS = 32;

  /// So many pages are kept hot, beside what some transactions need.
  private static final int SPARE_PAGES = 64;

  private final RunList runs = new RunList();

  /// About the most pages that a transaction has lately asked for.
  private int demand;

  RunList runs() {
    return runs;
  }

  /// A transaction asks for upper pages.
  void asked(int pages) {
    demand = Math.max(pages, demand - demand / 8);
  }

  /// Whether a free run of this length is worth keeping, perhaps in place of the shortest.
  boolean wants(int count) {
    return count <= 2 * demand
        && runs.pages() + count <= 4 * demand + SPARE_PAGES
        && (!isFull() || runs.count(shortest()) < count);
  }

  boolean isFull() {
    return runs.size() == MAX_RUNS;
  }

  /// Index of the shortest run.
  int shortest() {
    int shortest = 0;
    for (int i = 1; i < runs.size(); i++) {
      if (runs.count(i) < runs.count(shortest)) {
        shortest = i;
      }
    }
    return shortest;
  }

  /// Index of the run that serves best: the newest that fits exactly, else the longest.
  int best(int pages) {
    int best = runs.size() - 1;
    for (int i = best; i >= 0; i--) {
      if (runs.count(i) == pages) {
        return i;
      }
      if (runs.count(i) > runs.count(best)) {
        best = i;
      }
    }
    return best;
  }
}
