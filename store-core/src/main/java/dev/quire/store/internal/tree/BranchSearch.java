package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.BranchCell;
import dev.quire.store.internal.format.BranchPage;
import dev.quire.store.internal.format.Heads;
import dev.quire.store.internal.format.KeyBytes;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;

/// The search for a key's child in a [BranchPage].
final class BranchSearch {

  private BranchSearch() {}

  /// The child that holds `key`, if any does: as many separators are not greater than it.
  static int childFor(
      PageReader pages, MemorySegment segment, long page, long shape, byte[] key, int keyLength) {
    int count = PageHeader.count(shape);
    int prefixLength = PageHeader.prefixLength(shape);
    int side =
        KeyBytes.comparePrefix(key, keyLength, segment, BranchPage.prefix(page), prefixLength);
    if (side != 0) {
      return side < 0 ? 0 : count;
    }
    int head = KeyBytes.head(key, keyLength, prefixLength);
    int low = BranchPage.atLeast(segment, page, shape, head);
    int high = Heads.equalEnd(segment, BranchPage.heads(page, shape), low, count, head);
    while (low < high) {
      int middle = (low + high) >>> 1;
      long cell = BranchPage.cell(segment, page, shape, middle);
      if (compare(pages, segment, cell, prefixLength, key, keyLength) < 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// Compares `key` with a separator that has the same prefix and the same head.
  private static int compare(
      PageReader pages,
      MemorySegment segment,
      long cell,
      int prefixLength,
      byte[] key,
      int keyLength) {
    int suffixLength = BranchCell.suffixLength(segment, cell);
    int storedLength = prefixLength + suffixLength;
    boolean spilled = BranchCell.isSpilled(segment, cell);
    int headEnd = prefixLength + Integer.BYTES;
    if (keyLength <= headEnd || (storedLength <= headEnd && !spilled)) {
      return spilled ? -1 : keyLength - storedLength;
    }
    long suffix = cell + BranchCell.suffixOffset(segment, cell);
    int inCell = suffixLength - Integer.BYTES;
    if (!spilled) {
      return KeyBytes.compare(key, keyLength, headEnd, segment, suffix, inCell);
    }
    int inPage = Math.min(keyLength, storedLength);
    int order = KeyBytes.compare(key, inPage, headEnd, segment, suffix, inCell);
    if (order != 0 || keyLength <= storedLength) {
      return order != 0 ? order : -1;
    }
    int otherLength = BranchCell.keyLength(segment, cell);
    long run = BranchCell.keyRef(segment, cell);
    return SpilledKeys.compareRest(pages, key, keyLength, storedLength, otherLength, run);
  }
}
