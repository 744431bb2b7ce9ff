package dev.quire.store.internal.page;

import java.util.Arrays;

/// A growable list of page runs: first page, number of pages, birth transaction.
public final class RunList {

  private static final int JOIN_REACH = 4;

  private long[] starts = new long[16];
  private int[] counts = new int[16];
  private long[] births = new long[16];
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
