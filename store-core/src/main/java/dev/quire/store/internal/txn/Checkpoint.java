package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.NoteRecord;
import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.RestingMap;
import dev.quire.store.internal.page.RunList;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.internal.txn.CommitGroup.Commit;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes one committed state durable by itself, so that the log before it is no longer needed.
///
/// 1. Under the space lock: note the head and pin it; choose the pages of the next space map and
///    copy into their images what the head uses.
/// 2. Write the images; sync the file. Everything that the head reaches is on the medium.
/// 3. Set `candidate`: its pages stay pinned whoever dies.
/// 4. Write the superblock into the slot that `durable` does not name; sync that range alone.
/// 5. Set `durable`; give back the pages of the old map.
///
/// Commits go on meanwhile. A failure in 1 or 2 for want of space leaves everything as it was; any
/// other failure of a write or sync poisons the store.
final class Checkpoint {

  private final EngineParts parts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Checksum checksum = new Checksum();
  private final SuperblockFile superblocks;
  private RestingMap resting;
  private MemorySegment images = MemorySegment.NULL;
  private final RunList oneRun = new RunList();
  private final RunList newMapPages = new RunList();

  Checkpoint(EngineParts parts, RestingMap resting) {
    this.parts = parts;
    this.resting = resting;
    this.superblocks = new SuperblockFile(parts.region, parts.buffers, parts.pageSizeBytes());
  }

  /// Brings the newest published transaction to rest, unless it is.
  void run() {
    if (!parts.isVolatile() && parts.state.durableTxnId() != parts.state.headTxnId()) {
      run(null, false, parts.state.head().epoch());
    }
  }

  /// Writes a superblock even if nothing was committed, so that fresh stamps are reserved.
  void renewStamps() {
    run(null, false, parts.state.head().epoch());
  }

  /// The last checkpoint before the store is closed; nobody reads or writes any more.
  ///
  /// @return length that the file may be cut to
  long runLast() {
    return run(null, true, parts.state.head().epoch());
  }

  /// Begins a new epoch of the log, at the end of recovery.
  void runFirst(int epoch) {
    run(null, false, epoch);
  }

  /// Makes an unpublished transaction durable and publishes it; the turn is held and everything
  /// before is published. No other checkpoint comes in between: it would find the bitmaps of this
  /// transaction with the head of the one before.
  ///
  /// @param publish makes the transaction the head
  void commit(Commit commit, Runnable publish) {
    lock.lock();
    try {
      parts.spaceLock.lock();
      try {
        parts.note.write(commit.head, commit.births, commit.frees, NoteRecord.PREPARED);
        parts.note.applyToMap();
      } finally {
        parts.spaceLock.unlock();
      }
      try {
        run(commit.head, false, commit.head.epoch());
      } catch (RuntimeException | Error e) {
        withdraw();
        throw e;
      }
      publish.run();
    } finally {
      lock.unlock();
    }
  }

  /// Calls `action` with the durable space map while nothing is published or brought to rest.
  void whileStill(Consumer<RestingMap> action) {
    lock.lock();
    try {
      parts.spaceLock.lock();
      try {
        action.accept(resting);
      } finally {
        parts.spaceLock.unlock();
      }
    } finally {
      lock.unlock();
    }
  }

  private void withdraw() {
    if (!parts.state.isPoisoned()) {
      parts.spaceLock.lock();
      try {
        parts.note.withdraw();
      } finally {
        parts.spaceLock.unlock();
      }
    }
  }

  /// One checkpoint on its way.
  private static final class Plan {
    final Superblock superblock;
    final RestingMap map;
    final @Nullable Snapshot pin;
    final long firstStamp;
    final long[] refs;
    int count;

    Plan(Superblock superblock, RestingMap map, long firstStamp, @Nullable Snapshot pin) {
      this.superblock = superblock;
      this.map = map;
      this.firstStamp = firstStamp;
      this.pin = pin;
      this.refs = new long[map.freshCount()];
    }

    void unpin() {
      if (pin != null) {
        pin.end();
      }
    }
  }

  private long run(@Nullable Head prepared, boolean last, int epoch) {
    lock.lock();
    try {
      Plan plan = plan(prepared, last, epoch);
      try {
        writeMap(plan);
      } catch (RuntimeException | Error e) {
        abandon(plan);
        throw e;
      }
      try {
        parts.region.sync(SyncRole.CHECKPOINT);
        parts.state.requireSound();
        parts.state.setCandidate(plan.superblock);
        plan.unpin();
        superblocks.write(plan.superblock);
        parts.state.requireSound();
        parts.state.setDurable(plan.superblock.sequence());
      } catch (RuntimeException | Error e) {
        parts.state.poison();
        plan.unpin();
        throw e;
      }
      finish(plan);
      return plan.superblock.highWaterPage() * parts.pageSizeBytes();
    } finally {
      lock.unlock();
    }
  }

