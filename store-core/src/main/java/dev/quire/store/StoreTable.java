package dev.quire.store;

import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.internal.txn.Snapshot;
import dev.quire.store.options.Expiry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A table bound to the store: each read is a snapshot of its own, each write a transaction.
///
/// The place of the tree is remembered together with the catalogue that it was found in. Threads
/// may see that field in any order and any age, for what it refers to is immutable, and is used
/// only while the snapshot's catalogue is the same.
final class StoreTable implements Table, LookupClock {

  /// What the table is in one catalogue; the root stands beside the rest for who only reads.
  private record Resolved(long catalogueRef, @Nullable TreeRoot root, @Nullable FoundTable table) {

    static Resolved of(long catalogueRef, @Nullable FoundTable table) {
      return new Resolved(catalogueRef, table == null ? null : table.root(), table);
    }
  }

  private final EngineStore store;
  private final String name;
  private final byte[] encodedName;
  private Resolved resolved = Resolved.of(PageRef.NONE, null);

  StoreTable(EngineStore store, String name) {
    this.store = store;
    this.name = name;
    this.encodedName = TableName.encode(name);
  }

  private Resolved resolve(Snapshot snapshot) {
    Resolved known = resolved;
    if (known.catalogueRef != snapshot.catalogueRef()) {
      known = Resolved.of(snapshot.catalogueRef(), Lookup.findTable(snapshot, encodedName));
      resolved = known;
    }
    return known;
  }

  private @Nullable TreeRoot root(Snapshot snapshot) {
    return resolve(snapshot).root;
  }

  private boolean find(Snapshot snapshot, byte[] key) {
    return Lookup.find(snapshot, root(snapshot), key, this, snapshot.slot());
  }

  private boolean find(Snapshot snapshot, long key) {
    return Lookup.find(snapshot, root(snapshot), key, this, snapshot.slot());
  }

  /// Now: nobody asks for the time of an entry that does not expire.
  @Override
  public long nowMillis() {
    return store.nowMillis();
  }

  @Override
  public String name() {
    return name;
  }

  // -- reading: each method takes a snapshot, and ends it before it returns -----------------------

  @Override
  public byte @Nullable [] get(byte[] key) {
    Snapshot snapshot = store.snapshot();
    try {
      return find(snapshot, key) ? Lookup.copy(snapshot, snapshot.slot()) : null;
    } finally {
      snapshot.end();
    }
  }

  @Override
  public byte @Nullable [] get(long key) {
    Snapshot snapshot = store.snapshot();
    try {
      return find(snapshot, key) ? Lookup.copy(snapshot, snapshot.slot()) : null;
    } finally {
      snapshot.end();
    }
  }

