package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.internal.format.TouchTable;
import dev.quire.store.internal.page.SharedAreas;
import dev.quire.store.internal.page.SharedAreas.Area;
import java.util.concurrent.locks.ReentrantLock;

/// The [TouchTable] of the store, in `shm`. There is none before an entry was put into a bounded
/// table. Readers of all processes set its bytes, without a lock; the writer clears them.
final class TouchedKeys {

  /// Least and greatest size of the table; both are powers of two.
  private static final long MIN_BYTES = 64 << 10;

  private static final long MAX_BYTES = 16 << 20;

  /// Bytes for each entry: with fewer, keys share them too often.
  private static final int BYTES_PER_ENTRY = 16;

  private final SharedState state;
  private final ReentrantLock spaceLock;

  /// Whether a larger table was asked for in vain. Guarded by the turn.
  private boolean noRoom;

  TouchedKeys(SharedState state, ReentrantLock spaceLock) {
    this.state = state;
    this.spaceLock = spaceLock;
  }

  /// Notes that a key was used. Any thread.
  static void touch(SharedState state, long hash) {
    long place = state.areas().placeOf(Area.TOUCHED);
    long bytes = sizeOf(place);
    if (bytes != 0 && !state.isExpelled()) {
      TouchTable.touch(state.segment(), SharedAreas.offsetOf(place), bytes, hash);
    }
  }

  void touch(long hash) {
    touch(state, hash);
  }

  /// Whether a key was used since it was last asked for. With the turn.
  boolean clear(long hash) {
    long place = state.areas().placeOf(Area.TOUCHED);
    long bytes = sizeOf(place);
    return bytes != 0
        && !state.isExpelled()
        && TouchTable.clear(state.segment(), SharedAreas.offsetOf(place), bytes, hash);
  }

  /// Bytes of the table, a power of two; 0 if there is none. The area may move after its place was
  /// read: then a byte that is set belongs to one that nobody uses any more.
  private static long sizeOf(long place) {
    return Long.highestOneBit(SharedAreas.capacityOf(place));
  }

  /// Makes the table large enough for a bounded table of so many entries. With the turn. Without
  /// room for it the smaller one, or none, has to do.
  void require(long entries) {
    long wanted = Math.min(MAX_BYTES, Math.max(MIN_BYTES, roundUp(entries * BYTES_PER_ENTRY)));
    if (noRoom || state.areas().capacityBytes(Area.TOUCHED) >= wanted) {
      return;
    }
    spaceLock.lock();
    try {
      state.areas().require(Area.TOUCHED, wanted);
    } catch (StoreFullException e) {
      noRoom = true;
    } finally {
      spaceLock.unlock();
    }
  }

  private static long roundUp(long bytes) {
    long low = Long.highestOneBit(bytes);
    return low == bytes ? bytes : low << 1;
  }
}
