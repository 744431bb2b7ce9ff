package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.KeyBytes;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.PageExtent;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;

/// A position in a tree. Reusable; allocates nothing per step.
///
/// Positioned on an entry, or not valid: after [#open], and when a move found nothing. Any change
/// of the tree ends its validity: seek anew.
///
/// The path to the current leaf is kept; a step inside the leaf only counts. The way to a
/// neighbouring leaf goes up to the first branch with another child, and from there down its edge.
/// Whoever goes there is likely to go on: with each entry that is looked at some lines of the leaf
/// behind the current one are fetched into the caches, so that they are there when they are wanted.
public final class TreeCursor {

  private final PageReader pages;
  private final int pageSizeBytes;
  private final TreePath path = new TreePath();
  private long rootRef = PageRef.NONE;

  /// The current leaf, and the entry in it; `index < 0` when not valid.
  private MemorySegment segment = MemorySegment.NULL;

  private long page;
  private long shape;
  private int count;
  private int index = -1;

  /// Where the cell of the entry lies, and its head.
  private long cell;

  private long head;

  /// The part of the leaf behind the current one that was not fetched yet: `[aheadFrom, aheadTo)`
  /// of the same segment.
  private long aheadFrom;

  private long aheadTo;

  /// Sum of what was read only to have it in the caches.
  @SuppressWarnings("UnusedVariable")
  private long fetched;

  public TreeCursor(PageReader pages) {
    this.pages = pages;
    this.pageSizeBytes = pages.pageSizeBytes();
  }

  /// Starts over on a tree, on no entry.
  public void open(long newRootRef) {
    rootRef = newRootRef;
    index = -1;
  }

  /// Moves to the least key.
  public boolean first() {
    index = -1;
    path.clear();
    return rootRef != PageRef.NONE && enter(rootRef, true);
  }

  /// Moves to the greatest key.
  public boolean last() {
    index = -1;
    path.clear();
    return rootRef != PageRef.NONE && enter(rootRef, false);
  }

  /// Moves to the next key.
  ///
  /// @throws IllegalStateException if not valid
  public boolean next() {
    requireValid();
    return stepForward() || leave(true);
  }

  /// Moves to the next key if it is in the same leaf.
  public boolean stepForward() {
    return index + 1 < count && arrive(index + 1);
  }

  /// Moves to the previous key.
  ///
  /// @throws IllegalStateException if not valid
  public boolean previous() {
    requireValid();
    return stepBackward() || leave(false);
  }

  /// Moves to the previous key if it is in the same leaf.
  public boolean stepBackward() {
    return index > 0 && arrive(index - 1);
  }

  /// Moves to the least key that is `key` or greater.
  public boolean seekAtLeast(byte[] key, int keyLength) {
    if (!descend(key, keyLength)) {
      return false;
    }
    int position = PageSearch.position(pages, segment, page, shape, key, keyLength);
    int found = position < 0 ? ~position : position;
    return found < count ? arrive(found) : leave(true);
  }

  /// Moves to the greatest key that is `key` or less.
  public boolean seekAtMost(byte[] key, int keyLength) {
    if (!descend(key, keyLength)) {
      return false;
    }
    int position = PageSearch.position(pages, segment, page, shape, key, keyLength);
    int found = position < 0 ? ~position - 1 : position;
    return found >= 0 ? arrive(found) : leave(false);
  }

  /// Moves to the least key that is greater than `key`, or is `key` if that counts.
  public boolean seekUp(byte[] key, int keyLength, boolean inclusive) {
    boolean found = seekAtLeast(key, keyLength);
    boolean skip = found && !inclusive && compareKey(key, keyLength) == 0;
    return skip ? next() : found;
  }

  /// Moves to the greatest key that is less than `key`, or is `key` if that counts.
  public boolean seekDown(byte[] key, int keyLength, boolean inclusive) {
    boolean found = seekAtMost(key, keyLength);
    boolean skip = found && !inclusive && compareKey(key, keyLength) == 0;
    return skip ? previous() : found;
  }

  /// Moves to `key`, if it is there; else the cursor is not valid.
  public boolean seek(byte[] key, int keyLength) {
    if (!descend(key, keyLength)) {
      return false;
    }
    int position = PageSearch.position(pages, segment, page, shape, key, keyLength);
    return position >= 0 && arrive(position);
  }

  /// Whether the cursor is on an entry.
  public boolean isValid() {
    return index >= 0;
  }

  private void requireValid() {
    if (index < 0) {
      throw new IllegalStateException("the cursor is not on an entry");
    }
  }

  /// Goes down to the leaf where `key` belongs.
  private boolean descend(byte[] key, int keyLength) {
    index = -1;
    path.clear();
    if (rootRef == PageRef.NONE) {
      return false;
    }
    long ref = rootRef;
    while (!enterPage(ref)) {
      int child = PageSearch.childFor(pages, segment, page, shape, key, keyLength);
      path.indexes[path.length - 1] = child;
      ref = ChildRefs.get(segment, page, shape, child);
    }
    return true;
  }

  /// Goes down from a page along its left or right edge, to an entry.
  private boolean enter(long top, boolean leftEdge) {
    long ref = top;
    while (!enterPage(ref)) {
      int child = leftEdge ? 0 : count;
      path.indexes[path.length - 1] = child;
      ref = ChildRefs.get(segment, page, shape, child);
    }
    if (count == 0) {
      throw PageHeader.corrupt(segment, page, "a leaf with entries", "an empty one");
    }
    return arrive(leftEdge ? 0 : count - 1);
  }

  /// Adds a page to the path.
  ///
  /// @return whether it is a leaf
  private boolean enterPage(long ref) {
    path.push(ref);
    segment = pages.segmentOf(ref);
    page = pages.offsetOf(ref);
    shape = PageHeader.shape(segment, page);
    count = PageHeader.count(shape);
    aheadTo = aheadFrom;
    return PageSearch.isLeaf(shape);
  }

