package dev.quire.store.lmdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import dev.quire.store.errors.CommitInDoubtException;
import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.lmdb.LmdbCatalogue.Handle;
import dev.quire.store.options.Durability;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.PutFlags;
import org.lmdbjava.Txn;

/// A write transaction of LMDB. Savepoints are transactions nested in it.
///
/// A dropped table is emptied at once, and its database dropped by the commit: until then others
/// begin snapshots in which it exists, and need its handle.
final class LmdbWriteTxn extends LmdbTxn implements WriteTxn {

  private static final byte[] INTEGER_KEYS = {1};

  private final Thread owner = Thread.currentThread();
  private final ChangeableViews views = new ChangeableViews();
  private final Durability durability;
  private final LmdbCatalogue catalogue;

  /// The levels around the current one; the outermost first.
  private final List<LmdbLevel> outer = new ArrayList<>();

  private final List<LmdbSavepoint> savepoints = new ArrayList<>();
  private LmdbLevel level;
  private long version;
  private boolean ended;
  private boolean outOfRoom;

  LmdbWriteTxn(
      LmdbEnvironment environment,
      Txn<MemorySegment> txn,
      MemorySegment keyMemory,
      LmdbCatalogue catalogue,
      Durability durability) {
    super(environment, keyMemory);
    this.catalogue = catalogue;
    this.durability = durability;
    this.level = new LmdbLevel(txn, catalogue.copy(), Map.of(), false, false);
  }

  boolean isOwned() {
    return owner.equals(Thread.currentThread());
  }

  /// Whether the transaction failed because the map was full: another one will have more room.
  boolean isOutOfRoom() {
    return outOfRoom;
  }

  private void requireOwner() {
    if (!isOwned()) {
      throw new IllegalStateException(
          "the write transaction belongs to thread \""
              + owner.getName()
              + "\": only that thread can use and end it");
    }
  }

  @Override
  void requireOpen() {
    if (ended) {
      throw new IllegalStateException("the write transaction has ended");
    }
    requireOwner();
    environment().requireOpen();
  }

  @Override
  Txn<MemorySegment> current() {
    return level.txn();
  }

  @Override
  @Nullable Handle find(String name) {
    Handle found = level.tables().get(name);
    return found == null ? null : found.require(name);
  }

  @Override
  long version() {
    return version;
  }

  @Override
  MemorySegment view(MemorySegment value) {
    return views.view(value);
  }

  @Override
  LmdbWriteTxn toChange(String method, String table) {
    requireOpen();
    return this;
  }

  /// Changes something: what was seen before is not valid any more.
  <T extends @Nullable Object> T change(Supplier<T> work) {
    return call(
        () -> {
          views.end();
          version++;
          return work.get();
        });
  }

  /// Notes that the transaction has an effect.
  void markChanged() {
    level = level.afterChange();
  }

  @Override
  RuntimeException failed(RuntimeException thrown) {
    int code = LmdbFailures.codeOf(thrown);
    if (code == LmdbFailures.MAP_FULL || (outOfRoom && code == LmdbFailures.BAD_TXN)) {
      outOfRoom = true;
      environment().map().noteFull();
      return new StoreFullException(
          "the map of "
              + environment().map().bytes()
              + " bytes is full: close the transaction; the next one has twice as much",
          thrown);
    }
    return super.failed(thrown);
  }

  // -- tables -------------------------------------------------------------------------------------

  @Override
  public long id() {
    return call(() -> outermost().getId());
  }

  private Txn<MemorySegment> outermost() {
    return outer.isEmpty() ? level.txn() : outer.getFirst().txn();
  }

  @Override
  public LmdbTxnTable table(String name) {
    return call(() -> new LmdbTxnTable(this, name));
  }

  @Override
  public LmdbTxnTable table(String name, TableOptions options) {
    LmdbCatalogue.requireSupported(options);
    LmdbTxnTable table = table(name);
    return change(
        () -> {
          Handle found = find(name);
          if (found == null) {
            Handle _ = create(name, options.integerKeys());
          } else {
            found.requireOptions(name, options);
          }
          return table;
        });
  }

  @Override
  public List<String> tables() {
    return call(() -> LmdbCatalogue.names(level.tables().keySet()));
  }

  /// Makes a table.
  Handle create(String name, boolean integerKeys) {
    Handle old = level.emptied().get(name);
    Handle made = (old == null ? open(name) : old).withIntegerKeys(integerKeys);
    level = level.with(name, made);
    if (integerKeys) {
      Handle options = level.tables().get(LmdbCatalogue.OPTIONS);
      if (options == null) {
        options = create(LmdbCatalogue.OPTIONS, false);
      }
      write(options, name.getBytes(UTF_8), INTEGER_KEYS);
    }
    return made;
  }

