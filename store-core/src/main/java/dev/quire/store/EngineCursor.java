package dev.quire.store;

import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.options.Expiry;
import java.lang.foreign.MemorySegment;

/// A cursor over one tree of a transaction, kept inside a range.
///
/// In a transaction that can change the tree it remembers its key, and finds its place again by it.
/// *Up* and *down*, *low* and *high* are meant in key order, whatever the direction of the range.
final class EngineCursor implements Cursor {

  private enum Place {
    /// Nowhere yet.
    UNSET,
    /// At an entry.
    ENTRY,
    /// Where the entry with the remembered key was.
    GAP,
    /// Below the lowest entry of the range.
    BELOW,
    /// Above the highest entry of the range.
    ABOVE
  }

  private enum Move {
    LOWEST,
    HIGHEST,
    UP,
    DOWN
  }

  private final TxnTable table;
  private final KeyRange range;
  private final Runnable onClose;
  private final PageReader pages;
  private final TreeCursor tree;
  private final boolean canChange;
  private final ValueSlot slot = new ValueSlot();
  private Place place = Place.UNSET;

  /// Whether all keys of the leaf in this direction are in the range for good: a step just counts.
  private boolean stepsUp;

  private boolean stepsDown;

  /// Whether entries may have expired; and the time by which they have.
  private boolean expires;

  private final long nowMillis;
  private byte[] key = {};
  private int keyLength;
  private CursorBounds bounds;
  private boolean integerKeys;
  private long version;
  private boolean closed;

  /// @param onClose is run at the end
  EngineCursor(TxnTable table, KeyRange range, Runnable onClose) {
    this.table = table;
    this.range = range;
    this.bounds = new CursorBounds(range);
    this.onClose = onClose;
    this.pages = table.pages();
    this.canChange = table.canChange();
    this.tree = new TreeCursor(pages);
    this.nowMillis = table.nowMillis();
    open();
  }

  /// Turns to the tree as it is now; the tree cursor stands nowhere.
  private void open() {
    TreeRoot root = table.root();
    version = table.version();
    integerKeys = root != null && root.integerKeys;
    expires = root != null && root.expires;
    bounds = new CursorBounds(integerKeys ? range.forIntegerKeys() : range);
    tree.open(root == null ? PageRef.NONE : root.ref);
  }

  // -- moves --------------------------------------------------------------------------------------

  @Override
  public boolean first() {
    return move(range.descending() ? Move.HIGHEST : Move.LOWEST);
  }

  @Override
  public boolean last() {
    return move(range.descending() ? Move.LOWEST : Move.HIGHEST);
  }

  @Override
  public boolean next() {
    return range.descending() ? down() : up();
  }

  @Override
  public boolean previous() {
    return range.descending() ? up() : down();
  }

  private boolean up() {
    return (stepsUp && step(true)) || move(Move.UP);
  }

  private boolean down() {
    return (stepsDown && step(false)) || move(Move.DOWN);
  }

