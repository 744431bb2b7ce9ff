package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.MapPage;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PageType;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.RestingMap;
import dev.quire.store.internal.page.SpaceMap;
import dev.quire.store.internal.region.Region;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;

/// Opening by the way of a machine crash: nothing counts but the newest superblock and the log.
///
/// The superblock's state becomes the head, its map the bitmaps; the log is replayed as one
/// transaction; a checkpoint begins a new epoch of the log. Nothing that a second crash needs is
/// overwritten on the way: the superblock is made certain first, new pages go to places that its
/// map calls free, and the superblock that no longer needs the log is written last.
final class Recovery {

  private Recovery() {}

  /// Fills a new `shm` and brings the engine up to the end of the log.
  static Engine recover(
      Region region, StoreOptions options, StoreFiles files, Superblock found, SharedState state) {
    LogScan log = LogScan.of(region, found, files.buffers());
    Superblock superblock = region.storable() ? found : makeCertain(region, files, found);
    state.setCandidate(superblock);
    state.setDurable(superblock.sequence());
    state.setNextStamp(found.stampLimit());
    state.setSyncedLsn(log.lsn());
    Head head =
        Head.of(superblock, region.sizeBytes()).withLog(log.lsn(), log.chainCrc(), log.epoch() + 1);
    state.fillPlace(head);
    state.publish(head.txnId());
    files.locks().enter(state);
    EngineParts parts = new EngineParts(options, superblock, region, state, files);
    loadMap(parts);
    Engine engine = new Engine(parts, files);
    if (!log.transactions().isEmpty()) {
      replay(engine, head, log);
    }
    if (!parts.isVolatile()) {
      engine.checkpoints().renew();
    }
    return engine;
  }

  /// Fills a new `shm` with the superblock's state, for an engine that only reads. The log is
  /// looked at and not replayed.
  static Engine asOfSuperblock(
      Region region, StoreOptions options, StoreFiles files, Superblock b, SharedState state) {
    LogScan log = LogScan.of(region, b, files.buffers());
    state.setCandidate(b);
    state.setDurable(b.sequence());
    state.setNextStamp(b.stampLimit());
    state.setSyncedLsn(b.lsn());
    Head head = Head.of(b, region.sizeBytes());
    state.fillPlace(head);
    state.publish(head.txnId());
    files.locks().enter(state);
    EngineParts parts = new EngineParts(options, b, region, state, files);
    loadMap(parts);
    if (!log.transactions().isEmpty()) {
      parts.setBehind();
    }
    return new Engine(parts, files);
  }

  /// Writes the superblock again, because only the page cache may have it: then what its
  /// predecessor refers to may be overwritten. Then writes a successor that says the same, the
  /// position in the log included, and reserves the stamps that replay will use.
  private static Superblock makeCertain(Region region, StoreFiles files, Superblock b) {
    SuperblockFile file = new SuperblockFile(region, files.buffers(), b.pageSizeBytes());
    file.write(b);
    Superblock next = b.withStamps(b.sequence() + 1, b.stampLimit() + EngineParts.STAMP_RESERVE);
    file.write(next);
    return next;
  }

  private static void replay(Engine engine, Head head, LogScan log) {
    WriteSession session = engine.beginReplay(head.withTxnId(log.txnId() - 1));
    try {
      new Replay(engine.parts(), session, log.memory()).run(log);
      session.userWords(log.userTerm(), log.userIndex());
      session.commit();
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(session.pages(), e);
    } finally {
      session.rollback();
    }
  }

  /// Makes the bitmaps what the superblock's map says, whatever the bytes of the file are: if they
  /// cannot be a map, this ends in an exception of the store.
  private static void loadMap(EngineParts parts) {
    Superblock b = parts.superblock;
    try (SnapshotOf pages = new SnapshotOf(parts, b)) {
      try {
        loadMap(parts, pages.snapshot);
        MappedFaults.settle(pages.snapshot);
      } catch (RuntimeException | Error e) {
        throw MappedFaults.translate(pages.snapshot, e);
      }
    }
    parts.state.raiseHighWater(b.highWaterPage());
    parts.allocator.reset(b.highWaterPage());
  }

  private static void loadMap(EngineParts parts, Snapshot pages) {
    Superblock b = parts.superblock;
    SpaceMap map = parts.map;
    map.require(b.highWaterPage());
    RestingMap resting = loadResting(parts, b);
    int words = (int) (MapPage.bitsPerLeaf(b.pageSizeBytes()) / Long.SIZE);
    for (int leaf = 0; leaf < resting.leafCount(); leaf++) {
      long ref = resting.leafRef(leaf);
      if (ref != PageRef.NONE) {
        MemorySegment s = pages.segmentOf(ref);
        long page = pages.offsetOf(ref);
        requireMapLeaf(s, page);
        map.require((leaf + 1L) * words * Long.SIZE);
        for (int word = 0; word < words; word++) {
          map.setLiveWord((long) leaf * words + word, MapPage.word(s, page, word));
        }
      }
    }
    map.copyLiveToUsed();
    resting.forEach(page -> map.clearLive(page, 1));
    for (int leaf = 0; leaf < resting.leafCount(); leaf++) {
      map.clearChanged(leaf);
    }
  }

  /// Reads the references of the durable superblock's map.
  static RestingMap loadResting(EngineParts parts, Superblock b) {
    if (b.mapRef() == PageRef.NONE) {
      return RestingMap.empty(b.pageSizeBytes());
    }
    try (SnapshotOf pages = new SnapshotOf(parts, b)) {
      return RestingMap.load(pages.snapshot, b.mapRef(), b.mapLevels());
    }
  }

  private static void requireMapLeaf(MemorySegment s, long page) {
    int type = PageHeader.typeCode(PageHeader.shape(s, page));
    if (type != PageType.MAP_LEAF.code()) {
      throw PageHeader.corrupt(s, page, "a leaf of the space map", "type " + type);
    }
  }

  /// A snapshot for a block.
  private record SnapshotOf(Snapshot snapshot) implements AutoCloseable {
    SnapshotOf(EngineParts parts, Superblock b) {
      this(parts.readers.begin(b));
    }

    @Override
    public void close() {
      snapshot.end();
    }
  }
}
