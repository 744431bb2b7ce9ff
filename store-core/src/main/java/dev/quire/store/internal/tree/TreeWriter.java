package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.Fingerprint;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageAllocator;
import dev.quire.store.internal.region.PendingFault;
import java.lang.foreign.MemorySegment;

/// Changes of trees, copy-on-write in the pages of one transaction.
///
/// A change goes down to its leaf and notes the path; pages on it are made writable only when it is
/// clear that something changes, and then one by one from the root. Most puts end with an insertion
/// into a leaf that is private already.
///
/// Each change ends with [PendingFault]: pages of the file were read, and what was made of them is
/// only good if no read faulted.
///
/// Keys of a tree of integer keys are their eight bytes, big-endian. Keys and values must not lie
/// in pages of the transaction itself: those move.
public final class TreeWriter {

  private final PageAllocator pages;
  private final TreeChange change;
  private final PageSplit split;
  private final PageMerge merge;
  private final RangeRemoval removal;
  private final PageRelocation relocation;
  private final PageEntry entry = new PageEntry();

  private final TreeTail tail;

  /// Expiry of the entry that the last put or delete found, 0 if it does not expire or was not
  /// there.
  private long foundExpiryMillis;

  /// Length of the value that the last put or delete found, -1 if there was none.
  private long foundValueLength;

  /// Where the last insertion went: the next one behind it is a sign of ordered insertion.
  private long lastLeaf = PageRef.NONE;

  private int lastIndex;

  public TreeWriter(PageAllocator pages) {
    this.pages = pages;
    this.change = new TreeChange(pages);
    this.split = new PageSplit(change);
    this.merge = new PageMerge(change, split);
    this.removal = new RangeRemoval(change, merge);
    this.tail = new TreeTail(pages);
    this.relocation = new PageRelocation(change);
  }

  /// Expiry of the entry that the last put or delete found in its way, 0 if it does not expire or
  /// there was none.
  public long foundExpiryMillis() {
    return foundExpiryMillis;
  }

  /// Length of the value that the last put or delete found in its way, -1 if there was none.
  public long foundValueLength() {
    return foundValueLength;
  }

  private void findNothing() {
    foundExpiryMillis = 0;
    foundValueLength = -1;
  }

  /// Sets the value of a key.
  ///
  /// @return whether the key is new
  public boolean put(TreeRoot root, byte[] key, int keyLength, ValueSlot value) {
    findNothing();
    if (root.ref == PageRef.NONE) {
      plant(root, key, keyLength, value);
      return true;
    }
    if (appendToTail(root, key, keyLength, value)) {
      return true;
    }
    int position = change.descend(root, key, keyLength);
    if (position >= 0) {
      replace(position, key, keyLength, value);
    } else {
      insert(~position, key, keyLength, value);
    }
    PendingFault.raise();
    return position < 0;
  }

  /// Sets the value of a key that has none.
  ///
  /// @param nowMillis an entry that expires then or before does not count
  /// @return whether the value was set
  public boolean putIfAbsent(
      TreeRoot root, byte[] key, int keyLength, ValueSlot value, long nowMillis) {
    findNothing();
    if (root.ref == PageRef.NONE) {
      plant(root, key, keyLength, value);
      return true;
    }
    int position = change.descend(root, key, keyLength);
    boolean absent = position < 0;
    if (absent) {
      insert(~position, key, keyLength, value);
    } else {
      long expiry = note(position);
      absent = expiry != 0 && expiry <= nowMillis;
      if (absent) {
        replace(position, key, keyLength, value);
      }
    }
    PendingFault.raise();
    return absent;
  }

  /// Adds a key behind all others.
  ///
  /// @throws IllegalArgumentException if it is not greater than the last key
  public void append(TreeRoot root, byte[] key, int keyLength, ValueSlot value) {
    findNothing();
    if (root.ref == PageRef.NONE) {
      plant(root, key, keyLength, value);
      return;
    }
    if (appendToTail(root, key, keyLength, value)) {
      return;
    }
    int position = change.descend(root, key, keyLength);
    int leaf = change.lastStep();
    if (~position != PageHeader.count(change.shape(leaf)) || !change.isRightmost(leaf - 1)) {
      throw new IllegalArgumentException("an appended key must be greater than the last one");
    }
    insert(~position, key, keyLength, value);
    PendingFault.raise();
  }

  /// Removes a key.
  ///
  /// @return whether it was there
  public boolean delete(TreeRoot root, byte[] key, int keyLength) {
    findNothing();
    if (root.ref == PageRef.NONE) {
      return false;
    }
    int position = change.descend(root, key, keyLength);
    if (position < 0) {
      PendingFault.raise();
      return false;
    }
    int leaf = change.lastStep();
    note(position);
    change.makeWritable(leaf);
    MemorySegment segment = change.segment(leaf);
    long page = change.page(leaf);
    OverflowValues.retireRuns(pages, root, segment, page, change.shape(leaf), position);
    PageEditor.remove(segment, page, change.pageSizeBytes, position);
    root.entries--;
    merge.mend(leaf);
    PendingFault.raise();
    return true;
  }

