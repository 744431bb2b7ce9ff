package dev.quire.store.internal.tree;

import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageReader;

/// What differs between two trees of one store, entry by entry in key order. Reusable; allocates
/// nothing per step.
///
/// Both trees are pinned, so a reference that occurs in both names the same page in the same state:
/// what is below it is equal and is passed over unread. Both trees are walked side by side from
/// where all that comes before is equal or told:
///
/// - two equal references: both walks go behind them;
/// - else the higher of the two subtrees is entered, or both if they are of one height;
/// - two entries: they are compared, key and then value.
///
/// Pages that moved, split or merged make the walks enter pages that hold equal entries; they are
/// side by side again at the first page that both trees have. So the number of pages entered grows
/// with what was changed and the height of the trees, not with their size.
public final class TreeDiff {

  private final DiffSide older;
  private final DiffSide newer;
  private boolean inOlder;
  private boolean inNewer;
  private final ValueSlot oldSlot = new ValueSlot();
  private final ValueSlot newSlot = new ValueSlot();

  public TreeDiff(PageReader olderPages, PageReader newerPages) {
    this.older = new DiffSide(olderPages);
    this.newer = new DiffSide(newerPages);
  }

  /// Starts over, before the first difference of two trees with the same kind of keys.
  ///
  /// @param olderRoot root in the older pages, or [PageRef#NONE]
  /// @param newerRoot root in the newer pages, or [PageRef#NONE]
  /// @param range keys outside of it are passed over; its ends fit the kind of keys
  public void open(long olderRoot, long newerRoot, TreeRange range) {
    boolean nothing = olderRoot == newerRoot || range.isEmpty();
    older.open(nothing ? PageRef.NONE : olderRoot, range);
    newer.open(nothing ? PageRef.NONE : newerRoot, range);
    inOlder = false;
    inNewer = false;
  }

  /// Moves to the next difference.
  public boolean next() {
    pass();
    while (true) {
      int olderLevel = older.level();
      int newerLevel = newer.level();
      if (olderLevel > DiffSide.ENTRY || newerLevel > DiffSide.ENTRY) {
        enter(olderLevel, newerLevel);
      } else if (olderLevel == DiffSide.END && newerLevel == DiffSide.END) {
        return false;
      } else if (differ(olderLevel, newerLevel)) {
        return true;
      } else {
        older.advance();
        newer.advance();
      }
    }
  }

  /// Goes behind the entries told last.
  private void pass() {
    if (inOlder) {
      older.advance();
    }
    if (inNewer) {
      newer.advance();
    }
    inOlder = false;
    inNewer = false;
  }

  /// One of the items is a subtree.
  private void enter(int olderLevel, int newerLevel) {
    if (olderLevel == newerLevel && older.ref() == newer.ref()) {
      older.advance();
      newer.advance();
      return;
    }
    if (olderLevel >= newerLevel) {
      older.enter();
    }
    if (newerLevel >= olderLevel) {
      newer.enter();
    }
  }

  /// Notes which side has an entry that the other one does not have; both, if the values differ.
  private boolean differ(int olderLevel, int newerLevel) {
    int order = 0;
    if (olderLevel == DiffSide.END) {
      order = 1;
    } else if (newerLevel == DiffSide.END) {
      order = -1;
    } else {
      order = older.compareKey(newer);
    }
    inOlder = order <= 0;
    inNewer = order >= 0;
    if (order == 0 && older.hasValueOf(newer, oldSlot, newSlot)) {
      inOlder = false;
      inNewer = false;
    }
    return inOlder || inNewer;
  }

  /// Whether the older tree has the key.
  public boolean inOlder() {
    return inOlder;
  }

  /// Whether the newer tree has the key.
  public boolean inNewer() {
    return inNewer;
  }

  /// The key, whole. Valid until the next move.
  public PageEntry key() {
    requireDifference(inOlder || inNewer);
    return inNewer ? newer.key() : older.key();
  }

  /// Fills `out` with the place of the value in the older tree, which has the key.
  public void oldValue(ValueSlot out) {
    requireDifference(inOlder);
    older.readValue(out);
  }

  /// Fills `out` with the place of the value in the newer tree, which has the key.
  public void newValue(ValueSlot out) {
    requireDifference(inNewer);
    newer.readValue(out);
  }

  private static void requireDifference(boolean there) {
    if (!there) {
      throw new IllegalStateException("no difference to look at");
    }
  }
}
