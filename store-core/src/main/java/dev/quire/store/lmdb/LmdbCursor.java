package dev.quire.store.lmdb;

import dev.quire.store.Cursor;
import dev.quire.store.KeyRange;
import dev.quire.store.Keys;
import dev.quire.store.lmdb.LmdbCatalogue.Handle;
import dev.quire.store.options.Expiry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.GetOp;

/// A cursor over one database of a transaction, kept inside a range.
///
/// It remembers its key, and finds its place again by it when the transaction has changed
/// something: it opens LMDB's cursor anew then, and is never moved by LMDB. *Up* and *down*, *low*
/// and *high* are meant in key order, whatever the direction of the range.
final class LmdbCursor implements Cursor {

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

  private final LmdbTxn txn;
  private final LmdbTxnTable table;
  private final KeyRange range;
  private final Runnable onClose;
  private final byte[] key = new byte[LmdbKeys.MAX_KEY_BYTES];
  private int keyLength;
  private Place place = Place.UNSET;
  private LmdbKeys.Bounds bounds;
  private boolean integerKeys;
  private org.lmdbjava.@Nullable Cursor<MemorySegment> nativeCursor;
  private long version;
  private boolean closed;

  /// @param onClose is run at the end
  LmdbCursor(LmdbTxn txn, LmdbTxnTable table, KeyRange range, Runnable onClose) {
    this.txn = txn;
    this.table = table;
    this.range = range;
    this.onClose = onClose;
    this.bounds = LmdbKeys.Bounds.of(range, false);
    open();
    txn.keep(this);
  }

  /// Turns to the database as it is now; the native cursor stands nowhere.
  private void open() {
    closeNative();
    Handle handle = table.handle();
    version = txn.version();
    integerKeys = handle != null && handle.integerKeys();
    bounds = LmdbKeys.Bounds.of(range, integerKeys);
    nativeCursor = handle == null ? null : handle.dbi().openCursor(txn.current());
  }

  /// Ends the native cursor; the next move opens another one.
  void closeNative() {
    if (nativeCursor != null) {
      nativeCursor.close();
      nativeCursor = null;
      version--;
    }
  }

  /// Turns to the database as it is now, if it has changed; says whether it has.
  private boolean refresh() {
    if (version == txn.version()) {
      return false;
    }
    open();
    return true;
  }

  // -- moves --------------------------------------------------------------------------------------

  @Override
  public boolean first() {
    return move(range.descending() ? this::toHighest : this::toLowest);
  }

  @Override
  public boolean last() {
    return move(range.descending() ? this::toLowest : this::toHighest);
  }

  @Override
  public boolean next() {
    return move(range.descending() ? this::stepDown : this::stepUp);
  }

  @Override
  public boolean previous() {
    return move(range.descending() ? this::stepUp : this::stepDown);
  }

  @Override
  public boolean seekAtLeast(byte[] target) {
    return move(
        () -> {
          requireSeekable(target);
          if (bounds.startsAtOrAbove(target)) {
            return toLowest();
          }
          boolean _ = refresh();
          return arriveGoingUp(atLeast(target, target.length, true));
        });
  }

  @Override
  public boolean seekAtMost(byte[] target) {
    return move(
        () -> {
          requireSeekable(target);
          if (bounds.endsAtOrBelow(target)) {
            return toHighest();
          }
          boolean _ = refresh();
          return arriveGoingDown(atMost(target, target.length, true));
        });
  }

  private void requireSeekable(byte[] target) {
    LmdbKeys.requireKey(target.length);
    if (integerKeys) {
      LmdbKeys.requireInteger(target);
    }
  }

  private boolean move(Supplier<Boolean> step) {
    return call(step);
  }

  private <T> T call(Supplier<T> work) {
    if (closed) {
      throw new IllegalStateException("the cursor is closed");
    }
    return txn.call(work);
  }

  private boolean toLowest() {
    boolean _ = refresh();
    byte[] start = bounds.start();
    return arriveGoingUp(
        start == null
            ? nativeCursor != null && nativeCursor.first()
            : atLeast(start, start.length, bounds.startInclusive()));
  }

  private boolean toHighest() {
    boolean _ = refresh();
    byte[] end = bounds.end();
    return arriveGoingDown(
        end == null
            ? nativeCursor != null && nativeCursor.last()
            : atMost(end, end.length, bounds.endInclusive()));
  }

  private boolean stepUp() {
    boolean changed = refresh();
    return switch (place) {
      case UNSET, BELOW -> toLowest();
      case ABOVE -> false;
      case ENTRY ->
          arriveGoingUp(
              changed || nativeCursor == null
                  ? atLeast(key, keyLength, false)
                  : nativeCursor.next());
      case GAP -> arriveGoingUp(atLeast(key, keyLength, false));
    };
  }

  private boolean stepDown() {
    boolean changed = refresh();
    return switch (place) {
      case UNSET, ABOVE -> toHighest();
      case BELOW -> false;
      case ENTRY ->
          arriveGoingDown(
              changed || nativeCursor == null
                  ? atMost(key, keyLength, false)
                  : nativeCursor.prev());
      case GAP -> arriveGoingDown(atMost(key, keyLength, false));
    };
  }