  /// Removes all keys of a range; whole subtrees are dropped unread, as far as counting allows.
  ///
  /// @return how many keys were removed
  public long deleteRange(TreeRoot root, TreeRange range) {
    long removed = removal.remove(root, range);
    PendingFault.raise();
    return removed;
  }

  /// Removes all keys.
  ///
  /// @return how many keys were removed
  public long clear(TreeRoot root) {
    return deleteRange(root, TreeRange.ALL);
  }

  /// Makes pages that are to move pages of the transaction, so that its commit gives them other
  /// places; runs get theirs at once.
  ///
  /// @return number of pages that have moved, not counting the branches above
  public int relocate(TreeRoot root, Relocation work) {
    int moved = relocation.relocate(root, work);
    PendingFault.raise();
    return moved;
  }

  /// Makes the first leaf of an empty tree.
  private void plant(TreeRoot root, byte[] key, int keyLength, ValueSlot value) {
    change.begin(root);
    take(key, keyLength, value);
    OverflowValues.spillKey(pages, root, entry);
    OverflowValues.spillValue(pages, root, entry);
    root.ref = change.plant(0, PageRef.NONE, entry);
    root.depth = 1;
    root.entries = 1;
  }

  private void take(byte[] key, int keyLength, ValueSlot value) {
    entry.setKey(key, keyLength);
    entry.fingerprint = Fingerprint.of(key, keyLength);
    entry.value = value.segment;
    entry.valueOffset = value.offset;
    entry.valueLength = value.length;
    entry.valueRef = value.runRef;
    entry.expiryMillis = value.expiryMillis;
  }

  /// Adds an entry behind the last one that was added there, if that is its place, and if neither a
  /// page nor a run has to be made for it.
  private boolean appendToTail(TreeRoot root, byte[] key, int keyLength, ValueSlot value) {
    if (!tail.precedes(root, key, keyLength)) {
      return false;
    }
    take(key, keyLength, value);
    return !OverflowValues.mustSpill(entry, change.pageSizeBytes) && tail.append(entry);
  }

  private void insert(int index, byte[] key, int keyLength, ValueSlot value) {
    int leaf = change.lastStep();
    TreeRoot root = change.root();
    take(key, keyLength, value);
    OverflowValues.spillKey(pages, root, entry);
    OverflowValues.spillValue(pages, root, entry);
    boolean atEnd = index == PageHeader.count(change.shape(leaf)) && change.isRightmost(leaf - 1);
    boolean follows = change.path.refs[leaf] == lastLeaf && index == lastIndex + 1;
    split.insert(leaf, index, entry, follows || atEnd);
    root.entries++;
    lastLeaf = change.path.refs[leaf];
    lastIndex = index;
    if (atEnd) {
      boolean thereNow = PageHeader.count(change.shape(leaf)) == index + 1;
      if (thereNow && entry.keyRef == PageRef.NONE) {
        tail.set(root, lastLeaf, key, keyLength);
      } else {
        tail.clear();
      }
    }
  }

  /// Notes what is there where the change has gone down.
  ///
  /// @return its expiry
  private long note(int index) {
    int leaf = change.lastStep();
    MemorySegment segment = change.segment(leaf);
    long cell = PageSearch.cell(segment, change.page(leaf), change.shape(leaf), index);
    long head = LeafCell.head(segment, cell);
    foundExpiryMillis = LeafCell.expiryMillis(segment, cell, head);
    foundValueLength = LeafCell.valueLength(head);
    return foundExpiryMillis;
  }

  private void replace(int index, byte[] key, int keyLength, ValueSlot value) {
    int leaf = change.lastStep();
    TreeRoot root = change.root();
    MemorySegment segment = change.segment(leaf);
    long page = change.page(leaf);
    long shape = change.shape(leaf);
    long cell = PageSearch.cell(segment, page, shape, index);
    long head = LeafCell.head(segment, cell);
    foundExpiryMillis = LeafCell.expiryMillis(segment, cell, head);
    foundValueLength = LeafCell.valueLength(head);
    take(key, keyLength, value);
    if (LeafCell.isSpilled(head)) {
      entry.storedLength = PageHeader.prefixLength(shape) + LeafCell.suffixLength(head);
      entry.keyRef = LeafCell.keyRef(segment, cell, head);
    }
    if (!value.keptRun) {
      OverflowValues.spillValue(pages, root, entry);
      OverflowValues.retireValue(pages, root, segment, cell, head);
    }
    int prefixLength = PageHeader.prefixLength(shape);
    int oldBytes = PageEditor.entryBytes(segment, page, shape, index, prefixLength);
    int newBytes = PageEditor.entryBytes(shape, entry, prefixLength);
    if (newBytes - oldBytes <= PageEditor.freeBytes(shape, change.pageSizeBytes)) {
      change.makeWritable(leaf);
      PageEditor.replace(
          change.segment(leaf), change.page(leaf), change.pageSizeBytes, index, entry);
    } else {
      split.spread(leaf, index, 1, entry, false);
    }
  }
}
