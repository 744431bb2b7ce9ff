package dev.quire.store.lmdb;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreLockedException;
import dev.quire.store.lmdb.IdleReaders.NativeReader;
import dev.quire.store.lmdb.LmdbCatalogue.Handle;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/// An open LMDB environment, and what LMDB leaves to its users:
///
/// - A database handle is opened while no transaction of this process is being begun, and before
///   the transaction that uses it. A transaction begins anew if its snapshot has a database without
///   a handle, as after another process has made one.
/// - A database is dropped in the moment of the commit, after every open snapshot has loaded its
///   own record of it: LMDB closes the handle for all.
/// - The map is made larger while no transaction of this process is open.
/// - Nothing of LMDB is called once it is closed: every call is made under its transaction's lock,
///   and closing ends the transactions first. Views have the lifetime of the map.
///
/// Lock order: turn, `structure`, lock of a transaction.
final class LmdbEnvironment {

  /// What is looked for again while snapshots hold the map.
  private static final long DRAIN_PAUSE_NANOS = 200_000;

  private final Env<MemorySegment> env;
  private final LmdbDatabases databases;
  private final LmdbMap map;
  private final StoreOptions options;
  private final WriterThread writerThread;
  private final WriterTurn turn = new WriterTurn();

  /// Shared to begin a transaction; alone to open or drop databases, to change the map, to close.
  private final ReentrantReadWriteLock structure = new ReentrantReadWriteLock();

  private final Set<LmdbReadTxn> readers = ConcurrentHashMap.newKeySet();
  private final IdleReaders idle;
  private final MemorySegment writerKey = IdleReaders.newKeyMemory();
  private final AtomicLong commits = new AtomicLong();
  private volatile @Nullable LmdbWriteTxn writer;
  private volatile boolean unsynced;
  private volatile boolean closed;

  LmdbEnvironment(Env<MemorySegment> env, StoreOptions options, long mapBytes) {
    this.env = env;
    this.options = options;
    this.map = new LmdbMap(env, mapBytes);
    this.databases = new LmdbDatabases(env);
    this.idle = new IdleReaders(env);
    this.writerThread = new WriterThread(env);
  }

  Env<MemorySegment> env() {
    return env;
  }

  Dbi<MemorySegment> unnamed() {
    return databases.unnamed();
  }

  StoreOptions options() {
    return options;
  }

  boolean isOpen() {
    return !closed;
  }

  int readers() {
    return readers.size();
  }

  long commits() {
    return commits.get();
  }

