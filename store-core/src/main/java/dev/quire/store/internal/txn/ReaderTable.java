package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.internal.format.ReaderSlot;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PinList;
import dev.quire.store.internal.page.Reclaimer;
import dev.quire.store.internal.page.SharedAreas;
import dev.quire.store.internal.page.SharedAreas.Area;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The reader slots: who pins which transaction.
///
/// Slots lie in chunks that double, so that they never move and never run out. A process owns
/// blocks of them; the owner word of a block's first slot says which. A claim inside the process is
/// one compare-and-set on the slot's own line, tried first where the thread's last one probably
/// was: readers write no line in common. A writer loads the head, then scans every slot in use: see
/// [Snapshot] for why this order is right. A slot that is claimed but pins nothing yet may be
/// passed over: its reader has still to load the head, and will find the one that the writer
/// loaded, or a later one.
///
/// The blocks of a process that died are swept: taken over by a compare-and-set of their owner
/// word, then freed like blocks of one's own. A sweeper that was stopped in between finds another
/// owner when it goes on, and does no harm to who claimed the block since.
final class ReaderTable implements Reclaimer.Pins {

  /// Slots that a process takes at a time.
  static final int BLOCK_SLOTS = 16;

  private static final int FIRST_CHUNK_SLOTS = 256;
  static final int MAX_CHUNKS = 16;

  /// Dead processes are looked for at most so often when space is short.
  private static final long SWEEP_NANOS = 1_000_000_000;

  private final DataFile data;
  private final SharedState state;
  private final OwnMetrics metrics;
  private final ProcessLocks locks;
  private final ReentrantLock spaceLock;
  private volatile Snapshot[] snapshots = {};

  /// When blocks were swept last. Guarded by the space lock.
  private long sweptNanos = System.nanoTime();

  /// @param spaceLock guards what the process takes
  ReaderTable(DataFile data, OwnMetrics metrics, ProcessLocks locks, ReentrantLock spaceLock) {
    this.data = data;
    this.metrics = metrics;
    this.state = metrics.state();
    this.locks = locks;
    this.spaceLock = spaceLock;
  }

  /// Bytes of chunk `chunk`: as many slots as all chunks before it, the first has 256.
  static long chunkBytes(int chunk) {
    return (long) FIRST_CHUNK_SLOTS * ReaderSlot.SIZE_BYTES << Math.max(0, chunk - 1);
  }

  /// Claims a slot, pins the newest transaction, and makes sure that it is there.
  ///
  /// @throws dev.quire.store.errors.StoreTruncatedException if somebody cut the file
  /// @throws dev.quire.store.errors.CorruptPageException if its catalogue is not where the head
  ///   says
  Snapshot begin() {
    Snapshot snapshot = pin();
    try {
      snapshot.check();
      return snapshot;
    } catch (RuntimeException | Error e) {
      snapshot.end();
      throw MappedFaults.translate(snapshot, e);
    }
  }

  /// Claims a slot and pins the newest transaction, whatever became of its pages.
  Snapshot pin() {
    Snapshot snapshot = claim();
    try {
      return snapshot.begin();
    } catch (RuntimeException | Error e) {
      snapshot.end();
      throw e;
    }
  }

  /// Claims a slot and pins the transaction of the durable superblock. Only while nothing is
  /// brought to rest and nothing reclaimed.
  Snapshot begin(Superblock durable) {
    return claim().begin(durable);
  }

  /// Number of transactions that are pinned, by any process.
  int countPins() {
    int pins = 0;
    long limit = limit();
    for (int slot = 0; slot < limit; slot++) {
      pins += txnIdOf(slot) > 0 ? 1 : 0;
    }
    return pins;
  }

  /// The transactions that snapshots pin, of any process.
  PinList pins() {
    PinList pins = new PinList();
    long limit = limit();
    for (int slot = 0; slot < limit; slot++) {
      long txnId = txnIdOf(slot);
      if (txnId > 0) {
        pins.add(txnId);
      }
    }
    pins.sort();
    return pins;
  }

