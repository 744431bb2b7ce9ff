package dev.quire.store;

import dev.quire.store.internal.inspect.IntegrityChecker;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineHandle;
import dev.quire.store.internal.txn.EngineStats;
import dev.quire.store.internal.txn.Snapshot;
import dev.quire.store.options.Durability;
import java.util.List;

/// A store of the engine.
sealed class EngineStore implements Store permits EngineTemporaryStore {

  private final EngineHandle handle;

  EngineStore(Engine engine) {
    this.handle = new EngineHandle(engine);
  }

  @Override
  public Table table(String name) {
    return new StoreTable(this, name);
  }

  @Override
  public Table table(String name, TableOptions options) {
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
    return new EngineReadTxn(handle, handle.engine().beginRead());
  }

  @Override
  public EngineWriteTxn beginWrite() {
    return beginWrite(handle.engine().options().durability());
  }

  @Override
  public EngineWriteTxn beginWrite(Durability durability) {
    Engine engine = handle.engine();
    if (engine.options().readOnly()) {
      throw new IllegalStateException("the store was opened read-only");
    }
    return new EngineWriteTxn(
        handle, engine.beginWrite(durability, engine.options().lockTimeout()));
  }

  /// A snapshot for one read, to be ended by the caller.
  Snapshot snapshot() {
    return handle.engine().beginRead();
  }

  @Override
  public void checkpoint() {
    handle.engine().checkpoint();
  }

  @Override
  public CheckReport check() {
    IntegrityChecker.Report report = IntegrityChecker.check(handle.engine());
    return new CheckReport(report.pages(), report.entries(), report.violations(), report.notes());
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
        stats.poisoned());
  }

  @Override
  public boolean isOpen() {
    return handle.isOpen();
  }

  @Override
  public void close() {
    handle.close();
  }
}