  /// Goes to the neighbouring leaf.
  private boolean leave(boolean forward) {
    index = -1;
    while (path.length > 1) {
      path.length--;
      int parent = path.length - 1;
      long ref = path.refs[parent];
      segment = pages.segmentOf(ref);
      page = pages.offsetOf(ref);
      shape = PageHeader.shape(segment, page);
      int child = path.indexes[parent] + (forward ? 1 : -1);
      if (child >= 0 && child <= PageHeader.count(shape)) {
        path.indexes[parent] = child;
        int beyond = child + (forward ? 1 : -1);
        boolean isBehind = beyond >= 0 && beyond <= PageHeader.count(shape);
        long behind = isBehind ? ChildRefs.get(segment, page, shape, beyond) : PageRef.NONE;
        enter(ChildRefs.get(segment, page, shape, child), forward);
        planFetch(behind);
        return true;
      }
    }
    return false;
  }

  /// Plans to fetch a page during the steps through the current leaf, whatever it is: nothing is
  /// checked.
  private void planFetch(long ref) {
    aheadFrom = 0;
    aheadTo = 0;
    if (ref != PageRef.NONE && !PageRef.isScratch(ref)) {
      long at = PageRef.pageNo(ref) * pageSizeBytes;
      if (at + pageSizeBytes <= segment.byteSize() && pages.segmentOf(ref).equals(segment)) {
        aheadFrom = at;
        aheadTo = at + pageSizeBytes;
      }
    }
  }

  /// Stands on an entry of the leaf. On the way fetches a part of what comes next.
  private boolean arrive(int at) {
    if (aheadFrom < aheadTo) {
      fetched += PageExtent.fetch(segment, aheadFrom);
      aheadFrom += PageExtent.FETCHED_BYTES;
    }
    cell = PageSearch.cell(segment, page, shape, at);
    head = LeafCell.head(segment, cell);
    index = at;
    return true;
  }

  private boolean isInteger() {
    return PageHeader.typeCode(shape) == IntegerLeafPage.TYPE_CODE;
  }

  /// Length of the entry's key, in bytes.
  public int keyLength() {
    requireValid();
    if (isInteger()) {
      return Long.BYTES;
    }
    return LeafCell.isSpilled(head)
        ? SpilledKeys.requireLength(segment, page, LeafCell.keyLength(segment, cell, head))
        : PageHeader.prefixLength(shape) + LeafCell.suffixLength(head);
  }

  /// The entry's key.
  public byte[] key() {
    byte[] copy = new byte[keyLength()];
    copyKey(copy);
    return copy;
  }

  /// Copies the entry's key.
  ///
  /// @param target at least [#keyLength] bytes long
  /// @return the key's length
  public int copyKey(byte[] target) {
    requireValid();
    if (isInteger()) {
      KeyBytes.setWord(target, 0, IntegerLeafPage.key(segment, page, index));
      return Long.BYTES;
    }
    int prefixLength = PageHeader.prefixLength(shape);
    int suffixLength = LeafCell.suffixLength(head);
    long suffix = cell + LeafCell.headBytes(head);
    KeyBytes.copy(segment, LeafPage.prefix(page), prefixLength, suffix, suffixLength, target);
    int storedLength = prefixLength + suffixLength;
    if (!LeafCell.isSpilled(head)) {
      return storedLength;
    }
    int keyLength = LeafCell.keyLength(segment, cell, head);
    long run = LeafCell.keyRef(segment, cell, head);
    SpilledKeys.readRest(pages, target, storedLength, keyLength, run);
    return keyLength;
  }

  /// The entry's key in a tree of integer keys.
  public long integerKey() {
    requireValid();
    return IntegerLeafPage.key(segment, page, index);
  }

  /// Compares the entry's key with `key`: negative if the entry's is less.
  public int compareKey(byte[] key, int keyLength) {
    requireValid();
    return compareKeyAt(index, key, keyLength);
  }

  /// The same of the last entry of the leaf.
  public int compareLastKey(byte[] key, int keyLength) {
    requireValid();
    return compareKeyAt(count - 1, key, keyLength);
  }

  /// The same of the first entry of the leaf.
  public int compareFirstKey(byte[] key, int keyLength) {
    requireValid();
    return compareKeyAt(0, key, keyLength);
  }

  private int compareKeyAt(int at, byte[] key, int keyLength) {
    int order = PageSearch.compare(pages, segment, page, shape, at, key, keyLength);
    return -Integer.signum(order);
  }

  /// Whether no entry of the leaf has a lesser key.
  public boolean isFirstOfLeaf() {
    return index == 0;
  }

  /// Whether no entry of the leaf has a greater key.
  public boolean isLastOfLeaf() {
    return index == count - 1;
  }

  /// Fills `out` with the place of the entry's value, if it lies in the leaf. Reads nothing.
  ///
  /// @return whether it does
  public boolean valueInLeaf(ValueSlot out) {
    requireValid();
    return PageSearch.readInLeaf(segment, page, pageSizeBytes, cell, head, out);
  }

  /// When the entry expires, 0 for never.
  public long expiryMillis() {
    requireValid();
    return LeafCell.expiryMillis(segment, cell, head);
  }

  /// Whether the entry expires, and has by then.
  public boolean isOver(long nowMillis) {
    long expiry = expiryMillis();
    return expiry != 0 && expiry <= nowMillis;
  }

  /// Fills `out` with the place of the entry's value.
  public void value(ValueSlot out) {
    requireValid();
    PageSearch.readValue(pages, segment, page, cell, head, out);
  }
}