  /// The snapshot of the oldest transaction that is pinned; of several that was begun first, as far
  /// as that is noted.
  ///
  /// @return null if nobody reads
  EngineActivity.@Nullable OldestReader findOldest() {
    MemorySegment shm = state.segment();
    long limit = limit();
    int oldest = -1;
    long txnId = Long.MAX_VALUE;
    long since = 0;
    for (int slot = 0; slot < limit; slot++) {
      long pinned = txnIdOf(slot);
      long noted = Word.get(shm, slotOffset(state, slot) + ReaderSlot.SINCE);
      boolean earlier = pinned == txnId && noted != 0 && (since == 0 || noted < since);
      if (pinned > 0 && pinned < txnId || earlier) {
        oldest = slot;
        txnId = pinned;
        since = noted;
      }
    }
    return oldest < 0 ? null : new EngineActivity.OldestReader(txnId, since, findProcess(oldest));
  }

  /// All snapshots that are pinned, in the order of their slots.
  List<EngineActivity.OldestReader> all() {
    List<EngineActivity.OldestReader> all = new ArrayList<>();
    long limit = limit();
    for (int slot = 0; slot < limit; slot++) {
      long pinned = txnIdOf(slot);
      if (pinned > 0) {
        long since = Word.get(state.segment(), slotOffset(state, slot) + ReaderSlot.SINCE);
        all.add(new EngineActivity.OldestReader(pinned, since, findProcess(slot)));
      }
    }
    return all;
  }

  private EngineActivity.@Nullable Name findProcess(int slot) {
    long at = slotOffset(state, slot - slot % BLOCK_SLOTS) + ReaderSlot.OWNER;
    long owner = Word.getVolatile(state.segment(), at);
    return owner == 0 || isStale(owner)
        ? null
        : EngineActivity.nameOf(state, (int) (owner >>> Integer.SIZE) - 1);
  }

  @Override
  public long scan(PinList target) {
    if (System.nanoTime() - sweptNanos > SWEEP_NANOS) {
      // Space is short: a dead process must not be what holds it.
      sweep();
    }
    target.clear();
    long head = state.headTxnId();
    VarHandle.fullFence();
    long limit = limit();
    for (int slot = 0; slot < limit; slot++) {
      long txnId = txnIdOf(slot);
      if (txnId > 0) {
        target.add(txnId);
      }
    }
    target.add(state.durableTxnId());
    target.add(state.candidateTxnId());
    target.sort();
    return head;
  }

  /// Buries processes that died, and frees the slots that they owned. A process that was buried
  /// itself learns it here, and touches nothing.
  void sweep() {
    spaceLock.lock();
    try {
      sweptNanos = System.nanoTime();
      if (!locks.isShared()) {
        return;
      }
      if (!locks.isEntered(state)) {
        state.expel();
        return;
      }
      state.areas().mapAll();
      for (int slot = 0; slot < ProcessTable.SLOTS; slot++) {
        if (slot != locks.slot() && ProcessTable.isEntered(state, slot)) {
          int dead = slot;
          locks.ifDead(dead, () -> ProcessTable.bury(state, dead));
        }
      }
      sweepBlocks();
    } finally {
      spaceLock.unlock();
    }
  }

  /// Frees the blocks whose owner is no process any more.
  private void sweepBlocks() {
    MemorySegment shm = state.segment();
    long limit = limit();
    for (int block = 0; block < limit; block += BLOCK_SLOTS) {
      long at = slotOffset(state, block) + ReaderSlot.OWNER;
      long owner = Word.getVolatile(shm, at);
      if (owner != 0 && isStale(owner) && takeOver(owner, block)) {
        free(block);
      }
    }
  }

  private boolean isStale(long owner) {
    int slot = (int) (owner >>> 32) - 1;
    return slot < 0
        || slot >= ProcessTable.SLOTS
        || (int) owner != (int) ProcessTable.incarnation(state, slot);
  }

  /// Makes a block whose owner was `dead` one's own, unless somebody else was faster.
  boolean takeOver(long dead, int block) {
    long at = slotOffset(state, block) + ReaderSlot.OWNER;
    return Word.compareAndSet(state.segment(), at, dead, locks.owner());
  }

  /// Frees a block of one's own.
  void free(int block) {
    MemorySegment shm = state.segment();
    for (int slot = block; slot < block + BLOCK_SLOTS; slot++) {
      Word.set(shm, slotOffset(state, slot) + ReaderSlot.SINCE, 0);
      Word.setRelease(shm, slotOffset(state, slot) + ReaderSlot.TXN_ID, ReaderSlot.FREE);
    }
    Word.setVolatile(shm, slotOffset(state, block) + ReaderSlot.OWNER, 0);
  }

