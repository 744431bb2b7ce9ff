package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.PendingPages;
import dev.quire.store.internal.page.RunList;
import dev.quire.store.internal.page.SpaceAllocator;
import dev.quire.store.internal.page.SpaceMap;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import dev.quire.store.options.Checksums;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/// The parts of one open store that commits, checkpoints and recovery share.
///
/// Lock order: the writer's turn, then [Checkpoint]'s lock, then [#spaceLock]; nothing is taken
/// inside the space lock. It guards the note, the plan, the bitmaps, the pending pages, the
/// allocator, stamps, the growth of `data`, and publishing: between the threads of a process. The
/// process must have the turn ([SharedTurn]) for all of that.
final class EngineParts {

  /// How many stamps a superblock reserves. Not a power of two, so that the stamps given out after
  /// a crash differ from those before it in the bits that references keep.
  static final long STAMP_RESERVE = (1 << 26) + 7919;

  final StoreOptions options;

  /// The superblock that the store was opened with: what never changes is read from it.
  final Superblock superblock;

  final Region region;
  final DataFile data;
  final SharedState state;
  final SpaceMap map;
  final PendingPages pending;
  final SpaceAllocator allocator;
  final Note note;
  final MapPlan plan;
  final ReaderTable readers;
  final RedoRing ring;
  final ProcessLife life;
  final NativeBuffers buffers;
  final ProcessLocks locks;
  final SharedTurn turn;
  final OwnMetrics metrics;
  final TouchedKeys touched;
  final Steps steps;
  final ReentrantLock spaceLock = new ReentrantLock();

  /// Whether the store was made by this opening.
  final boolean isNew;

  private volatile boolean behind;

  EngineParts(
      StoreOptions options,
      Superblock superblock,
      Region region,
      SharedState state,
      StoreFiles files) {
    this.options = options;
    this.isNew = files.isNew();
    this.superblock = superblock;
    this.region = region;
    this.state = state;
    this.buffers = files.buffers();
    this.locks = files.locks();
    this.steps = files.steps();
    this.turn = new SharedTurn(state, locks);
    this.metrics = new OwnMetrics(state, locks.slot());
    this.touched = new TouchedKeys(state, spaceLock);
    boolean verify = options.checksums() == Checksums.VERIFY && superblock.checksums();
    this.data = new DataFile(region, superblock, metrics, verify ? buffers : null);
    this.map = new SpaceMap(state.areas(), superblock.pageSizeBytes());
    this.pending = new PendingPages(state.areas());
    this.life = new ProcessLife(state, locks);
    this.note = new Note(state, map, pending, steps);
    this.plan = new MapPlan(state, map, superblock.pageSizeBytes());
    this.readers = new ReaderTable(data, metrics, locks, spaceLock);
    this.allocator =
        new SpaceAllocator(
            map, pending, readers, data::requireForAllocation, superblock.firstPage());
    this.ring =
        new RedoRing(region, superblock.ringOffsetBytes(), superblock.ringSizeBytes(), buffers);
  }

  /// The store is seen as of its last checkpoint, though there are later transactions.
  void setBehind() {
    behind = true;
  }

  boolean behind() {
    return behind;
  }

  int pageSizeBytes() {
    return superblock.pageSizeBytes();
  }

  /// Whether the store lives in memory: no sync, no log, no checkpoint.
  boolean isVolatile() {
    return region.storable();
  }

  /// Counts what a publish adds to the pages that the next checkpoint has to make durable: new
  /// ones, without those that replace a page which no checkpoint has seen. Guarded by the space
  /// lock.
  void countDirty(RunList births, RunList frees) {
    long durable = state.durableTxnId();
    long dirty = state.dirtyPages() + births.pages();
    for (int i = 0; i < frees.size(); i++) {
      if (frees.birth(i) > durable) {
        dirty -= frees.count(i);
      }
    }
    state.setDirtyPages(dirty);
  }

  /// Writes to pages that nothing refers to yet. If the disk has no room for them, the allocator
  /// hears of it.
  void writePages(long pageNo, long offset, MemorySegment source, long sourceOffset, long length) {
    try {
      data.requireReached();
      data.write(pageNo, offset, source, sourceOffset, length);
    } catch (StoreFullException e) {
      spaceLock.lock();
      try {
        allocator.avoidFrom(pageNo);
      } finally {
        spaceLock.unlock();
      }
      throw e;
    }
  }

  /// Takes stamps that no page ever had. Guarded by the space lock.
  ///
  /// @return the first of them
  long takeStamps(long count) {
    long first = state.nextStamp();
    state.setNextStamp(first + count);
    return first;
  }
}
