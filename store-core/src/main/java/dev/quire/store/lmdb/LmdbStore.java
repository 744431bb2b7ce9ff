package dev.quire.store.lmdb;

import dev.quire.store.ChangeScope;
import dev.quire.store.Changes;
import dev.quire.store.CheckReport;
import dev.quire.store.CompactionProgress;
import dev.quire.store.Cursor;
import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.StoreActivity;
import dev.quire.store.StoreLock;
import dev.quire.store.StoreStats;
import dev.quire.store.Table;
import dev.quire.store.TableCodecs;
import dev.quire.store.TableOptions;
import dev.quire.store.TableStats;
import dev.quire.store.TxnAction;
import dev.quire.store.TxnFunction;
import dev.quire.store.Watch;
import dev.quire.store.WriteTxn;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.Violation;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.CopyFlags;
import org.lmdbjava.Dbi;
import org.lmdbjava.EnvInfo;
import org.lmdbjava.LmdbException;

/// A store whose engine is LMDB.
@SuppressWarnings({"overloads", "FunctionalInterfaceClash"}) // as in Store
final class LmdbStore implements Store {

  /// Superblocks of LMDB.
  private static final int META_PAGES = 2;

  private final LmdbEnvironment environment;
  private final LmdbOpening opening;

  LmdbStore(LmdbEnvironment environment, LmdbOpening opening) {
    this.environment = environment;
    this.opening = opening;
  }

  static LmdbStore open(Path directory, StoreOptions options) {
    return new LmdbOpening(directory, options, LmdbOpening.FIRST_MAP_BYTES).open();
  }

  /// LMDB's unnamed database, for what is no store of this backend in the end.
  Dbi<MemorySegment> unnamed() {
    return environment.unnamed();
  }

  // -- tables -------------------------------------------------------------------------------------

  @Override
  public Table table(String name) {
    environment.requireOpen();
    return new LmdbStoreTable(this, name);
  }

  @Override
  public Table table(String name, TableOptions options) {
    LmdbCatalogue.requireSupported(options);
    LmdbStoreTable table = new LmdbStoreTable(this, name);
    TableStats existing = table.stats();
    if (existing == null || !existing.options().equals(options)) {
      write(
          txn -> {
            Table _ = txn.table(name, options);
          });
    }
    return table;
  }

  @Override
  public @Nullable TableCodecs codecs(String name) {
    try (LmdbReadTxn txn = beginRead()) {
      return LmdbCodecs.find(txn, name);
    }
  }

  @Override
  public @Nullable TableCodecs useCodecs(String name, TableOptions options, TableCodecs codecs) {
    TableCodecs found = codecs(name);
    if (found != null || environment.options().readOnly()) {
      return found;
    }
    write(
        txn -> {
          LmdbCodecs.give((LmdbWriteTxn) txn, name, options, codecs);
        });
    return codecs(name);
  }

  @Override
  public List<String> tables() {
    try (LmdbReadTxn txn = beginRead()) {
      return txn.tables();
    }
  }

  @Override
  public boolean dropTable(String name) {
    return write(txn -> txn.dropTable(name));
  }

  // -- transactions -------------------------------------------------------------------------------

  /// Does `work` again, in a larger map, as often as the map was full.
  @Override
  public <T extends @Nullable Object, X extends Exception> T write(
      TxnFunction<? super WriteTxn, T, X> work) throws X {
    while (true) {
      LmdbWriteTxn txn = beginWrite();
      try (txn) {
        T result = work.apply(txn);
        if (txn.isOpen()) {
          txn.commit();
        }
        return result;
      } catch (StoreFullException e) {
        if (!txn.isOutOfRoom()) {
          throw e;
        }
      }
    }
  }

  /// Does `work` again, in a larger map, as often as the map was full.
  @Override
  public <X extends Exception> void write(TxnAction<? super WriteTxn, X> work) throws X {
    TxnFunction<WriteTxn, Boolean, X> function =
        txn -> {
          work.run(txn);
          return true;
        };
    boolean _ = write(function);
  }

  @Override
  public LmdbReadTxn beginRead() {
    return environment.beginRead();
  }

  @Override
  public LmdbWriteTxn beginWrite() {
    return beginWrite(environment.options().durability());
  }

  @Override
  public LmdbWriteTxn beginWrite(Durability durability) {
    requireWritable();
    Durability own = environment.options().durability();
    if (durability.equals(Durability.CHECKPOINT) && !own.equals(Durability.CHECKPOINT)) {
      throw new IllegalArgumentException(
          "a transaction of " + durability + " needs a store opened with it, not with " + own);
    }
    return environment.beginWrite(durability);
  }

  private void requireWritable() {
    environment.requireOpen();
    if (environment.options().readOnly()) {
      throw new IllegalStateException("the store was opened read-only");
    }
  }