  /// Slots from here on were never used; all others are mapped.
  private long limit() {
    long limit = Word.getVolatile(state.segment(), SharedHeader.READER_LIMIT);
    // Its chunks were there before it.
    state.areas().mapAll();
    boolean isPossible = limit >= 0 && limit <= (long) FIRST_CHUNK_SLOTS << MAX_CHUNKS - 1;
    int last = isPossible && limit > 0 ? chunkOf((int) limit - 1) : 0;
    if (!isPossible || state.areas().capacityBytes(Area.READERS.code() + last) == 0) {
      throw SharedAreas.damaged(limit + " reader slots");
    }
    return limit;
  }

  /// Frees every slot: only while no process lives.
  static void clear(SharedState state) {
    state.areas().mapAll();
    MemorySegment shm = state.segment();
    long limit = Word.getVolatile(shm, SharedHeader.READER_LIMIT);
    for (int slot = 0; slot < limit; slot++) {
      Word.set(shm, slotOffset(state, slot) + ReaderSlot.SINCE, 0);
      Word.set(shm, slotOffset(state, slot) + ReaderSlot.TXN_ID, ReaderSlot.FREE);
      Word.set(shm, slotOffset(state, slot) + ReaderSlot.OWNER, 0);
    }
    Word.setVolatile(shm, SharedHeader.READER_LIMIT, 0);
  }

  private Snapshot claim() {
    while (true) {
      Snapshot[] all = snapshots;
      MemorySegment shm = state.segment();
      int start = startOf(all.length);
      for (int i = 0; i < all.length; i++) {
        Snapshot snapshot = all[start + i & all.length - 1];
        if (snapshot.tryClaim(shm)) {
          return snapshot;
        }
      }
      own(Math.max(BLOCK_SLOTS, all.length));
    }
  }

  private static int startOf(int slots) {
    long id = Thread.currentThread().threadId();
    return (int) (id * 0x9E37_79B9_7F4A_7C15L >>> 40) & slots - 1;
  }

  /// Takes `more` slots, so that their number stays a power of two.
  private void own(int more) {
    spaceLock.lock();
    try {
      Snapshot[] old = snapshots;
      if (old.length >= Math.max(BLOCK_SLOTS, 2 * more)) {
        return;
      }
      Snapshot[] all = Arrays.copyOf(old, old.length + more);
      int filled = old.length;
      for (int block = 0; filled < all.length; block += BLOCK_SLOTS) {
        if (takeBlock(block)) {
          for (int slot = block; slot < block + BLOCK_SLOTS; slot++) {
            all[filled++] = Snapshot.of(data, state, slotOffset(state, slot));
          }
        }
      }
      snapshots = all;
    } finally {
      spaceLock.unlock();
    }
  }

  private boolean takeBlock(int block) {
    int chunk = chunkOf(block);
    if (chunk >= MAX_CHUNKS) {
      throw new StoreFullException(
          block + " snapshots are open at once, which is all that a store allows");
    }
    int area = Area.READERS.code() + chunk;
    if (state.areas().capacityBytes(area) == 0) {
      // Before the table grows: slots of the dead are as good as new ones.
      sweep();
      state.areas().require(area, chunkBytes(chunk));
    }
    state.areas().mapAll();
    MemorySegment shm = state.segment();
    long at = slotOffset(state, block) + ReaderSlot.OWNER;
    if (!Word.compareAndSet(shm, at, 0, locks.owner())) {
      return false;
    }
    long limit = Word.getVolatile(shm, SharedHeader.READER_LIMIT);
    while (limit < block + BLOCK_SLOTS
        && !Word.compareAndSet(shm, SharedHeader.READER_LIMIT, limit, block + BLOCK_SLOTS)) {
      limit = Word.getVolatile(shm, SharedHeader.READER_LIMIT);
    }
    metrics.adopt(
        ReaderLookups.sum(state, block, ReaderSlot.HITS),
        ReaderLookups.sum(state, block, ReaderSlot.MISSES));
    return true;
  }

  private long txnIdOf(int slot) {
    return Word.getVolatile(state.segment(), slotOffset(state, slot) + ReaderSlot.TXN_ID);
  }

  /// Where a slot lies in `shm`.
  static long slotOffset(SharedState state, int slot) {
    int chunk = chunkOf(slot);
    int first = chunk == 0 ? 0 : FIRST_CHUNK_SLOTS << chunk - 1;
    return state.areas().offset(Area.READERS.code() + chunk, chunkBytes(chunk))
        + (long) (slot - first) * ReaderSlot.SIZE_BYTES;
  }

  private static int chunkOf(int slot) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(slot / FIRST_CHUNK_SLOTS);
  }
}
