package dev.quire.store.internal.inspect;

/// A set of page numbers below a limit: a bitmap of 64-bit words.
final class PageBits {

  private final long[] words;

  /// An empty set.
  ///
  /// @param limit page numbers in it are below
  PageBits(long limit) {
    this.words = new long[Math.toIntExact((limit + Long.SIZE - 1) / Long.SIZE)];
  }

  /// Number of words.
  int wordCount() {
    return words.length;
  }

  /// The bits of page numbers `64 * index` and up; zero beyond the limit.
  long word(long index) {
    return index < words.length ? words[(int) index] : 0;
  }

  void setWord(int index, long bits) {
    words[index] = bits;
  }

  boolean contains(long page) {
    return (word(page >>> 6) >>> page & 1) != 0;
  }

  /// Adds pages that lie below the limit.
  ///
  /// @return the first of them that was in the set already, or -1
  long add(long page, long count) {
    long first = -1;
    for (long p = page; p < page + count; p++) {
      if (first < 0 && contains(p)) {
        first = p;
      }
      words[(int) (p >>> 6)] |= 1L << p;
    }
    return first;
  }

  /// Number of pages in the set.
  long count() {
    long count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }
}
