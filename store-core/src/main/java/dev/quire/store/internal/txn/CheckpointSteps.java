package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.PageCrc;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.RestingMap;
import dev.quire.store.internal.page.RunList;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.Region.SyncRole;
import dev.quire.store.internal.txn.Steps.Step;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// What a checkpoint does, in the order that [Checkpoint] tells. Guarded by its lock.
final class CheckpointSteps {

  private final EngineParts parts;
  private final Successor successor;
  private final Checksum checksum = new Checksum();
  private final SuperblockFile superblocks;
  private final FileGuard guard;

  /// The space map of the superblock `restingSequence`. Another process may have made a newer one
  /// durable.
  private RestingMap resting;

  private long restingSequence = -1;
  private MemorySegment images = MemorySegment.NULL;
  private final RunList newMapPages = new RunList();
  private long endBytes;

  CheckpointSteps(EngineParts parts, Successor successor) {
    this.parts = parts;
    this.successor = successor;
    this.resting = RestingMap.empty(parts.pageSizeBytes());
    this.superblocks = new SuperblockFile(parts.region, parts.buffers, parts.pageSizeBytes());
    this.guard = new FileGuard(parts);
  }

  /// The space map of the durable superblock, after [#refresh].
  RestingMap resting() {
    return resting;
  }

  /// Where all that the last superblock names ends in the file.
  long endBytes() {
    return endBytes;
  }

  /// When a checkpoint began.
  record Begun(long nanos, @Nullable FlightEvent event) {}

  /// One checkpoint on its way.
  static final class Plan {
    final Superblock superblock;
    final RestingMap map;
    final @Nullable Snapshot pin;
    final long firstStamp;
    final long[] refs;
    final long sinceNanos;
    final @Nullable FlightEvent event;
    int count;

    Plan(
        Superblock superblock,
        RestingMap map,
        long firstStamp,
        @Nullable Snapshot pin,
        Begun begun) {
      this.superblock = superblock;
      this.map = map;
      this.firstStamp = firstStamp;
      this.pin = pin;
      this.refs = new long[map.freshCount()];
      this.sinceNanos = begun.nanos;
      this.event = begun.event;
    }

    void unpin() {
      if (pin != null) {
        pin.end();
      }
    }
  }

  /// Steps 2 to 5; the turn is not needed.
  void complete(Plan plan) {
    try {
      writeMap(plan);
    } catch (RuntimeException | Error e) {
      plan.unpin();
      parts.plan.abandon();
      throw e;
    }
    try {
      parts.region.sync(SyncRole.CHECKPOINT);
      parts.data.requireWhole();
      parts.turn.requireEntered();
      parts.state.requireSound();
      parts.state.setCandidate(plan.superblock);
      plan.unpin();
      parts.steps.reached(Step.CANDIDATE_SET);
      superblocks.write(plan.superblock);
      parts.state.requireSound();
      parts.state.setDurable(plan.superblock.sequence());
      parts.steps.reached(Step.DURABLE_SET);
    } catch (RuntimeException | Error e) {
      parts.state.poison();
      plan.unpin();
      throw e;
    }
    resting = plan.map;
    restingSequence = plan.superblock.sequence();
    endBytes = plan.superblock.highWaterPage() * parts.pageSizeBytes();
    parts.metrics.add(Counter.CHECKPOINTS, 1);
    parts.metrics.record(Latency.CHECKPOINT, System.nanoTime() - plan.sinceNanos);
    FlightEvents.end(plan.event, parts, plan.superblock.txnId(), plan.superblock.sequence());
  }

  /// Loads the space map again if another process has made a newer one.
  void refresh() {
    if (restingSequence != parts.state.durableSequence()) {
      resting = successor.loadResting();
      restingSequence = parts.state.durableSequence();
    }
  }

  /// Step 1; the turn and the checkpoint's byte are held, and no earlier plan is in force.
  ///
  /// @param prepared an unpublished state to make durable instead of the head
  /// @param last whether the file will be cut behind what the superblock names
  Plan plan(@Nullable Head prepared, boolean last) {
    Begun begun = new Begun(System.nanoTime(), FlightEvents.begin(Latency.CHECKPOINT));
    refresh();
    parts.spaceLock.lock();
    try {
      parts.state.requireSound();
      guard.look();
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
      Superblock superblock = superblock(head, next, highWater, fileSize);
      reserveImages(next.freshCount());
      parts.map.require(parts.allocator.highWater());
      parts.plan.require(resting, next);
      // Nothing fails from here on.
      Snapshot pin = prepared == null ? parts.readers.pin() : null;
      Plan plan = new Plan(superblock, next, firstStamp, pin, begun);
      putInForce(superblock.sequence(), next);
      parts.state.setDirtyPages(0);
      fillImages(plan);
      return plan;
    } catch (RuntimeException | Error e) {
      for (int i = 0; i < newMapPages.size(); i++) {
        parts.allocator.giveBack(newMapPages.start(i), newMapPages.count(i));
      }
      newMapPages.clear();
      throw e;
    } finally {
      parts.spaceLock.unlock();
    }
  }

  private void putInForce(long sequence, RestingMap next) {
    parts.plan.write(sequence, resting, next);
    parts.steps.reached(Step.PLAN_WRITTEN);
    parts.state.raiseHighWater(parts.allocator.highWater());
    for (int i = 0; i < newMapPages.size(); i++) {
      parts.map.setUsed(newMapPages.start(i), newMapPages.count(i));
      parts.allocator.published(newMapPages.start(i), newMapPages.count(i));
    }
    newMapPages.clear();
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
    long page = parts.allocator.allocateMapPage();
    newMapPages.add(page, 1, 0);
    return PageRef.of(page, parts.takeStamps(1));
  }

  private Superblock superblock(Head head, RestingMap next, long highWater, long fileSize) {
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
        head.epoch(),
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
      parts.writePages(pageNo, 0, images, at, pageSize);
    }
  }
}
