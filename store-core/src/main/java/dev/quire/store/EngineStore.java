package dev.quire.store;

import dev.quire.store.errors.Violation;
import dev.quire.store.internal.copy.IncrementCopy;
import dev.quire.store.internal.copy.StoreCopy;
import dev.quire.store.internal.inspect.IntegrityChecker;
import dev.quire.store.internal.inspect.SnapshotDiff;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.txn.CodecTable;
import dev.quire.store.internal.txn.CompactionStep;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineHandle;
import dev.quire.store.internal.txn.EngineStats;
import dev.quire.store.internal.txn.NamedLocks;
import dev.quire.store.internal.txn.Snapshot;
import dev.quire.store.internal.txn.SnapshotFollower;
import dev.quire.store.options.Durability;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A store of the engine.
sealed class EngineStore implements Store permits EngineTemporaryStore {

  /// A compaction is not begun for less.
  private static final long LEAST_GAIN_PAGES = 64;

  private final EngineHandle handle;
  private final NamedLocks locks;

  EngineStore(Engine engine) {
    this.handle = new EngineHandle(engine);
    this.locks = new NamedLocks(handle);
  }

  @Override
  public Table table(String name) {
    handle.engine();
    return new StoreTable(this, name);
  }

  @Override
  public Table table(String name, TableOptions options) {
    handle.engine();
    StoreTable table = new StoreTable(this, name);
    TableStats existing = table.stats();
    if (existing == null) {
      try (WriteTxn txn = beginWrite()) {
        txn.table(name, options);
        txn.commit();
      }
    } else {
      EngineWriteTxn.requireOptions(existing, options);
    }
    return table;
  }

  @Override
  public @Nullable TableCodecs codecs(String name) {
    byte[] encoded = TableName.encode(name);
    Snapshot snapshot = snapshot();
    try {
      CodecTable.Names found = CodecTable.find(snapshot, encoded);
      return found == null ? null : new TableCodecs(found.keys(), found.values());
    } finally {
      snapshot.end();
    }
  }

  @Override
  public @Nullable TableCodecs useCodecs(String name, TableOptions options, TableCodecs codecs) {
    TableCodecs found = codecs(name);
    if (found != null || handle.engine().options().readOnly()) {
      return found;
    }
    try (EngineWriteTxn txn = beginWrite()) {
      CodecTable.give(
          txn.session(),
          TableName.encode(name),
          options.integerKeys(),
          new CodecTable.Names(codecs.keys(), codecs.values()));
      txn.commit();
    }
    return codecs(name);
  }

  @Override
  public List<String> tables() {
    try (ReadTxn txn = beginRead()) {
      return txn.tables();
    }
  }

  @Override
  public boolean dropTable(String name) {
    try (WriteTxn txn = beginWrite()) {
      boolean dropped = txn.dropTable(name);
      txn.commit();
      return dropped;
    }
  }

  @Override
  public EngineReadTxn beginRead() {
    return new EngineReadTxn(handle, longSnapshot());
  }

  @Override
  public EngineWriteTxn beginWrite() {
    return beginWrite(handle.engine().options().durability());
  }

  @Override
  public EngineWriteTxn beginWrite(Durability durability) {
    Engine engine = writable();
    return new EngineWriteTxn(
        handle, engine.beginWrite(durability, engine.options().lockTimeout()));
  }

  private Engine writable() {
    Engine engine = handle.engine();
    if (engine.options().readOnly()) {
      throw new IllegalStateException("the store was opened read-only");
    }
    return engine;
  }

  /// A snapshot for one read, to be ended by the caller.
  Snapshot snapshot() {
    return handle.engine().beginRead();
  }

  /// A snapshot that may last: it says since when it is there.
  private Snapshot longSnapshot() {
    Snapshot snapshot = snapshot();
    snapshot.noteSince(System.currentTimeMillis());
    return snapshot;
  }