  /// Moves inside the leaf, if it can.
  private boolean step(boolean forward) {
    requireOpen();
    try {
      boolean found = forward ? tree.stepForward() : tree.stepBackward();
      PendingFault.raise();
      return found;
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
  }

  private boolean move(Move move) {
    requireOpen();
    try {
      boolean found =
          switch (move) {
            case LOWEST -> toLowest();
            case HIGHEST -> toHighest();
            case UP -> stepUp();
            case DOWN -> stepDown();
          };
      PendingFault.raise();
      return found;
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
  }

  @Override
  public boolean seekAtLeast(byte[] target) {
    requireSeekable(target);
    return bounds.startsAtOrAbove(target) ? move(Move.LOWEST) : seek(target, true);
  }

  @Override
  public boolean seekAtMost(byte[] target) {
    requireSeekable(target);
    return bounds.endsAtOrBelow(target) ? move(Move.HIGHEST) : seek(target, false);
  }

  private boolean seek(byte[] target, boolean atLeast) {
    try {
      refresh();
      boolean found =
          atLeast
              ? arriveGoingUp(tree.seekAtLeast(target, target.length))
              : arriveGoingDown(tree.seekAtMost(target, target.length));
      PendingFault.raise();
      return found;
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
  }

  private boolean toLowest() {
    refresh();
    byte[] start = bounds.start();
    return arriveGoingUp(
        start == null ? tree.first() : tree.seekUp(start, start.length, bounds.startInclusive()));
  }

  private boolean toHighest() {
    refresh();
    byte[] end = bounds.end();
    return arriveGoingDown(
        end == null ? tree.last() : tree.seekDown(end, end.length, bounds.endInclusive()));
  }

  private boolean stepUp() {
    boolean changed = refresh();
    return switch (place) {
      case UNSET, BELOW -> toLowest();
      case ABOVE -> false;
      case ENTRY -> arriveGoingUp(changed ? tree.seekUp(key, keyLength, false) : tree.next());
      case GAP -> arriveGoingUp(tree.seekUp(key, keyLength, false));
    };
  }

  private boolean stepDown() {
    boolean changed = refresh();
    return switch (place) {
      case UNSET, ABOVE -> toHighest();
      case BELOW -> false;
      case ENTRY ->
          arriveGoingDown(changed ? tree.seekDown(key, keyLength, false) : tree.previous());
      case GAP -> arriveGoingDown(tree.seekDown(key, keyLength, false));
    };
  }

  private boolean arriveGoingUp(boolean found) {
    boolean inside = found && bounds.isBelowEnd(tree);
    while (inside && expires && tree.isOver(nowMillis)) {
      inside = tree.next() && bounds.isBelowEnd(tree);
    }
    arrive(inside, Place.ABOVE);
    stepsUp = inside && !canChange && !expires && bounds.isLeafBelowEnd(tree);
    return inside;
  }

  private boolean arriveGoingDown(boolean found) {
    boolean inside = found && bounds.isAboveStart(tree);
    while (inside && expires && tree.isOver(nowMillis)) {
      inside = tree.previous() && bounds.isAboveStart(tree);
    }
    arrive(inside, Place.BELOW);
    stepsDown = inside && !canChange && !expires && bounds.isLeafAboveStart(tree);
    return inside;
  }

  private void arrive(boolean inside, Place otherwise) {
    place = inside ? Place.ENTRY : otherwise;
    stepsUp = false;
    stepsDown = false;
    if (inside && canChange) {
      keyLength = tree.keyLength();
      if (key.length < keyLength) {
        key = new byte[2 * keyLength];
      }
      tree.copyKey(key);
    }
  }

  // -- the entry ----------------------------------------------------------------------------------

  @Override
  public boolean isValid() {
    requireOpen();
    if (canChange && place == Place.ENTRY && refresh()) {
      findAgain();
    }
    return place == Place.ENTRY;
  }

  private void findAgain() {
    try {
      place = tree.seek(key, keyLength) && !tree.isOver(nowMillis) ? Place.ENTRY : Place.GAP;
      PendingFault.raise();
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
  }

  @Override
  public byte[] key() {
    requireEntry();
    try {
      byte[] copy = tree.key();
      PendingFault.raise();
      return copy;
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
  }

  @Override
  public int keyInto(byte[] target) {
    requireEntry();
    try {
      int length = tree.keyLength();
      if (length <= target.length) {
        tree.copyKey(target);
        PendingFault.raise();
        return length;
      }
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
    byte[] whole = key();
    System.arraycopy(whole, 0, target, 0, Math.min(whole.length, target.length));
    return whole.length;
  }

  @Override
  public long longKey() {
    requireEntry();
    if (!integerKeys) {
      return Keys.toLong(key());
    }
    try {
      long found = tree.integerKey();
      PendingFault.raise();
      return found;
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
  }

  @Override
  public MemorySegment value() {
    return Lookup.view(pages, place());
  }

  @Override
  public byte[] valueBytes() {
    return Lookup.copy(pages, place());
  }

  @Override
  public long valueInto(byte[] target) {
    return Lookup.copyInto(pages, place(), target);
  }

  @Override
  public long valueLength() {
    return Lookup.length(pages, place());
  }

  @Override
  public Expiry expiry() {
    return Expiries.of(place().expiryMillis);
  }

  /// Where the entry's value lies.
  private ValueSlot place() {
    requireEntry();
    try {
      if (!tree.valueInLeaf(slot)) {
        tree.value(slot);
        PendingFault.raise();
      }
    } catch (RuntimeException | Error e) {
      throw failed(e);
    }
    return slot;
  }

  @Override
  public void delete() {
    requireEntry();
    table.deleteAt(key, keyLength);
    place = Place.GAP;
  }

  @Override
  public void replace(byte[] value) {
    requireEntry();
    table.replaceAt(key, keyLength, value);
  }

  // -- life ---------------------------------------------------------------------------------------

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }

  /// Turns to the tree as it is now, if it has changed; says whether it has.
  private boolean refresh() {
    if (version == table.version()) {
      return false;
    }
    open();
    return true;
  }

  private RuntimeException failed(Throwable thrown) {
    return MappedFaults.translate(table.pages(), thrown);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the cursor is closed");
    }
    table.requireOpen();
  }

  private void requireEntry() {
    if (!isValid()) {
      throw new IllegalStateException("the cursor is at no entry: move it first");
    }
  }

  private void requireSeekable(byte[] target) {
    requireOpen();
    Lookup.requireKey(target.length);
    if (integerKeys) {
      Lookup.requireIntegerKey(target.length);
    }
  }
}
