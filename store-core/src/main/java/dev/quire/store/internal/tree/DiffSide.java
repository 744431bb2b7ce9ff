package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.ChildRefs;
import dev.quire.store.internal.format.IntegerLeafPage;
import dev.quire.store.internal.format.LeafCell;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageEditor;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.ValueBytes;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;

/// One of the two trees of a [TreeDiff], and how far it has been walked.
///
/// The walk stands at an *item*: a whole subtree that has not been entered, an entry of a leaf, or
/// the end. Everything before the item has been dealt with, the item and what follows has not.
final class DiffSide {

  /// Level of an entry.
  static final int ENTRY = 0;

  /// Level of the end.
  static final int END = -1;

  private final PageReader pages;

  // The pages entered, from the root's down to the one that holds the item.
  private final MemorySegment[] segments = new MemorySegment[Limits.MAX_DEPTH];
  private final long[] offsets = new long[Limits.MAX_DEPTH];
  private final long[] shapes = new long[Limits.MAX_DEPTH];
  private final int[] indexes = new int[Limits.MAX_DEPTH];
  private int depth;

  private long rootRef;
  private int level = END;

  /// Whether the item may begin before the range, so that its beginning has to be searched.
  private boolean seeking;

  private TreeRange range = TreeRange.ALL;

  private final PageEntry key = new PageEntry();
  private boolean keyIsRead;

  DiffSide(PageReader pages) {
    this.pages = pages;
  }

  /// Starts over: the item is the whole tree, or the end if there is none.
  void open(long newRootRef, TreeRange newRange) {
    rootRef = newRootRef;
    range = newRange;
    depth = 0;
    seeking = newRange.from() != null;
    level = END;
    keyIsRead = false;
    if (rootRef != PageRef.NONE) {
      level = PageHeader.level(shapeOf(rootRef)) + 1;
    }
  }

  /// Level of the item: of a subtree the number of its levels, else [#ENTRY] or [#END].
  int level() {
    return level;
  }

  /// Reference to the subtree.
  long ref() {
    return depth == 0
        ? rootRef
        : ChildRefs.get(segments[depth - 1], offsets[depth - 1], shapes[depth - 1], top());
  }

  private int top() {
    return indexes[depth - 1];
  }

  private long shapeOf(long ref) {
    return PageHeader.shape(pages.segmentOf(ref), pages.offsetOf(ref));
  }

  /// Goes into the subtree: the item is the first one of its root page that may lie in the range.
  void enter() {
    long ref = ref();
    if (depth == Limits.MAX_DEPTH) {
      throw TreePath.tooDeep(rootRef);
    }
    MemorySegment segment = pages.segmentOf(ref);
    long page = pages.offsetOf(ref);
    long shape = PageHeader.shape(segment, page);
    if (PageHeader.level(shape) != level - 1) {
      throw PageHeader.corrupt(
          segment, page, "a page of level " + (level - 1), "level " + PageHeader.level(shape));
    }
    segments[depth] = segment;
    offsets[depth] = page;
    shapes[depth] = shape;
    indexes[depth] = seeking ? firstInRange(segment, page, shape) : 0;
    depth++;
    arrive();
  }

  private int firstInRange(MemorySegment segment, long page, long shape) {
    byte[] from = range.from();
    if (from == null) {
      return 0;
    }
    if (!PageSearch.isLeaf(shape)) {
      return PageSearch.childFor(pages, segment, page, shape, from, from.length);
    }
    seeking = false;
    int position = PageSearch.position(pages, segment, page, shape, from, from.length);
    if (position < 0) {
      return ~position;
    }
    return range.fromInclusive() ? position : position + 1;
  }

  /// Goes behind the item.
  void advance() {
    seeking = false;
    if (depth == 0) {
      level = END;
      return;
    }
    indexes[depth - 1]++;
    arrive();
  }

  /// Leaves the pages whose items are all behind, and stands at what comes then.
  private void arrive() {
    keyIsRead = false;
    while (depth > 0) {
      long shape = shapes[depth - 1];
      int items = PageHeader.count(shape) + (PageSearch.isLeaf(shape) ? 0 : 1);
      if (top() < items) {
        level = PageHeader.level(shape);
        if (level == ENTRY && isBehindRange()) {
          break;
        }
        return;
      }
      depth--;
      if (depth > 0) {
        indexes[depth - 1]++;
      }
    }
    depth = 0;
    level = END;
  }

  private boolean isBehindRange() {
    byte[] to = range.to();
    if (to == null) {
      return false;
    }
    int order = -compare(to, to.length);
    return range.toInclusive() ? order > 0 : order >= 0;
  }

  // -- the entry ----------------------------------------------------------------------------------

  /// The entry's key. Valid until the item is another.
  PageEntry key() {
    readKey();
    SpilledKeys.readRest(pages, key);
    return key;
  }

  private void readKey() {
    if (!keyIsRead) {
      PageEditor.readKey(segments[depth - 1], offsets[depth - 1], shapes[depth - 1], top(), key);
      keyIsRead = true;
    }
  }

  /// Compares the entry's key with that of the other tree's entry.
  int compareKey(DiffSide other) {
    readKey();
    other.readKey();
    if (key.keyRef != PageRef.NONE && key.keyRef == other.key.keyRef) {
      return 0;
    }
    PageEntry mine = key();
    return other.compare(mine.key, mine.keyLength);
  }

  /// Compares a key with the entry's.
  private int compare(byte[] other, int length) {
    return PageSearch.compare(
        pages, segments[depth - 1], offsets[depth - 1], shapes[depth - 1], top(), other, length);
  }

  /// Whether the other tree's entry has the same value and the same expiry.
  boolean hasValueOf(DiffSide other, ValueSlot slot, ValueSlot otherSlot) {
    long cell = cell();
    long head = LeafCell.head(segment(), cell);
    long otherCell = other.cell();
    long otherHead = LeafCell.head(other.segment(), otherCell);
    if (LeafCell.valueLength(head) != LeafCell.valueLength(otherHead)
        || LeafCell.expiryMillis(segment(), cell, head)
            != LeafCell.expiryMillis(other.segment(), otherCell, otherHead)) {
      return false;
    }
    if (LeafCell.isOverflow(head)
        && LeafCell.isOverflow(otherHead)
        && LeafCell.valueRef(segment(), cell, head)
            == LeafCell.valueRef(other.segment(), otherCell, otherHead)) {
      return true;
    }
    readValue(slot);
    other.readValue(otherSlot);
    return ValueBytes.equal(
        slot.segment, slot.offset, otherSlot.segment, otherSlot.offset, slot.length);
  }

  /// Fills `out` with the place of the entry's value.
  void readValue(ValueSlot out) {
    PageSearch.readValue(pages, segment(), offsets[depth - 1], cell(), out);
  }

  private MemorySegment segment() {
    return segments[depth - 1];
  }

  private long cell() {
    long shape = shapes[depth - 1];
    return switch (PageHeader.typeCode(shape)) {
      case LeafPage.TYPE_CODE, IntegerLeafPage.TYPE_CODE ->
          PageSearch.cell(segment(), offsets[depth - 1], shape, top());
      default -> throw PageSearch.notATreePage(segment(), offsets[depth - 1], shape);
    };
  }
}
