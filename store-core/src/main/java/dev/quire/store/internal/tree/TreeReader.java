package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.BranchPage;
import dev.quire.store.internal.format.Fingerprint;
import dev.quire.store.internal.format.IntegerBranchPage;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;

/// The lookup of one key: from page to page, root to leaf.
public final class TreeReader {

  private TreeReader() {}

  /// Finds a key of a tree of byte keys.
  ///
  /// @param out where the value lies, if the answer is true; else undefined
  public static boolean find(
      PageReader pages, long rootRef, byte[] key, int keyLength, ValueSlot out) {
    if (rootRef == PageRef.NONE) {
      return false;
    }
    int fingerprint = Fingerprint.of(key, keyLength);
    long ref = rootRef;
    for (int depth = 0; depth < Limits.MAX_DEPTH; depth++) {
      MemorySegment segment = pages.segmentOf(ref);
      long page = pages.offsetOf(ref);
      long shape = PageHeader.shape(segment, page);
      switch (PageHeader.typeCode(shape)) {
        case BranchPage.TYPE_CODE -> {
          int child = BranchSearch.childFor(pages, segment, page, shape, key, keyLength);
          ref = BranchPage.child(segment, page, shape, child);
        }
        case LeafPage.TYPE_CODE -> {
          long cell = LeafSearch.find(pages, segment, page, shape, key, keyLength, fingerprint);
          if (cell < 0) {
            return false;
          }
          PageSearch.readValue(pages, segment, page, cell, out);
          return true;
        }
        default -> throw PageSearch.notATreePage(segment, page, shape);
      }
    }
    throw TreePath.tooDeep(rootRef);
  }

  /// Finds a key of a tree of integer keys.
  ///
  /// @param out where the value lies, if the answer is true; else undefined
  public static boolean findInteger(PageReader pages, long rootRef, long key, ValueSlot out) {
    if (rootRef == PageRef.NONE) {
      return false;
    }
    long ref = rootRef;
    for (int depth = 0; depth < Limits.MAX_DEPTH; depth++) {
      MemorySegment segment = pages.segmentOf(ref);
      long page = pages.offsetOf(ref);
      long shape = PageHeader.shape(segment, page);
      switch (PageHeader.typeCode(shape)) {
        case IntegerBranchPage.TYPE_CODE -> {
          int child = IntegerBranchPage.childFor(segment, page, shape, key);
          ref = IntegerBranchPage.child(segment, page, shape, child);
        }
        case IntegerLeafPage.TYPE_CODE -> {
          int index = IntegerLeafPage.atLeast(segment, page, shape, key);
          if (index == PageHeader.count(shape)
              || IntegerLeafPage.key(segment, page, index) != key) {
            return false;
          }
          long cell = IntegerLeafPage.cell(segment, page, shape, index);
          PageSearch.readValue(pages, segment, page, cell, out);
          return true;
        }
        default -> throw PageSearch.notATreePage(segment, page, shape);
      }
    }
    throw TreePath.tooDeep(rootRef);
  }
}