  LmdbMap map() {
    return map;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  // -- snapshots ----------------------------------------------------------------------------------

  LmdbReadTxn beginRead() {
    while (true) {
      boolean resized = false;
      structure.readLock().lock();
      try {
        requireOpen();
        LmdbReadTxn txn = tryBeginRead();
        if (txn != null) {
          return txn;
        }
      } catch (RuntimeException e) {
        if (LmdbFailures.codeOf(e) != LmdbFailures.MAP_RESIZED) {
          throw LmdbFailures.translate("begin a snapshot", e);
        }
        resized = true;
      } finally {
        structure.readLock().unlock();
      }
      if (resized) {
        setMapSize(0);
      } else {
        openDatabases();
      }
    }
  }

  private @Nullable LmdbReadTxn tryBeginRead() {
    NativeReader reader = idle.take();
    LmdbCatalogue catalogue;
    try {
      catalogue = databases.catalogueOf(reader.txn());
    } catch (RuntimeException e) {
      reader.txn().close();
      throw e;
    }
    if (catalogue == null) {
      reader.txn().close();
      return null;
    }
    LmdbReadTxn begun = new LmdbReadTxn(this, reader, catalogue);
    readers.add(begun);
    return begun;
  }

  /// Ends a snapshot.
  void end(LmdbReadTxn ended, NativeReader reader) {
    idle.give(reader);
    readers.remove(ended);
  }

  /// Opens a handle of each database that has none.
  private void openDatabases() {
    structure.writeLock().lock();
    try {
      requireOpen();
      if (writer != null) {
        // Nothing was committed since that one began, which has opened all there is.
        return;
      }
      databases.openAll();
    } catch (RuntimeException e) {
      throw LmdbFailures.translate("open the databases", e);
    } finally {
      structure.writeLock().unlock();
    }
  }

  // -- write transactions -------------------------------------------------------------------------

  LmdbWriteTxn beginWrite(Durability durability) {
    requireOpen();
    turn.take(options.lockTimeout().toNanos());
    try {
      requireOpen();
      return begin(durability);
    } catch (RuntimeException | Error e) {
      turn.giveBack();
      throw e;
    }
  }

  private LmdbWriteTxn begin(Durability durability) {
    growIfFull();
    while (true) {
      long opened = databases.opened();
      Txn<MemorySegment> txn;
      try {
        txn = writerThread.begin(options.lockTimeout().toNanos());
      } catch (RuntimeException e) {
        if (LmdbFailures.codeOf(e) != LmdbFailures.MAP_RESIZED) {
          throw LmdbFailures.translate("begin a write transaction", e);
        }
        setMapSize(0);
        continue;
      }
      LmdbWriteTxn begun = tryBegin(txn, opened, durability);
      if (begun != null) {
        return begun;
      }
      writerThread.end(txn::close);
      if (opened == databases.opened()) {
        openDatabases();
      }
    }
  }

  private @Nullable LmdbWriteTxn tryBegin(
      Txn<MemorySegment> txn, long opened, Durability durability) {
    structure.readLock().lock();
    try {
      LmdbCatalogue catalogue = databases.catalogueOf(txn);
      if (catalogue == null || opened != databases.opened()) {
        return null;
      }
      LmdbWriteTxn begun = new LmdbWriteTxn(this, txn, writerKey, catalogue, durability);
      writer = begun;
      return begun;
    } catch (RuntimeException e) {
      writerThread.end(txn::close);
      throw LmdbFailures.translate("begin a write transaction", e);
    } finally {
      structure.readLock().unlock();
    }
  }

  /// Undoes a write transaction.
  void rollback(Txn<MemorySegment> txn) {
    try {
      writerThread.end(txn::close);
    } finally {
      writer = null;
      turn.giveBack();
    }
  }

  /// Commits a write transaction that has made or dropped no table.
  ///
  /// @param changed whether it has changed anything
  void commit(Txn<MemorySegment> txn, LmdbCatalogue catalogue, boolean changed, boolean sync) {
    try {
      long id = txn.getId();
      writerThread.commit(txn);
      if (changed) {
        databases.learn(id, catalogue);
        committed(sync);
      }
    } finally {
      writer = null;
      turn.giveBack();
    }
  }

  /// Commits a write transaction that has made or dropped tables.
  void commitStructure(
      Txn<MemorySegment> txn, Map<String, Handle> tables, Map<String, Handle> drops, boolean sync) {
    structure.writeLock().lock();
    try {
      long id = txn.getId();
      try {
        databases.drop(txn, drops, readers);
      } catch (RuntimeException e) {
        writerThread.end(txn::close);
        throw e;
      }
      writerThread.commit(txn);
      databases.add(tables);
      databases.learn(id, new LmdbCatalogue(Map.copyOf(tables)));
      committed(sync);
    } finally {
      writer = null;
      structure.writeLock().unlock();
      turn.giveBack();
    }
  }

  /// Closes the handle of a database that another process has dropped, so that it can be made anew.
  void forget(String name) {
    structure.writeLock().lock();
    try {
      databases.forget(name, readers);
    } finally {
      structure.writeLock().unlock();
    }
  }

  private void committed(boolean sync) {
    commits.incrementAndGet();
    unsynced = !options.durability().equals(Durability.SYNC);
    if (sync) {
      sync();
    }
  }

  /// Whether everything committed through this object is on the medium.
  boolean isSynced() {
    return !unsynced;
  }

  /// Brings what was committed to the medium.
  void sync() {
    unsynced = false;
    try {
      env.sync(true);
    } catch (RuntimeException e) {
      throw LmdbFailures.translate("sync", e);
    }
  }

  /// The same, if there is anything; for the thread that does it now and then.
  void syncIfNeeded() {
    structure.readLock().lock();
    try {
      if (!closed && unsynced) {
        sync();
      }
    } finally {
      structure.readLock().unlock();
    }
  }

  // -- the map ------------------------------------------------------------------------------------

  private void growIfFull() {
    if (map.isFull() || (readers.isEmpty() && map.isTight())) {
      setMapSize(map.bytes() * 2);
    }
  }

  /// Maps the file anew, when no snapshot of this process is open.
  ///
  /// @param newBytes size of the map, or 0 for what another process has made it
  private void setMapSize(long newBytes) {
    long end = System.nanoTime() + options.lockTimeout().toNanos();
    structure.writeLock().lock();
    try {
      requireOpen();
      while (!readers.isEmpty()) {
        if (System.nanoTime() - end > 0) {
          throw new StoreFullException(
              "the map of "
                  + map.bytes()
                  + " bytes is full, and cannot be made larger while "
                  + readers.size()
                  + " snapshots of this process are open: close them");
        }
        LockSupport.parkNanos(this, DRAIN_PAUSE_NANOS);
      }
      map.resize(newBytes);
    } catch (RuntimeException e) {
      throw LmdbFailures.translate("make the map larger", e);
    } finally {
      structure.writeLock().unlock();
    }
  }

  // -- life ---------------------------------------------------------------------------------------

  /// Ends everything; does nothing the second time.
  ///
  /// @throws StoreLockedException if another thread has a write transaction for too long: the
  ///   environment stays open
  void close() {
    if (closed) {
      return;
    }
    LmdbWriteTxn own = writer;
    if (own != null && own.isOwned()) {
      own.close();
    }
    turn.take(options.lockTimeout().toNanos());
    structure.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      if (!writerThread.close(options.lockTimeout().toNanos())) {
        throw new StoreLockedException("LMDB is still waiting for another process's transaction");
      }
      closed = true;
      for (LmdbReadTxn reader : readers) {
        reader.endForClose();
      }
      idle.close();
      map.close();
      if (unsynced && !options.durability().equals(Durability.SYNC)) {
        sync();
      }
      env.close();
    } finally {
      structure.writeLock().unlock();
      turn.giveBack();
    }
  }
}