  private Handle open(String name) {
    environment().forget(name);
    return new Handle(
        environment()
            .env()
            .openDbi(level.txn(), name.getBytes(UTF_8), null, false, DbiFlags.MDB_CREATE),
        false,
        List.of());
  }

  /// Puts an entry into a database.
  void write(Handle handle, byte[] key, byte[] value, PutFlags... flags) {
    MemorySegment room = handle.dbi().reserve(level.txn(), key(key), value.length, flags);
    MemorySegment.copy(value, 0, room, ValueLayout.JAVA_BYTE, 0, value.length);
    markChanged();
  }

  /// Room for a value, to be filled before the next change.
  MemorySegment reserve(Handle handle, byte[] key, int length) {
    markChanged();
    return handle.dbi().reserve(level.txn(), key(key), length);
  }

  /// Deletes all entries of a database.
  void empty(Handle handle) {
    endCursors();
    handle.dbi().drop(level.txn(), false);
    markChanged();
  }

  @Override
  public boolean dropTable(String name) {
    byte[] encoded = LmdbKeys.encodeName(name);
    return change(
        () -> {
          Handle dropped = level.tables().get(name);
          if (dropped == null) {
            return false;
          }
          endCursors();
          dropped.dbi().drop(level.txn(), false);
          for (String own : List.of(LmdbCatalogue.OPTIONS, LmdbCodecs.DATABASE)) {
            Handle known = level.tables().get(own);
            boolean _ = known != null && known.dbi().delete(level.txn(), key(encoded));
          }
          level = level.without(name, dropped);
          return true;
        });
  }

  // -- savepoints ---------------------------------------------------------------------------------

  @Override
  public LmdbSavepoint savepoint() {
    return change(
        () -> {
          endCursors();
          Txn<MemorySegment> nested = environment().env().txn(level.txn());
          outer.add(level);
          level = level.within(nested);
          LmdbSavepoint savepoint = new LmdbSavepoint(this);
          savepoints.add(savepoint);
          return savepoint;
        });
  }

  boolean isOpen(LmdbSavepoint savepoint) {
    return isOpen() && savepoints.contains(savepoint);
  }

  /// Ends a savepoint and those inside it.
  ///
  /// @param keep whether what was done since then stays
  void end(LmdbSavepoint savepoint, boolean keep) {
    change(
        () -> {
          int index = savepoints.indexOf(savepoint);
          if (index < 0) {
            throw new IllegalStateException("the savepoint has ended");
          }
          endCursors();
          while (savepoints.size() > index) {
            endInnermost(keep);
          }
          return true;
        });
  }

  private void endInnermost(boolean keep) {
    LmdbLevel inner = level;
    LmdbLevel around = outer.removeLast();
    savepoints.removeLast();
    if (keep) {
      level = inner.within(around.txn());
      inner.txn().commit();
    } else {
      level = around;
    }
    inner.txn().close();
  }

  // -- end ----------------------------------------------------------------------------------------

  @Override
  public void commit() {
    call(
        () -> {
          finish();
          return true;
        });
  }

  private void finish() {
    views.end();
    endCursors();
    boolean failed = true;
    try {
      while (!savepoints.isEmpty()) {
        endInnermost(true);
      }
      failed = false;
    } finally {
      ended = true;
      if (failed) {
        undo();
      }
    }
    boolean sync = needsSync();
    try {
      if (level.structural()) {
        environment().commitStructure(level.txn(), level.tables(), level.emptied(), sync);
      } else {
        environment().commit(level.txn(), catalogue, level.changed(), sync);
      }
    } catch (RuntimeException e) {
      RuntimeException failure = failed(e);
      if (failure instanceof StoreIoException) {
        throw new CommitInDoubtException(
            "LMDB could not write or sync the commit: " + failure.getMessage(), failure);
      }
      throw failure;
    }
  }

  /// Whether LMDB itself syncs less than this transaction wants.
  private boolean needsSync() {
    return durability.equals(Durability.SYNC)
        && !environment().options().durability().equals(Durability.SYNC);
  }

  @Override
  public void rollback() {
    call(
        () -> {
          end();
          return true;
        });
  }

  @Override
  public boolean isOpen() {
    return !ended && environment().isOpen();
  }

  @Override
  public void close() {
    if (!ended) {
      requireOwner();
      end();
    }
  }

  private void end() {
    views.end();
    endCursors();
    ended = true;
    undo();
  }

  private void undo() {
    for (int i = outer.size(); i > 0; i--) {
      level.txn().close();
      level = outer.removeLast();
    }
    savepoints.clear();
    environment().rollback(level.txn());
  }
}
