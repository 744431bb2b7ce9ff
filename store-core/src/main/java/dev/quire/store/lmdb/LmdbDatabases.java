package dev.quire.store.lmdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.lmdb.LmdbCatalogue.Handle;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/// The handles of named databases that this process has open, and the tables of the newest commit
/// that it knows. Handles change under the environment's structure lock alone.
final class LmdbDatabases {

  /// What the newest known commit holds.
  private record Known(long txnId, LmdbCatalogue catalogue) {}

  private final Env<MemorySegment> env;
  private final Dbi<MemorySegment> unnamed;
  private final Map<String, Handle> handles = new ConcurrentHashMap<>();
  private final AtomicLong opened = new AtomicLong();
  private volatile Known known = new Known(-1, LmdbCatalogue.EMPTY);

  LmdbDatabases(Env<MemorySegment> env) {
    this.env = env;
    this.unnamed = env.openDbi((byte[]) null);
  }

  Dbi<MemorySegment> unnamed() {
    return unnamed;
  }

  /// How many handles were opened up to now: a transaction can use those opened before it began.
  long opened() {
    return opened.get();
  }

  /// The catalogue of a transaction, or null if a database in it has no handle yet.
  @Nullable LmdbCatalogue catalogueOf(Txn<MemorySegment> txn) {
    Known newest = known;
    long id = txn.getId();
    if (newest.txnId == id) {
      return newest.catalogue;
    }
    LmdbCatalogue read = LmdbCatalogue.read(txn, unnamed, handles::get);
    if (read != null && txn.isReadOnly()) {
      learn(id, read);
    }
    return read;
  }

  /// Notes what a commit holds, if it is the newest one.
  void learn(long txnId, LmdbCatalogue catalogue) {
    synchronized (this) {
      if (txnId > known.txnId) {
        known = new Known(txnId, catalogue);
      }
    }
  }

  /// Opens a handle of each database that has none.
  void openAll() {
    Map<String, Handle> found = new ConcurrentHashMap<>();
    try (Txn<MemorySegment> txn = env.txnRead()) {
      for (String name : LmdbCatalogue.databases(txn, unnamed)) {
        if (!handles.containsKey(name)) {
          found.put(name, open(txn, name));
        }
      }
      txn.commit();
    }
    handles.putAll(found);
    opened.addAndGet(found.size());
  }

  private Handle open(Txn<MemorySegment> txn, String name) {
    try {
      Dbi<MemorySegment> dbi = env.openDbi(txn, name.getBytes(UTF_8), null, false);
      List<DbiFlags> flags = new ArrayList<>(dbi.listFlags(txn));
      flags.remove(DbiFlags.MDB_CREATE);
      return new Handle(dbi, false, List.copyOf(flags));
    } catch (Dbi.IncompatibleException e) {
      throw LmdbCatalogue.notATable(name);
    }
  }

  /// Takes over the handles that a committed transaction has opened.
  void add(Map<String, Handle> tables) {
    handles.putAll(tables);
  }

  /// Drops databases, as a part of a transaction that is about to be committed. LMDB closes their
  /// handles for all; snapshots that have loaded their records need them no more.
  void drop(Txn<MemorySegment> txn, Map<String, Handle> drops, Set<LmdbReadTxn> snapshots) {
    for (LmdbReadTxn snapshot : snapshots) {
      snapshot.load(drops.keySet());
    }
    for (Map.Entry<String, Handle> dropped : drops.entrySet()) {
      Handle _ = handles.remove(dropped.getKey());
      dropped.getValue().dbi().drop(txn, true);
    }
  }

  /// Closes the handle of a database that another process has dropped.
  void forget(String name, Set<LmdbReadTxn> snapshots) {
    Handle stale = handles.remove(name);
    if (stale != null) {
      for (LmdbReadTxn snapshot : snapshots) {
        snapshot.load(Set.of(name));
      }
      stale.dbi().close();
    }
  }
}
