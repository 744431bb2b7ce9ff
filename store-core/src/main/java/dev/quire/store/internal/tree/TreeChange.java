package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.page.PageAllocator;
import java.lang.foreign.MemorySegment;

/// One tree while one change goes through it: the path that the change takes, and what it may do to
/// the pages there. Steps count from the root, which is step 0.
///
/// A page is made writable after all above it: so whoever refers to a private page is private.
final class TreeChange {

  final PageAllocator pages;
  final int pageSizeBytes;
  final TreePath path = new TreePath();
  private final EntrySequence sequence;
  private final PageEntry spare = new PageEntry();
  private TreeRoot root;

  TreeChange(PageAllocator pages) {
    this.pages = pages;
    this.pageSizeBytes = pages.pageSizeBytes();
    this.sequence = new EntrySequence(pages);
    this.root = new TreeRoot(false);
  }

  TreeRoot root() {
    return root;
  }

  EntrySequence sequence() {
    return sequence;
  }

  /// Goes down to the place of `key` in a tree that is not empty.
  ///
  /// @return the place in the leaf, the path's last page: its index, or `~index` of the first
  ///   greater
  int descend(TreeRoot newRoot, byte[] key, int keyLength) {
    root = newRoot;
    path.clear();
    path.push(root.ref);
    while (true) {
      int step = path.length - 1;
      MemorySegment segment = segment(step);
      long page = page(step);
      long shape = soundShape(segment, page);
      if (PageSearch.isLeaf(shape)) {
        int position = PageSearch.position(pages, segment, page, shape, key, keyLength);
        path.indexes[step] = position < 0 ? ~position : position;
        return position;
      }
      int child = PageSearch.childFor(pages, segment, page, shape, key, keyLength);
      path.indexes[step] = child;
      path.push(ChildRefs.get(segment, page, shape, child));
    }
  }

  /// The shape of a page that may be changed: its parts must not overlap.
  long soundShape(MemorySegment segment, long page) {
    long shape = PageHeader.shape(segment, page);
    if (!PageExtent.isSound(shape, pageSizeBytes)) {
      throw PageHeader.corrupt(segment, page, "a page that holds its entries", "too many of them");
    }
    return shape;
  }

  /// Starts a change of a tree without a way down.
  void begin(TreeRoot newRoot) {
    root = newRoot;
    path.clear();
  }

  /// Whether the path takes the last child of each branch from the root to that of `last`.
  boolean isRightmost(int last) {
    for (int step = last; step >= 0; step--) {
      if (path.indexes[step] != PageHeader.count(shape(step))) {
        return false;
      }
    }
    return true;
  }

  int lastStep() {
    return path.length - 1;
  }

  MemorySegment segment(int step) {
    return pages.segmentOf(path.refs[step]);
  }

  long page(int step) {
    return pages.offsetOf(path.refs[step]);
  }

  long shape(int step) {
    return PageHeader.shape(segment(step), page(step));
  }

  /// Makes the pages of the path writable, down to that of `last`.
  void makeWritable(int last) {
    for (int step = 0; step <= last; step++) {
      long ref = path.refs[step];
      long writable = pages.writable(ref);
      if (writable != ref) {
        refer(step, writable);
      }
    }
  }

  /// Puts another page in the place of that of `step`, in its parent (which is writable) or the
  /// root.
  void refer(int step, long ref) {
    path.refs[step] = ref;
    if (step == 0) {
      root.ref = ref;
    } else {
      setChild(step - 1, path.indexes[step - 1], ref);
    }
  }

  /// Changes a child of the branch of `step`, which is writable.
  void setChild(int step, int index, long ref) {
    ChildRefs.set(segment(step), page(step), shape(step), index, ref);
  }

  long child(int step, int index) {
    return ChildRefs.get(segment(step), page(step), shape(step), index);
  }

  /// A new page of the tree.
  long allocate(int level) {
    PageType type;
    if (level == 0) {
      root.leafPages++;
      type = root.integerKeys ? PageType.INTEGER_LEAF : PageType.LEAF;
    } else {
      root.branchPages++;
      type = root.integerKeys ? PageType.INTEGER_BRANCH : PageType.BRANCH;
    }
    return pages.allocate(type, level);
  }

  /// The tree has no use for this page of its any more. What the page refers to is not touched.
  void retire(long ref) {
    int level = PageHeader.level(PageHeader.shape(pages.segmentOf(ref), pages.offsetOf(ref)));
    if (level == 0) {
      root.leafPages--;
    } else {
      root.branchPages--;
    }
    pages.retire(ref);
  }

  /// Writes the entries `[from, to)` of the sequence to a new page.
  ///
  /// @param firstChild of a branch
  long build(int level, int from, int to, long firstChild) {
    long ref = allocate(level);
    sequence.write(pages.segmentOf(ref), pages.offsetOf(ref), from, to, firstChild);
    return ref;
  }

  /// A new page with a single entry. Its whole key is the prefix; what comes later will shorten
  /// that.
  ///
  /// @param firstChild of a branch
  long plant(int level, long firstChild, PageEntry entry) {
    long ref = allocate(level);
    MemorySegment segment = pages.segmentOf(ref);
    long page = pages.offsetOf(ref);
    int longest = Math.min(entry.storedLength, Limits.maxPrefixBytes(pageSizeBytes));
    PageEditor.begin(segment, page, entry.key, root.integerKeys ? 0 : longest, 1);
    PageEditor.set(segment, page, pageSizeBytes, 0, entry);
    PageEditor.finish(segment, page);
    if (level > 0) {
      ChildRefs.set(segment, page, PageHeader.shape(segment, page), 0, firstChild);
    }
    return ref;
  }

  /// Removes the child at `index` of the branch of `step`, which is writable, with a separator. If
  /// it is the only one, the branch is left without a meaning: the caller removes it.
  ///
  /// @return whether children are left
  boolean removeChild(int step, int index) {
    MemorySegment segment = segment(step);
    long page = page(step);
    long shape = shape(step);
    if (PageHeader.count(shape) == 0) {
      return false;
    }
    int entry = Math.max(index - 1, 0);
    if (index == 0) {
      ChildRefs.set(segment, page, shape, 0, ChildRefs.get(segment, page, shape, 1));
    }
    removeSeparator(step, entry);
    return true;
  }

  /// Removes the separator at `index` and the child on its right from a branch, which is writable.
  void removeSeparator(int step, int index) {
    MemorySegment segment = segment(step);
    long page = page(step);
    PageEditor.readKey(segment, page, shape(step), index, spare);
    OverflowValues.retireKey(pages, root, spare);
    PageEditor.remove(segment, page, pageSizeBytes, index);
  }
}
