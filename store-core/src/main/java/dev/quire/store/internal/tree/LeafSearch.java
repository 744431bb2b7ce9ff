package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.Heads;
import dev.quire.store.internal.format.KeyBytes;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;

/// The search for a key in a [LeafPage]: by fingerprint when only an equal key will do, by heads
/// when its place is wanted.
final class LeafSearch {

  private static final long LOW_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private LeafSearch() {}

  /// Finds the cell of a key.
  ///
  /// Eight fingerprints are compared at a time: a byte of `difference` is zero where they are
  /// equal, and the high bit of `equal` is set there. (A borrow may set it in the byte above, too;
  /// every candidate is compared with the key anyway.)
  ///
  /// @return offset of the cell in the segment, or -1
  static long find(
      PageReader pages,
      MemorySegment segment,
      long page,
      long shape,
      byte[] key,
      int keyLength,
      int fingerprint) {
    int prefixLength = PageHeader.prefixLength(shape);
    if (KeyBytes.comparePrefix(key, keyLength, segment, LeafPage.prefix(page), prefixLength) != 0) {
      return -1;
    }
    int count = PageHeader.count(shape);
    long pattern = fingerprint * LOW_BITS;
    for (int i = 0; i < count; i += Long.BYTES) {
      long difference = LeafPage.fingerprints(segment, page, shape, i) ^ pattern;
      long equal = (difference - LOW_BITS) & ~difference & HIGH_BITS;
      while (equal != 0) {
        int index = i + Long.numberOfTrailingZeros(equal) / Byte.SIZE;
        if (index >= count) {
          return -1;
        }
        long cell = LeafPage.cell(segment, page, shape, index);
        if (isKey(pages, segment, cell, prefixLength, key, keyLength)) {
          return cell;
        }
        equal &= equal - 1;
      }
    }
    return -1;
  }

  private static boolean isKey(
      PageReader pages,
      MemorySegment segment,
      long cell,
      int prefixLength,
      byte[] key,
      int keyLength) {
    long head = LeafCell.head(segment, cell);
    if (LeafCell.isSpilled(head)) {
      return compare(pages, segment, cell, prefixLength, key, keyLength) == 0;
    }
    int suffixLength = LeafCell.suffixLength(head);
    return prefixLength + suffixLength == keyLength
        && KeyBytes.matches(
            key, prefixLength, segment, cell + LeafCell.headBytes(head), suffixLength);
  }

  /// Finds the place of a key.
  ///
  /// @return its index, or `~index` of the first greater key if it is not there
  static int position(
      PageReader pages, MemorySegment segment, long page, long shape, byte[] key, int keyLength) {
    int count = PageHeader.count(shape);
    int prefixLength = PageHeader.prefixLength(shape);
    int side = KeyBytes.comparePrefix(key, keyLength, segment, LeafPage.prefix(page), prefixLength);
    if (side != 0) {
      return side < 0 ? ~0 : ~count;
    }
    int head = KeyBytes.head(key, keyLength, prefixLength);
    long heads = LeafPage.heads(page, shape);
    int low = Heads.atLeast(segment, heads, 0, count, head);
    int high = Heads.equalEnd(segment, heads, low, count, head);
    while (low < high) {
      int middle = (low + high) >>> 1;
      long cell = LeafPage.cell(segment, page, shape, middle);
      int order = compare(pages, segment, cell, prefixLength, key, keyLength);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return ~low;
  }

  /// Compares `key`, which begins with the page's prefix, with the key of a cell.
  static int compare(
      PageReader pages,
      MemorySegment segment,
      long cell,
      int prefixLength,
      byte[] key,
      int keyLength) {
    long head = LeafCell.head(segment, cell);
    int suffixLength = LeafCell.suffixLength(head);
    long suffix = cell + LeafCell.headBytes(head);
    if (!LeafCell.isSpilled(head)) {
      return KeyBytes.compare(key, keyLength, prefixLength, segment, suffix, suffixLength);
    }
    int storedLength = prefixLength + suffixLength;
    int inPage = Math.min(keyLength, storedLength);
    int order = KeyBytes.compare(key, inPage, prefixLength, segment, suffix, suffixLength);
    if (order != 0 || keyLength <= storedLength) {
      return order != 0 ? order : -1;
    }
    int otherLength = LeafCell.keyLength(segment, cell, head);
    long run = LeafCell.keyRef(segment, cell, head);
    return SpilledKeys.compareRest(pages, key, keyLength, storedLength, otherLength, run);
  }
}