  // -- what LMDB cannot do ------------------------------------------------------------------------

  @Override
  public Changes diff(ReadTxn older, ReadTxn newer, ChangeScope scope) {
    throw unsupported("LMDB cannot compare snapshots: it keeps nothing that tells their changes");
  }

  @Override
  public Watch watch(ChangeScope scope) {
    throw unsupported("LMDB cannot be watched: it cannot compare snapshots");
  }

  @Override
  public Watch watch(ReadTxn from, ChangeScope scope) {
    throw unsupported("LMDB cannot be watched: it cannot compare snapshots");
  }

  @Override
  public StoreLock lock(String name) {
    throw unsupported("LMDB has no named locks: it does not know which processes live");
  }

  @Override
  public long backup(WritableByteChannel channel) {
    throw unsupported("LMDB copies itself to a directory only");
  }

  @Override
  public long backup(Path increment, List<Path> since) {
    throw unsupported("LMDB has no incremental backups: it cannot compare snapshots");
  }

  @Override
  public CompactionProgress compact(int pages) {
    throw unsupported("LMDB cannot shrink an open environment: its backup is compact");
  }

  @Override
  public StoreActivity activity() {
    throw unsupported("LMDB does not count what its processes do");
  }

  private static UnsupportedOperationException unsupported(String reason) {
    return new UnsupportedOperationException(reason);
  }

  // -- care ---------------------------------------------------------------------------------------

  @Override
  public void checkpoint() {
    environment.requireOpen();
    if (!environment.options().readOnly()) {
      environment.sync();
    }
  }

  /// Makes LMDB's compacted copy. Writers of all processes wait meanwhile.
  @Override
  public long backup(Path directory) {
    try (LmdbWriteTxn txn = beginWrite()) {
      LmdbOpening.makeDirectory(directory);
      environment.env().copy(directory.toFile(), CopyFlags.MDB_CP_COMPACT);
      return txn.id() - 1;
    } catch (LmdbException e) {
      throw LmdbFailures.translate("back up to " + directory, e);
    }
  }

  /// Walks all tables and compares what is there with what LMDB counted. LMDB has no checksums.
  @Override
  public CheckReport check() {
    Map<String, Long> entries = new HashMap<>();
    List<Violation> damage = new ArrayList<>();
    long branches = 0;
    long leaves = 0;
    long overflow = 0;
    try (LmdbReadTxn txn = beginRead()) {
      for (String name : txn.tables()) {
        TableStats stats = txn.table(name).stats();
        if (stats != null) {
          long found = walk(txn.table(name), name, damage);
          if (found != stats.entries()) {
            damage.add(
                new Violation(
                    -1,
                    stats.entries() + " entries in table \"" + name + "\"",
                    Long.toString(found)));
          }
          entries.put(name, found);
          branches += stats.branchPages();
          leaves += stats.leafPages();
          overflow += stats.overflowPages();
        }
      }
    }
    return new CheckReport(
        Map.of("branch", branches, "leaf", leaves, "overflow", overflow),
        entries,
        damage,
        List.of(),
        List.of("LMDB has no checksums: bytes of values are not verified"));
  }

  private static long walk(Table table, String name, List<Violation> damage) {
    long found = 0;
    byte[] previous = {};
    try (Cursor cursor = table.cursor()) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (found > 0 && Arrays.compareUnsigned(previous, key) >= 0) {
          damage.add(new Violation(-1, "ascending keys in table \"" + name + "\"", "a lesser key"));
        }
        previous = key;
        found++;
      }
    }
    return found;
  }

  @Override
  public StoreStats stats() {
    int snapshots = environment.readers();
    try (LmdbReadTxn txn = beginRead()) {
      long live = META_PAGES;
      for (String name : txn.tables()) {
        TableStats stats = txn.table(name).stats();
        live += stats == null ? 0 : stats.pages();
      }
      long pages = live;
      return txn.call(() -> stats(txn, pages, snapshots));
    }
  }

  private StoreStats stats(LmdbReadTxn txn, long live, int snapshots) {
    EnvInfo info = environment.env().info();
    int pageSize = environment.unnamed().stat(txn.current()).pageSize;
    long used = info.lastPageNumber + 1;
    long txnId = txn.current().getId();
    return new StoreStats(
        txnId,
        environment.isSynced() ? txnId : 0,
        pageSize,
        used * pageSize,
        info.mapSize,
        used,
        live,
        Math.max(0, used - live),
        0,
        0,
        0,
        snapshots,
        environment.commits(),
        0,
        0,
        0,
        false,
        false,
        opening.isNew());
  }

  @Override
  public boolean isOpen() {
    return environment.isOpen();
  }

  @Override
  public void close() {
    environment.close();
    opening.close();
  }
}
