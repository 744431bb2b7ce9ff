package dev.quire.store.internal.page;

import java.util.Arrays;

/// A set of page numbers, as a bitmap.
public final class PageSet {

  private long[] words = {};
  private int lowWord = Integer.MAX_VALUE;
  private int highWord = -1;

  public boolean isEmpty() {
    return highWord < 0;
  }

  public void add(long page, long count) {
    for (long p = page; p < page + count; p++) {
      int index = (int) (p >>> 6);
      if (index >= words.length) {
        words = Arrays.copyOf(words, Math.max(index + 1, 2 * words.length));
      }
      words[index] |= 1L << p;
      lowWord = Math.min(lowWord, index);
      highWord = Math.max(highWord, index);
    }
  }

  public void remove(long page, long count) {
    for (long p = page; p < page + count; p++) {
      words[(int) (p >>> 6)] &= ~(1L << p);
    }
  }

  public boolean contains(long page) {
    long index = page >>> 6;
    return index < words.length && (words[(int) index] >>> page & 1) != 0;
  }

  /// Appends the set's runs to a list.
  public void appendTo(RunList runs, long birth) {
    long start = -1;
    for (int index = Math.min(lowWord, highWord + 1); index <= highWord; index++) {
      for (int bit = 0; bit < Long.SIZE; bit++) {
        boolean in = (words[index] >>> bit & 1) != 0;
        long page = ((long) index << 6) + bit;
        if (in && start < 0) {
          start = page;
        } else if (!in && start >= 0) {
          runs.add(start, (int) (page - start), birth);
          start = -1;
        }
      }
    }
    if (start >= 0) {
      runs.add(start, (int) ((highWord + 1L << 6) - start), birth);
    }
  }

  public void clear() {
    if (highWord >= 0) {
      Arrays.fill(words, lowWord, highWord + 1, 0);
    }
    lowWord = Integer.MAX_VALUE;
    highWord = -1;
  }
}