  /// Moves LMDB's cursor to the least key that is at least `target`, or greater.
  private boolean atLeast(byte[] target, int length, boolean inclusive) {
    org.lmdbjava.Cursor<MemorySegment> cursor = nativeCursor;
    if (cursor == null) {
      return false;
    }
    if (length == 0) {
      // LMDB has no empty key: all keys are greater.
      return cursor.first();
    }
    // A longer key comes directly after its beginning.
    int kept = Math.min(length, LmdbKeys.MAX_KEY_BYTES);
    boolean found = cursor.get(txn.key(target, kept), GetOp.MDB_SET_RANGE);
    boolean skip = found && (!inclusive || kept < length) && isAt(cursor, target, kept);
    return skip ? cursor.next() : found;
  }

  /// Moves LMDB's cursor to the greatest key that is at most `target`, or less.
  private boolean atMost(byte[] target, int length, boolean inclusive) {
    org.lmdbjava.Cursor<MemorySegment> cursor = nativeCursor;
    if (cursor == null || length == 0) {
      return false;
    }
    int kept = Math.min(length, LmdbKeys.MAX_KEY_BYTES);
    boolean found = cursor.get(txn.key(target, kept), GetOp.MDB_SET_RANGE);
    if (!found) {
      return cursor.last();
    }
    boolean stay = (inclusive || kept < length) && isAt(cursor, target, kept);
    return stay || cursor.prev();
  }

  private static boolean isAt(
      org.lmdbjava.Cursor<MemorySegment> cursor, byte[] target, int length) {
    return cursor.key().mismatch(MemorySegment.ofArray(target).asSlice(0, length)) < 0;
  }

  private boolean arriveGoingUp(boolean found) {
    if (found) {
      rememberKey();
    }
    boolean inside = found && bounds.isBelowEnd(key, keyLength);
    place = inside ? Place.ENTRY : Place.ABOVE;
    return inside;
  }

  private boolean arriveGoingDown(boolean found) {
    if (found) {
      rememberKey();
    }
    boolean inside = found && bounds.isAboveStart(key, keyLength);
    place = inside ? Place.ENTRY : Place.BELOW;
    return inside;
  }

  private void rememberKey() {
    MemorySegment found = nativeKey();
    keyLength = (int) found.byteSize();
    MemorySegment.copy(found, ValueLayout.JAVA_BYTE, 0, key, 0, keyLength);
  }

  private MemorySegment nativeKey() {
    if (nativeCursor == null) {
      throw new AssertionError("no native cursor");
    }
    return nativeCursor.key();
  }

  // -- the entry ----------------------------------------------------------------------------------

  @Override
  public boolean isValid() {
    return call(this::isAtEntry);
  }

  private boolean isAtEntry() {
    if (place == Place.ENTRY && refresh()) {
      boolean found = atLeast(key, keyLength, true);
      boolean same = found && nativeCursor != null && isAt(nativeCursor, key, keyLength);
      place = same ? Place.ENTRY : Place.GAP;
    }
    return place == Place.ENTRY;
  }

  private <T> T atEntry(Supplier<T> work) {
    return call(
        () -> {
          if (!isAtEntry()) {
            throw new IllegalStateException("the cursor is at no entry: move it first");
          }
          return work.get();
        });
  }

  private MemorySegment nativeValue() {
    if (nativeCursor == null) {
      throw new AssertionError("no native cursor");
    }
    return nativeCursor.val();
  }

  @Override
  public byte[] key() {
    return atEntry(() -> Arrays.copyOf(key, keyLength));
  }

  @Override
  public int keyInto(byte[] target) {
    return atEntry(
        () -> {
          System.arraycopy(key, 0, target, 0, Math.min(keyLength, target.length));
          return keyLength;
        });
  }

  @Override
  public long longKey() {
    return Keys.toLong(key());
  }

  @Override
  public MemorySegment value() {
    return atEntry(() -> txn.view(nativeValue()));
  }

  @Override
  public byte[] valueBytes() {
    return atEntry(() -> SegmentProxy.bytes(nativeValue()));
  }

  @Override
  public long valueInto(byte[] target) {
    return atEntry(() -> SegmentProxy.copyInto(nativeValue(), target));
  }

  @Override
  public long valueLength() {
    return atEntry(() -> nativeValue().byteSize());
  }

  @Override
  public Expiry expiry() {
    return atEntry(() -> Expiry.NEVER);
  }

  @Override
  public void delete() {
    boolean deleted = atEntry(() -> table.delete(Arrays.copyOf(key, keyLength)));
    if (deleted) {
      place = Place.GAP;
    }
  }

  @Override
  public void replace(byte[] value) {
    boolean _ = atEntry(() -> table.put(Arrays.copyOf(key, keyLength), value));
  }

  // -- life ---------------------------------------------------------------------------------------

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    txn.lock().lock();
    try {
      closeNative();
      txn.forget(this);
    } finally {
      txn.lock().unlock();
    }
    onClose.run();
  }
}
