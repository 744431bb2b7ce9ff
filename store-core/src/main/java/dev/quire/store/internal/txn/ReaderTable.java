package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.internal.format.ReaderSlot;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PinList;
import dev.quire.store.internal.page.Reclaimer;
import dev.quire.store.internal.page.SharedAreas.Area;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/// The reader slots: who pins which transaction.
///
/// Slots lie in chunks that double, so that they never move and never run out. A process owns
/// blocks of them; the owner word of a block's first slot says which. A claim inside the process is
/// one compare-and-set on the slot's own line, tried first where the thread's last one probably
/// was: readers write no line in common. A writer loads the head, then scans every slot in use: see
/// [Snapshot] for why this order is right. A slot that is claimed but pins nothing yet may be
/// passed over: its reader has still to load the head, and will find the one that the writer
/// loaded, or a later one.
final class ReaderTable implements Reclaimer.Pins {

  /// Slots that a process takes at a time.
  static final int BLOCK_SLOTS = 16;

  private static final int FIRST_CHUNK_SLOTS = 256;
  private static final int MAX_CHUNKS = 16;

  private final DataFile data;
  private final SharedState state;
  private final long owner;
  private final ReentrantLock spaceLock;
  private volatile Snapshot[] snapshots = {};

  /// @param owner process slot + 1 in the high, incarnation in the low half
  /// @param spaceLock guards the growth of `shm`
  ReaderTable(DataFile data, SharedState state, long owner, ReentrantLock spaceLock) {
    this.data = data;
    this.state = state;
    this.owner = owner;
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
    long limit = Word.getVolatile(state.segment(), SharedHeader.READER_LIMIT);
    for (int slot = 0; slot < limit; slot++) {
      pins += txnIdOf(slot) > 0 ? 1 : 0;
    }
    return pins;
  }

  @Override
  public long durableTxnId() {
    return state.durableTxnId();
  }

  @Override
  public long scan(PinList target) {
    target.clear();
    long head = state.headTxnId();
    VarHandle.fullFence();
    long limit = Word.getVolatile(state.segment(), SharedHeader.READER_LIMIT);
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

  /// Frees every slot: only while no process lives.
  static void clear(SharedState state) {
    MemorySegment shm = state.segment();
    long limit = Word.getVolatile(shm, SharedHeader.READER_LIMIT);
    for (int slot = 0; slot < limit; slot++) {
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
            all[filled++] = new Snapshot(data, state, slotOffset(state, slot));
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
    state.areas().require(Area.READERS.code() + chunk, chunkBytes(chunk));
    MemorySegment shm = state.segment();
    if (!Word.compareAndSet(shm, slotOffset(state, block) + ReaderSlot.OWNER, 0, owner)) {
      return false;
    }
    long limit = Word.getVolatile(shm, SharedHeader.READER_LIMIT);
    if (limit < block + BLOCK_SLOTS) {
      Word.setVolatile(shm, SharedHeader.READER_LIMIT, block + BLOCK_SLOTS);
    }
    return true;
  }

  private long txnIdOf(int slot) {
    return Word.getVolatile(state.segment(), slotOffset(state, slot) + ReaderSlot.TXN_ID);
  }

  private static long slotOffset(SharedState state, int slot) {
    int chunk = chunkOf(slot);
    int first = chunk == 0 ? 0 : FIRST_CHUNK_SLOTS << chunk - 1;
    return state.areas().offset(Area.READERS.code() + chunk)
        + (long) (slot - first) * ReaderSlot.SIZE_BYTES;
  }

  private static int chunkOf(int slot) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(slot / FIRST_CHUNK_SLOTS);
  }
}