  @Override
  public Changes diff(ReadTxn older, ReadTxn newer, ChangeScope scope) {
    EngineReadTxn before = ownSnapshot(older);
    EngineReadTxn after = ownSnapshot(newer);
    if (before.id() > after.id()) {
      throw new IllegalArgumentException(
          "the older snapshot is that of transaction "
              + before.id()
              + ", the newer one that of "
              + after.id()
              + ": exchange them");
    }
    return new EngineChanges(
        diff(before.snapshot(), after.snapshot(), scope),
        after.snapshot(),
        () -> {
          before.snapshot();
          after.snapshot();
        },
        () -> {});
  }

  static SnapshotDiff diff(Snapshot older, Snapshot newer, ChangeScope scope) {
    try {
      SnapshotDiff diff =
          new SnapshotDiff(
              older, older.catalogueRef(), newer, newer.catalogueRef(), scope.forDiff());
      PendingFault.raise();
      return diff;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(newer, e);
    }
  }

  /// The snapshot, which must be one of this store.
  private EngineReadTxn ownSnapshot(ReadTxn txn) {
    if (!(txn instanceof EngineReadTxn snapshot)) {
      throw new IllegalArgumentException(
          "only snapshots can be compared: begin one with beginRead of this store");
    }
    if (!snapshot.isOf(handle.engine())) {
      throw new IllegalArgumentException("the snapshot is one of another store");
    }
    return snapshot;
  }

  @Override
  public Watch watch(ChangeScope scope) {
    return new EngineWatch(new SnapshotFollower(handle, longSnapshot()), scope);
  }

  @Override
  public Watch watch(ReadTxn from, ChangeScope scope) {
    Snapshot seen = ownSnapshot(from).giveAway();
    return new EngineWatch(new SnapshotFollower(handle, seen), scope);
  }

  @Override
  public StoreLock lock(String name) {
    writable();
    return new EngineLock(name, locks.lock(EngineLock.encode(name)));
  }

  @Override
  public void checkpoint() {
    handle.engine().checkpoint();
  }

  @Override
  public long backup(Path directory) {
    return StoreCopy.toDirectory(handle.engine(), directory);
  }

  @Override
  public long backup(WritableByteChannel channel) {
    return StoreCopy.toChannel(handle.engine(), channel);
  }

  @Override
  public long backup(Path increment, List<Path> since) {
    return IncrementCopy.toFile(handle.engine(), increment, since);
  }

  @Override
  public CompactionProgress compact(int pages) {
    if (pages < 1) {
      throw new IllegalArgumentException("a step of " + pages + " pages; at least 1");
    }
    CompactionStep step = writable().compactStep(LEAST_GAIN_PAGES, pages);
    return new CompactionProgress(step.movedPages(), step.last(), step.fileSizeBytes());
  }

  @Override
  public CheckReport check() {
    return check(_ -> {});
  }

  @Override
  public CheckReport check(LongConsumer progress) {
    IntegrityChecker.Report report = IntegrityChecker.check(handle.engine(), progress);
    List<Violation> damage = new ArrayList<>(report.violations());
    damage.removeAll(report.leaks());
    return new CheckReport(
        report.pages(), report.entries(), damage, report.leaks(), report.notes());
  }

  @Override
  public StoreStats stats() {
    EngineStats stats = handle.engine().stats();
    return new StoreStats(
        stats.txnId(),
        stats.durableTxnId(),
        stats.pageSizeBytes(),
        stats.fileSizeBytes(),
        stats.mappedBytes(),
        stats.usedPages(),
        stats.livePages(),
        stats.freePages(),
        stats.pendingPages(),
        stats.ringSizeBytes(),
        stats.ringUsedBytes(),
        stats.readers(),
        stats.commits(),
        stats.checkpoints(),
        stats.syncs(),
        stats.ringFullWaits(),
        stats.poisoned(),
        stats.behind(),
        stats.isNew());
  }

  @Override
  public StoreActivity activity() {
    Engine engine = handle.engine();
    return ActivityReport.of(engine.activity(), engine.stats().pageSizeBytes());
  }

  @Override
  public boolean isOpen() {
    return handle.isOpen();
  }

  @Override
  public void close() {
    locks.releaseAll();
    handle.close();
  }
}