  private Plan plan(@Nullable Head prepared, boolean last, int epoch) {
    parts.spaceLock.lock();
    try {
      parts.state.requireSound();
      parts.data.requireWhole(parts.state);
      if (last) {
        parts.allocator.reclaim();
      }
      Head head = prepared == null ? parts.state.head() : prepared;
      long firstStamp = parts.state.nextStamp();
      newMapPages.clear();
      RestingMap next = resting.plan(parts.map, parts.allocator::highWater, this::newMapPage);
      long highWater = last ? endOfUse(next) : parts.allocator.highWater();
      parts.data.require(parts.allocator.highWater());
      long fileSize = last ? highWater * parts.pageSizeBytes() : parts.region.sizeBytes();
      Superblock superblock = superblock(head, next, highWater, fileSize, epoch);
      reserveImages(next.freshCount());
      parts.resetDirty();
      Snapshot pin = prepared == null ? parts.readers.pin() : null;
      Plan plan = new Plan(superblock, next, firstStamp, pin);
      fillImages(plan);
      return plan;
    } catch (RuntimeException | Error e) {
      for (int i = 0; i < newMapPages.size(); i++) {
        parts.allocator.freed(newMapPages.start(i));
      }
      throw e;
    } finally {
      parts.spaceLock.unlock();
    }
  }

  /// The first page number behind everything that the head and the map consist of.
  private long endOfUse(RestingMap next) {
    long[] end = {parts.superblock.firstPage()};
    next.forEach(page -> end[0] = Math.max(end[0], page + 1));
    long live = parts.allocator.highWater();
    while (live > end[0] && !parts.map.isLive(live - 1)) {
      live--;
    }
    return live;
  }

  /// The stamp of which a reference holds the low bits; it was taken in this plan.
  private static long fullStamp(long ref, long firstStamp) {
    return firstStamp + (PageRef.stampBits(ref) - firstStamp & 0x7FFF_FFFFL);
  }

  private long newMapPage() {
    oneRun.clear();
    parts.allocator.allocateLeaves(1, 0, oneRun);
    long page = oneRun.start(0);
    parts.map.require(page + 1);
    parts.map.setUsed(page, 1);
    parts.allocator.published(page, 1);
    newMapPages.add(page, 1, 0);
    return PageRef.of(page, parts.takeStamps(1));
  }

  private Superblock superblock(
      Head head, RestingMap next, long highWater, long fileSize, int epoch) {
    Superblock first = parts.superblock;
    return new Superblock(
        first.pageSizeBytes(),
        first.flags(),
        first.storeIdHigh(),
        first.storeIdLow(),
        first.createdMillis(),
        parts.state.durableSequence() + 1,
        head.txnId(),
        head.catalogueRef(),
        next.rootRef(),
        next.levelCount(),
        highWater,
        fileSize,
        first.ringSizeBytes(),
        head.lsn(),
        head.chainCrc(),
        epoch,
        parts.state.nextStamp() + EngineParts.STAMP_RESERVE,
        head.userTerm(),
        head.userIndex(),
        head.nextTableId());
  }

  private void reserveImages(int pages) {
    long bytes = (long) pages * parts.pageSizeBytes();
    if (images.byteSize() < bytes) {
      images = parts.buffers.allocate(Math.max(bytes, 2 * images.byteSize()));
    }
  }

  private void fillImages(Plan plan) {
    plan.map.fillFresh(
        parts.map,
        images,
        (ref, at) -> {
          plan.refs[plan.count++] = ref;
        });
    for (int leaf = 0; leaf < plan.map.leafCount(); leaf++) {
      if (plan.map.leafRef(leaf) != resting.leafRef(leaf)) {
        parts.map.clearChanged(leaf);
      }
    }
  }

  private void writeMap(Plan plan) {
    int pageSize = parts.pageSizeBytes();
    for (int i = 0; i < plan.count; i++) {
      long at = (long) i * pageSize;
      long pageNo = PageRef.pageNo(plan.refs[i]);
      PageHeader.stamp(
          images, at, pageNo, fullStamp(plan.refs[i], plan.firstStamp), plan.superblock.txnId());
      if (parts.superblock.checksums()) {
        PageHeader.markCrc(images, at);
        PageHeader.setCrc(images, at, PageCrc.of(checksum, images, at, pageSize));
      }
      parts.data.write(pageNo, 0, images, at, pageSize);
    }
  }

  /// Puts everything back as it was before [#plan].
  private void abandon(Plan plan) {
    plan.unpin();
    parts.spaceLock.lock();
    try {
      for (int i = 0; i < plan.count; i++) {
        parts.allocator.freed(PageRef.pageNo(plan.refs[i]));
      }
      for (int leaf = 0; leaf < plan.map.leafCount(); leaf++) {
        if (plan.map.leafRef(leaf) != resting.leafRef(leaf)) {
          parts.map.markLeafChanged(leaf);
        }
      }
    } finally {
      parts.spaceLock.unlock();
    }
  }

  private void finish(Plan plan) {
    parts.spaceLock.lock();
    try {
      resting.forEachNotIn(plan.map, parts.allocator::freed);
      resting = plan.map;
      parts.state.add(Counter.CHECKPOINTS, 1);
    } finally {
      parts.spaceLock.unlock();
    }
  }
}