  @Override
  public <T extends @Nullable Object, X extends Exception> @Nullable T get(
      byte[] key, ValueReader<T, X> reader) throws X {
    Snapshot snapshot = store.snapshot();
    try {
      return find(snapshot, key) ? Lookup.read(snapshot, snapshot.slot(), reader) : null;
    } finally {
      snapshot.end();
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key, long offset, int length) {
    Lookup.requirePart(offset, length);
    Snapshot snapshot = store.snapshot();
    try {
      return find(snapshot, key) ? Lookup.copy(snapshot, snapshot.slot(), offset, length) : null;
    } finally {
      snapshot.end();
    }
  }

  @Override
  public long getInto(byte[] key, byte[] target) {
    Snapshot snapshot = store.snapshot();
    try {
      return find(snapshot, key) ? Lookup.copyInto(snapshot, snapshot.slot(), target) : -1;
    } finally {
      snapshot.end();
    }
  }

  @Override
  public long getInto(long key, byte[] target) {
    Snapshot snapshot = store.snapshot();
    try {
      return find(snapshot, key) ? Lookup.copyInto(snapshot, snapshot.slot(), target) : -1;
    } finally {
      snapshot.end();
    }
  }

  @Override
  public @Nullable MemorySegment view(byte[] key) {
    throw new IllegalStateException(
        "view of table \""
            + name
            + "\" of the store: only a table of a transaction can keep a view valid");
  }

  @Override
  public long valueLength(byte[] key) {
    Snapshot snapshot = store.snapshot();
    try {
      return find(snapshot, key) ? Lookup.length(snapshot, snapshot.slot()) : -1;
    } finally {
      snapshot.end();
    }
  }

  @Override
  public long readTo(byte[] key, WritableByteChannel target) throws IOException {
    Snapshot snapshot = store.snapshot();
    try {
      return find(snapshot, key) ? Lookup.writeTo(snapshot, snapshot.slot(), target) : -1;
    } finally {
      snapshot.end();
    }
  }

  @Override
  public @Nullable InputStream stream(byte[] key) {
    EngineReadTxn txn = store.beginRead();
    try {
      InputStream stream = txn.table(name).stream(key, txn::close);
      if (stream == null) {
        txn.close();
      }
      return stream;
    } catch (RuntimeException | Error e) {
      txn.close();
      throw e;
    }
  }

  @Override
  public long count() {
    Snapshot snapshot = store.snapshot();
    try {
      FoundTable found = resolve(snapshot).table;
      return found == null ? 0 : count(snapshot, found);
    } finally {
      snapshot.end();
    }
  }

  private long count(Snapshot snapshot, FoundTable found) {
    long expiryRef = found.root().expires ? Lookup.expiryRef(snapshot) : PageRef.NONE;
    return Lookup.count(snapshot, found, expiryRef, store.nowMillis());
  }

  @Override
  public @Nullable Expiry expiry(byte[] key) {
    try (ReadTxn txn = store.beginRead()) {
      return txn.table(name).expiry(key);
    }
  }

  @Override
  public @Nullable Duration timeLeft(byte[] key) {
    try (ReadTxn txn = store.beginRead()) {
      return txn.table(name).timeLeft(key);
    }
  }

  @Override
  public long estimate(KeyRange range) {
    try (ReadTxn txn = store.beginRead()) {
      return txn.table(name).estimate(range);
    }
  }

  @Override
  public @Nullable TableStats stats() {
    Snapshot snapshot = store.snapshot();
    try {
      FoundTable found = resolve(snapshot).table;
      return found == null ? null : TxnTable.stats(name, found, count(snapshot, found));
    } finally {
      snapshot.end();
    }
  }

  @Override
  public Cursor cursor(KeyRange range) {
    EngineReadTxn txn = store.beginRead();
    try {
      return new EngineCursor(txn.table(name), range, txn::close);
    } catch (RuntimeException | Error e) {
      txn.close();
      throw e;
    }
  }

  // -- writing: each method is a transaction
  // -------------------------------------------------------

  @Override
  public boolean put(byte[] key, byte[] value) {
    return store.write(txn -> txn.table(name).put(key, value));
  }

  @Override
  public boolean put(MemorySegment key, MemorySegment value) {
    return store.write(txn -> txn.table(name).put(key, value));
  }

  @Override
  public boolean put(byte[] key, InputStream source, long length) throws IOException {
    return store.write(txn -> txn.table(name).put(key, source, length));
  }

  @Override
  public boolean put(byte[] key, byte[] value, Expiry expiry) {
    return store.write(txn -> txn.table(name).put(key, value, expiry));
  }

  @Override
  public boolean expire(byte[] key, Expiry expiry) {
    return store.write(txn -> txn.table(name).expire(key, expiry));
  }

  @Override
  public boolean putIfAbsent(byte[] key, byte[] value, Expiry expiry) {
    return store.write(txn -> txn.table(name).putIfAbsent(key, value, expiry));
  }

  @Override
  public boolean putIfAbsent(byte[] key, byte[] value) {
    return store.write(txn -> txn.table(name).putIfAbsent(key, value));
  }

  @Override
  public boolean replace(byte[] key, byte[] value) {
    return store.write(txn -> txn.table(name).replace(key, value));
  }

  @Override
  public boolean compareAndSet(byte[] key, byte @Nullable [] expected, byte[] value) {
    return store.write(txn -> txn.table(name).compareAndSet(key, expected, value));
  }

  @Override
  public boolean delete(byte[] key, byte[] expected) {
    return store.write(txn -> txn.table(name).delete(key, expected));
  }

  @Override
  public long increment(byte[] key, long delta, long least, long most) {
    return store.write(txn -> txn.table(name).increment(key, delta, least, most));
  }

  @Override
  public byte @Nullable [] getAndPut(byte[] key, byte[] value) {
    return store.write(txn -> txn.table(name).getAndPut(key, value));
  }

  @Override
  public void append(byte[] key, byte[] value) {
    store.write(
        txn -> {
          txn.table(name).append(key, value);
        });
  }

  @Override
  public boolean delete(byte[] key) {
    return store.write(txn -> txn.table(name).delete(key));
  }

  @Override
  public long deleteRange(KeyRange range) {
    return store.write(txn -> txn.table(name).deleteRange(range));
  }

  @Override
  public void clear() {
    store.write(
        txn -> {
          txn.table(name).clear();
        });
  }
}
