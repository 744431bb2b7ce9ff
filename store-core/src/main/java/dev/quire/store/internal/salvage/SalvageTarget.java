package dev.quire.store.internal.salvage;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.RedoOperation;
import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.page.PageAllocator.RunSource;
import dev.quire.store.internal.region.Directories;
import dev.quire.store.internal.tree.TreeCursor;
import dev.quire.store.internal.tree.TreeRange;
import dev.quire.store.internal.txn.CodecTable;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.Snapshot;
import dev.quire.store.internal.txn.TableSettings;
import dev.quire.store.internal.txn.TableTree;
import dev.quire.store.internal.txn.WriteSession;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The new store that is filled with what was saved. It gets its name when it is complete.
final class SalvageTarget implements AutoCloseable {

  private static final long TRANSACTION_BYTES = 16 << 20;

  private final Path directory;
  private final Path unfinished;
  private final StoreOptions options;
  private final Engine engine;
  private byte[] name = {};
  private TableSettings settings = TableSettings.plain(false);
  private @Nullable WriteSession session;
  private @Nullable TableTree table;
  private long bytes;

  /// @param options page size, ring size and checksums of the new store
  SalvageTarget(Path directory, StoreOptions options) {
    this.directory = place(directory);
    this.unfinished = this.directory.resolveSibling(this.directory.getFileName() + ".new");
    // What has expired is saved like anything: nothing expires while the clock stands at 0.
    this.options = options.withDurability(Durability.CHECKPOINT).withClock(() -> Instant.EPOCH);
    if (Files.exists(unfinished)) {
      throw new StoreIoException(unfinished + " exists; remove it first");
    }
    this.engine = Engine.open(unfinished, this.options);
  }

  /// Where the store is to lie, without links on the way: it is renamed in the place of what is
  /// there.
  private static Path place(Path named) {
    if (!Files.exists(named)) {
      if (Files.isSymbolicLink(named)) {
        throw new StoreIoException(
            named + " is a link to nothing; give a new or an empty directory");
      }
      return named.toAbsolutePath();
    }
    if (!Files.isDirectory(named)) {
      throw new StoreIoException(named + " is a file; give a new or an empty directory");
    }
    if (!Directories.names(named).isEmpty()) {
      throw new StoreIoException(named + " is not empty; give a new or an empty directory");
    }
    return Directories.realPath(named);
  }

  /// What follows are entries of this table.
  void begin(byte[] newName, TableSettings newSettings) {
    commit();
    name = newName;
    settings = newSettings;
    table();
  }

  /// Gives the table of the last [#begin] the codecs that another record says.
  void takeCodecs(TableRecord record) {
    TableTree current = table();
    WriteSession active = session;
    if (active != null) {
      CodecTable.copy(active, current, record);
    }
  }

  private TableTree table() {
    TableTree current = table;
    if (current == null) {
      WriteSession begun = engine.beginWrite(Durability.CHECKPOINT, options.lockTimeout());
      session = begun;
      current = begun.createTable(name, settings);
      table = current;
    }
    return current;
  }

  void put(PageEntry key, MemorySegment value, long offset, long length, long expiryMillis) {
    TableTree current = table();
    WriteSession active = session;
    if (active != null) {
      active.put(current, key.key, key.keyLength, value, offset, length, expiryMillis);
    }
    bytes += length;
    if (bytes > TRANSACTION_BYTES) {
      commit();
    }
  }

  /// Puts a long value, which is never in memory as a whole.
  void putLong(PageEntry key, RunSource source, long length, long expiryMillis) {
    TableTree current = table();
    WriteSession active = session;
    if (active != null) {
      active.putStream(current, key.key, key.keyLength, source, length, expiryMillis);
    }
    bytes += length;
    if (bytes > TRANSACTION_BYTES) {
      commit();
    }
  }

  /// Whether there is a table of this name.
  boolean hasTable(byte[] sought) {
    commit();
    return entriesOf(sought) >= 0;
  }

  /// Brings one operation of a log into the table of the last [#begin].
  void apply(MemorySegment log, long at, byte[] key) {
    TableTree current = table();
    WriteSession active = session;
    if (active == null) {
      return;
    }
    int valueLength = RedoOperation.valueLength(log, at);
    long value = at + RedoOperation.SIZE_BYTES + key.length;
    switch (RedoOperation.code(log, at)) {
      case RedoOperation.PUT -> {
        long expiry = RedoOperation.expiryMillis(log, at);
        active.put(current, key, key.length, log, value, valueLength, expiry);
        bytes += valueLength;
      }
      case RedoOperation.DELETE -> active.delete(current, key, key.length);
      case RedoOperation.DELETE_RANGE -> {
        byte[] upper = new byte[valueLength];
        MemorySegment.copy(log, JAVA_BYTE, value, upper, 0, valueLength);
        active.deleteRange(current, range(RedoOperation.flags(log, at), key, upper));
      }
      case RedoOperation.CLEAR_TABLE -> active.clear(current);
      case RedoOperation.DROP_TABLE -> {
        active.dropTable(name);
        commit();
      }
      default -> {}
    }
    if (bytes > TRANSACTION_BYTES) {
      commit();
    }
  }

  private static TreeRange range(int flags, byte[] lower, byte[] upper) {
    return new TreeRange(
        (flags & RedoOperation.HAS_FROM) == 0 ? null : lower,
        (flags & RedoOperation.FROM_INCLUSIVE) != 0,
        (flags & RedoOperation.HAS_TO) == 0 ? null : upper,
        (flags & RedoOperation.TO_INCLUSIVE) != 0);
  }

  /// Number of entries that a table has now, or -1 if there is none of the name.
  long entriesOf(byte[] sought) {
    commit();
    Snapshot snapshot = engine.beginRead();
    try {
      TableRecord record = snapshot.findTable(sought);
      return record == null ? -1 : record.entries();
    } finally {
      snapshot.end();
    }
  }

  /// A table without its name, told by its keys.
  ///
  /// @return null if it has no entry
  Salvage.@Nullable Nameless describe(byte[] given) {
    commit();
    Snapshot snapshot = engine.beginRead();
    try {
      TableRecord record = snapshot.findTable(given);
      TreeCursor cursor = new TreeCursor(snapshot);
      if (record == null || record.entries() == 0) {
        return null;
      }
      cursor.open(record.rootRef());
      cursor.first();
      byte[] first = cursor.key();
      cursor.last();
      return new Salvage.Nameless(Salvage.words(given), first, cursor.key());
    } finally {
      snapshot.end();
    }
  }

  private void commit() {
    WriteSession active = session;
    if (active != null) {
      active.commit();
    }
    session = null;
    table = null;
    bytes = 0;
  }

  /// Brings everything to rest, and gives the store its name.
  void finish(long userTerm, long userIndex) {
    commit();
    WriteSession last = engine.beginWrite(Durability.CHECKPOINT, options.lockTimeout());
    session = last;
    last.userWords(userTerm, userIndex);
    commit();
    engine.close();
    try {
      Directories.rename(unfinished, directory);
    } catch (StoreIoException e) {
      throw new StoreIoException(
          "all that could be read is in " + unfinished + ", which cannot be renamed", e);
    }
    Directories.sync(Objects.requireNonNull(Directories.realPath(directory).getParent()));
  }

  /// If it was not finished, nothing of it is left.
  @Override
  public void close() {
    WriteSession active = session;
    if (active != null) {
      active.rollback();
    }
    if (engine.isOpen()) {
      engine.close();
      for (String file : Directories.names(unfinished)) {
        Directories.delete(unfinished.resolve(file));
      }
      Directories.delete(unfinished);
    }
  }
}
