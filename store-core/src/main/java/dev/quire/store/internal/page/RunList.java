package dev.quire.store.internal.page;

import java.util.Arrays;

/// A growable list of page runs: first page, number of pages, birth transaction.
public final class RunList {

  private static final int JOIN_REACH = 4;

  /// Of an index; a page number has one bit more, and together they are a positive long.
  private static final int INDEX_BITS = 31;

  private long[] starts = new long[4];
  private int[] counts = new int[4];
  private long[] births = new long[4];
  private int size;
  private long pages;

  /// Number of runs.
  public int size() {
    return size;
  }

  /// Sum of the runs' pages.
  public long pages() {
    return pages;
  }

  public long start(int index) {
    return starts[index];
  }

  public int count(int index) {
    return counts[index];
  }

  public long birth(int index) {
    return births[index];
  }

  /// Appends a run.
  public void add(long start, int count, long birth) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
      births = Arrays.copyOf(births, 2 * size);
    }
    starts[size] = start;
    counts[size] = count;
    births[size] = birth;
    size++;
    pages += count;
  }

  /// Appends a run, or makes one of the last few longer if it ends where this one begins and has
  /// the same birth.
  public void addJoined(long start, int count, long birth) {
    for (int i = size - 1; i >= Math.max(0, size - JOIN_REACH); i--) {
      if (starts[i] + counts[i] == start && births[i] == birth) {
        counts[i] += count;
        pages += count;
        return;
      }
    }
    add(start, count, birth);
  }

  /// Sorts the runs by their first pages, and joins those that follow each other and have the same
  /// birth. Runs do not overlap.
  public void sortAndJoin() {
    if (size <= 1) {
      return;
    }
    long[] order = new long[size];
    for (int i = 0; i < size; i++) {
      order[i] = starts[i] << INDEX_BITS | i;
    }
    Arrays.sort(order);
    int[] oldCounts = Arrays.copyOf(counts, size);
    long[] oldBirths = Arrays.copyOf(births, size);
    int joined = 0;
    for (long each : order) {
      long start = each >>> INDEX_BITS;
      int old = (int) each & Integer.MAX_VALUE;
      int last = joined - 1;
      if (joined > 0 && starts[last] + counts[last] == start && births[last] == oldBirths[old]) {
        counts[last] += oldCounts[old];
      } else {
        starts[joined] = start;
        counts[joined] = oldCounts[old];
        births[joined] = oldBirths[old];
        joined++;
      }
    }
    size = joined;
  }

  /// Cuts `count` pages off the front of run `index`; a run of which nothing is left goes away, and
  /// the last run takes its place.
  public void takeFront(int index, int count) {
    starts[index] += count;
    counts[index] -= count;
    pages -= count;
    if (counts[index] == 0) {
      size--;
      starts[index] = starts[size];
      counts[index] = counts[size];
      births[index] = births[size];
    }
  }

  /// Forgets the runs from `newSize` on.
  public void cutTo(int newSize) {
    while (size > newSize) {
      size--;
      pages -= counts[size];
    }
  }

  public void clear() {
    size = 0;
    pages = 0;
  }
}
