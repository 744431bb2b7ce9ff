package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageAllocator;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The end of a tree to which entries are being appended: the leaf, and the last key that was put
/// there. A greater key belongs behind it, without a way down.
///
/// What is remembered holds until a private page is given up: everything that takes the last leaf
/// out of its place does that. Whoever adds a greater key in another way says so. What else happens
/// to the tree does not make its last key greater.
final class TreeTail {

  private static final TreeRoot NO_TREE = new TreeRoot(false);

  private final PageAllocator pages;
  private TreeRoot root = NO_TREE;
  private long leaf = PageRef.NONE;
  private int generation;
  private byte[] last = {};
  private int lastLength;

  TreeTail(PageAllocator pages) {
    this.pages = pages;
  }

  /// Notes that the last entry of `newRoot` is the key, in a leaf that may be edited.
  void set(TreeRoot newRoot, long newLeaf, byte[] key, int keyLength) {
    root = newRoot;
    leaf = newLeaf;
    generation = pages.generation();
    setLast(key, keyLength);
  }

  /// The tree has got another last key that is not noted here.
  void clear() {
    root = NO_TREE;
  }

  private void setLast(byte[] key, int keyLength) {
    if (last.length < keyLength) {
      last = new byte[Math.max(keyLength, 2 * last.length)];
    }
    System.arraycopy(key, 0, last, 0, keyLength);
    lastLength = keyLength;
  }

  /// Whether the key belongs behind the last one of the tree, into the leaf where that is.
  //
  // The same object is the same tree.
  @SuppressWarnings("ReferenceEquality")
  boolean precedes(TreeRoot tree, byte[] key, int keyLength) {
    if (tree != root || generation != pages.generation()) {
      return false;
    }
    int common = Arrays.mismatch(last, 0, lastLength, key, 0, keyLength);
    if (common < PageHeader.prefixLength(shape()) || common == keyLength) {
      return false;
    }
    return common == lastLength
        || Byte.toUnsignedInt(key[common]) > Byte.toUnsignedInt(last[common]);
  }

  private long shape() {
    return PageHeader.shape(pages.segmentOf(leaf), pages.offsetOf(leaf));
  }

  /// Adds an entry that the last one [#precedes], if there is room in the leaf.
  boolean append(PageEntry entry) {
    MemorySegment segment = pages.segmentOf(leaf);
    long page = pages.offsetOf(leaf);
    long shape = PageHeader.shape(segment, page);
    int size = pages.pageSizeBytes();
    int bytes = PageEditor.entryBytes(shape, entry, PageHeader.prefixLength(shape));
    if (bytes > PageEditor.freeBytes(shape, size)) {
      return false;
    }
    PageEditor.append(segment, page, shape, size, entry);
    root.entries++;
    setLast(entry.key, entry.keyLength);
    return true;
  }
}
