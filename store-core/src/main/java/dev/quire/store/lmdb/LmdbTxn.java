package dev.quire.store.lmdb;

import dev.quire.store.ReadTxn;
import dev.quire.store.lmdb.LmdbCatalogue.Handle;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Txn;

/// A transaction of LMDB and its life. Every call of LMDB is made under its lock, so that it does
/// not end in the middle of one.
abstract sealed class LmdbTxn implements ReadTxn permits LmdbReadTxn, LmdbWriteTxn {

  private final ReentrantLock lock = new ReentrantLock();
  private final LmdbEnvironment environment;
  private final MemorySegment keyMemory;
  private final Set<LmdbCursor> cursors = new HashSet<>();

  LmdbTxn(LmdbEnvironment environment, MemorySegment keyMemory) {
    this.environment = environment;
    this.keyMemory = keyMemory;
  }

  final LmdbEnvironment environment() {
    return environment;
  }

  final ReentrantLock lock() {
    return lock;
  }

  /// @throws IllegalStateException if the transaction or the store is closed, or this is not the
  ///   transaction's thread
  abstract void requireOpen();

  /// The native transaction in which things are done now.
  abstract Txn<MemorySegment> current();

  /// The table of a name, or null if there is none.
  abstract @Nullable Handle find(String name);

  /// Changes whenever an entry does; a cursor then has to find its place anew.
  abstract long version();

  /// What LMDB gave, as a view that lives as long as it may be read.
  abstract MemorySegment view(MemorySegment value);

  /// Keeps a cursor until the transaction ends, which ends it.
  final void keep(LmdbCursor cursor) {
    cursors.add(cursor);
  }

  final void forget(LmdbCursor cursor) {
    cursors.remove(cursor);
  }

  /// Ends what the cursors have in LMDB.
  final void endCursors() {
    for (LmdbCursor cursor : cursors) {
      cursor.closeNative();
    }
  }

  /// The transaction itself, if it can change something.
  ///
  /// @throws IllegalStateException if it cannot
  abstract LmdbWriteTxn toChange(String method, String table);

  /// Does something with LMDB.
  final <T extends @Nullable Object> T call(Supplier<T> work) {
    lock.lock();
    try {
      requireOpen();
      return work.get();
    } catch (RuntimeException e) {
      throw failed(e);
    } finally {
      lock.unlock();
    }
  }

  /// What a failure is to the caller.
  RuntimeException failed(RuntimeException thrown) {
    return LmdbFailures.translate("LMDB", thrown);
  }

  /// A key in memory that LMDB can read, until the next one.
  final MemorySegment key(byte[] key, int length) {
    MemorySegment.copy(key, 0, keyMemory, ValueLayout.JAVA_BYTE, 0, length);
    return keyMemory.asSlice(0, length);
  }

  final MemorySegment key(byte[] key) {
    return key(key, key.length);
  }

  @Override
  public abstract LmdbTxnTable table(String name);

  @Override
  public abstract List<String> tables();
}
