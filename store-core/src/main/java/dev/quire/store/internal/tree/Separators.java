package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageAllocator;
import java.util.Arrays;

/// The choice of separators: the shortest key that tells two neighbouring keys apart.
///
/// Bayer and Unterauer, "Prefix B-trees", ACM TODS 2(1), 1977: simple prefix B-trees.
final class Separators {

  private final PageAllocator pages;
  private final PageEntry left = new PageEntry();

  Separators(PageAllocator pages) {
    this.pages = pages;
  }

  /// Sets `out` to the shortest beginning of the key at `cut` that is greater than the key before.
  void between(TreeRoot root, EntrySequence sequence, int cut, PageEntry out) {
    sequence.read(cut - 1, left);
    sequence.read(cut, out);
    int common = common(left, out, Math.min(left.storedLength, out.storedLength));
    if (common == out.storedLength || (common == left.storedLength && isSpilled(left))) {
      SpilledKeys.readRest(pages, left);
      SpilledKeys.readRest(pages, out);
      common = common(left, out, Math.min(left.keyLength, out.keyLength));
    }
    out.setKey(out.key, common + 1);
    OverflowValues.spillKey(pages, root, out);
  }

  private static boolean isSpilled(PageEntry entry) {
    return entry.keyRef != PageRef.NONE;
  }

  private static int common(PageEntry left, PageEntry right, int limit) {
    int mismatch = Arrays.mismatch(left.key, 0, limit, right.key, 0, limit);
    return mismatch < 0 ? limit : mismatch;
  }
}
