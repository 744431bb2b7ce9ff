package dev.quire.store.lmdb;

import dev.quire.store.lmdb.IdleReaders.NativeReader;
import dev.quire.store.lmdb.LmdbCatalogue.Handle;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Stat;
import org.lmdbjava.Txn;

/// A snapshot of LMDB. Opened with `MDB_NOTLS`, it belongs to no thread.
final class LmdbReadTxn extends LmdbTxn {

  private final NativeReader reader;
  private final LmdbCatalogue catalogue;

  /// Under the lock.
  private boolean ended;

  LmdbReadTxn(LmdbEnvironment environment, NativeReader reader, LmdbCatalogue catalogue) {
    super(environment, reader.key());
    this.reader = reader;
    this.catalogue = catalogue;
  }

  @Override
  void requireOpen() {
    environment().requireOpen();
    if (ended) {
      throw new IllegalStateException("the read transaction is closed");
    }
  }

  @Override
  Txn<MemorySegment> current() {
    return reader.txn();
  }

  @Override
  @Nullable Handle find(String name) {
    Handle found = catalogue.find(name);
    return found == null ? null : found.require(name);
  }

  @Override
  long version() {
    return 0;
  }

  @Override
  MemorySegment view(MemorySegment value) {
    return SegmentProxy.view(value, environment().map().lifetime());
  }

  @Override
  LmdbWriteTxn toChange(String method, String table) {
    call(() -> true);
    throw new IllegalStateException(
        method
            + " on table \""
            + table
            + "\" of a read transaction: begin a write transaction instead");
  }

  @Override
  public long id() {
    return call(() -> reader.txn().getId());
  }

  @Override
  public LmdbTxnTable table(String name) {
    return call(() -> new LmdbTxnTable(this, name));
  }

  @Override
  public List<String> tables() {
    return call(catalogue::names);
  }

  /// Lets LMDB load its records of databases that are about to be dropped: later it could not.
  void load(Set<String> names) {
    lock().lock();
    try {
      if (!ended) {
        for (String name : names) {
          Handle handle = catalogue.find(name);
          if (handle != null) {
            Stat _ = handle.dbi().stat(reader.txn());
          }
        }
      }
    } finally {
      lock().unlock();
    }
  }

  @Override
  public boolean isOpen() {
    lock().lock();
    try {
      return !ended && environment().isOpen();
    } finally {
      lock().unlock();
    }
  }

  @Override
  public void close() {
    lock().lock();
    try {
      if (!ended) {
        end();
        environment().end(this, reader);
      }
    } finally {
      lock().unlock();
    }
  }

  /// Ends the transaction because the store is closed.
  void endForClose() {
    lock().lock();
    try {
      if (!ended) {
        end();
        reader.txn().close();
      }
    } finally {
      lock().unlock();
    }
  }

  private void end() {
    ended = true;
    endCursors();
  }
}
