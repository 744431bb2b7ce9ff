package dev.quire.store;

import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.internal.txn.ExpiryIndex;
import dev.quire.store.internal.txn.SessionEntries.Way;
import dev.quire.store.internal.txn.TableTree;
import dev.quire.store.internal.txn.WriteSession;
import dev.quire.store.options.Expiry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A table as a write transaction sees and changes it.
final class SessionTable extends TxnTable {

  private final EngineWriteTxn txn;
  private @Nullable TableTree tree;
  private long seenCatalogueVersion = -1;

  SessionTable(EngineWriteTxn txn, String name) {
    super(name);
    this.txn = txn;
  }

  @Override
  PageReader pages() {
    return txn.session().pages();
  }

  @Override
  @Nullable TreeRoot root() {
    TableTree found = tree();
    return found == null ? null : found.root();
  }

  @Override
  @Nullable FoundTable found() {
    TableTree found = tree();
    return found == null ? null : new FoundTable(found.record(), found.root());
  }

  @Override
  public long nowMillis() {
    return txn.session().nowMillis();
  }

  @Override
  long expiryRef() {
    TableTree index = txn.session().findTable(ExpiryIndex.name());
    return index == null ? PageRef.NONE : index.root().ref;
  }

  @Override
  boolean canChange() {
    return true;
  }

  @Override
  long version() {
    // Both numbers only grow, the second one within the life of a tree.
    TableTree found = tree();
    return (txn.catalogueVersion() << Integer.SIZE) + (found == null ? 0 : found.version());
  }

  private @Nullable TableTree tree() {
    if (seenCatalogueVersion != txn.catalogueVersion()) {
      tree = txn.session().findTable(encodedName());
      seenCatalogueVersion = txn.catalogueVersion();
    }
    return tree;
  }

  /// The tree to change, made if there is none; the key fits it.
  private TableTree treeFor(byte[] key) {
    Lookup.requireKey(key.length);
    TableTree found = tree();
    if (found == null) {
      return txn.create(encodedName(), TableOptions.defaults());
    }
    if (found.root().integerKeys) {
      Lookup.requireIntegerKey(key.length);
    }
    return found;
  }

  @Override
  public boolean put(byte[] key, byte[] value) {
    return put(key, MemorySegment.ofArray(value), Expiry.DEFAULT);
  }

  @Override
  public boolean put(byte[] key, byte[] value, Expiry expiry) {
    return put(key, MemorySegment.ofArray(value), expiry);
  }

  @Override
  public boolean expire(byte[] key, Expiry expiry) {
    WriteSession session = txn.session();
    Lookup.requireKey(key.length);
    TableTree found = tree();
    if (found == null) {
      return false;
    }
    if (found.root().integerKeys) {
      Lookup.requireIntegerKey(key.length);
    }
    return session.expire(found, key, key.length, millis(found, expiry));
  }

  /// When an entry expires that is put now.
  private long millis(TableTree table, Expiry expiry) {
    return Expiries.millis(expiry, table.record().defaultExpiryMillis(), nowMillis());
  }

  @Override
  public boolean put(MemorySegment key, MemorySegment value) {
    Lookup.requireKey(key.byteSize());
    return put(key.toArray(ValueLayout.JAVA_BYTE), value, Expiry.DEFAULT);
  }

  private boolean put(byte[] key, MemorySegment value, Expiry expiry) {
    return put(Way.PUT, key, value, expiry);
  }

  private boolean put(Way way, byte[] key, MemorySegment value, Expiry expiry) {
    WriteSession session = txn.session();
    Lookup.requireValue(value.byteSize());
    TableTree to = treeFor(key);
    long millis = millis(to, expiry);
    return session.store(way, to, key, key.length, value, 0, value.byteSize(), millis);
  }

  @Override
  public boolean put(byte[] key, InputStream source, long length) throws IOException {
    WriteSession session = txn.session();
    Lookup.requireValue(length);
    if (length <= StreamedValue.CHUNK_BYTES) {
      return put(key, StreamedValue.readWhole(source, (int) length));
    }
    TableTree target = treeFor(key);
    try {
      return session.putStream(
          target,
          key,
          key.length,
          new StreamedValue(source),
          length,
          millis(target, Expiry.DEFAULT));
    } catch (StreamedValue.SourceFailure e) {
      throw e.failure();
    }
  }

  @Override
  public boolean putIfAbsent(byte[] key, byte[] value) {
    return putIfAbsent(key, value, Expiry.DEFAULT);
  }

  @Override
  public boolean putIfAbsent(byte[] key, byte[] value, Expiry expiry) {
    return put(Way.IF_ABSENT, key, MemorySegment.ofArray(value), expiry);
  }

  @Override
  public boolean replace(byte[] key, byte[] value) {
    Lookup.requireValue(value.length);
    return contains(key) && !put(key, value);
  }

  @Override
  public boolean compareAndSet(byte[] key, byte @Nullable [] expected, byte[] value) {
    if (expected == null) {
      return putIfAbsent(key, value);
    }
    Lookup.requireValue(value.length);
    return hasValue(key, expected) && !put(key, value);
  }

  @Override
  public boolean delete(byte[] key, byte[] expected) {
    return hasValue(key, expected) && delete(key);
  }

  @Override
  public long increment(byte[] key, long delta, long least, long most) {
    byte[] before = new byte[Long.BYTES];
    long length = getInto(key, before);
    if (length >= 0 && length != Long.BYTES) {
      throw new IllegalStateException(
          "value of " + length + " bytes in table \"" + name() + "\": a counter has 8");
    }
    long number = Keys.toLong(before);
    long sum = number + delta;
    boolean overflows = ((number ^ sum) & (delta ^ sum)) < 0;
    if (overflows || sum < least || sum > most) {
      throw new IllegalStateException(
          "counter at "
              + number
              + ": adding "
              + delta
              + " would leave the range from "
              + least
              + " to "
              + most);
    }
    Expiry kept = length < 0 ? Expiry.DEFAULT : expiry(key);
    put(key, Keys.ofLong(sum), kept == null ? Expiry.DEFAULT : kept);
    return sum;
  }

  /// Whether the key has a value of these bytes.
  private boolean hasValue(byte[] key, byte[] expected) {
    return valueLength(key) == expected.length && Arrays.equals(get(key), expected);
  }

  @Override
  public void append(byte[] key, byte[] value) {
    put(Way.APPEND, key, MemorySegment.ofArray(value), Expiry.DEFAULT);
  }

  @Override
  public boolean delete(byte[] key) {
    WriteSession session = txn.session();
    Lookup.requireKey(key.length);
    TableTree found = tree();
    if (found == null) {
      return false;
    }
    if (found.root().integerKeys) {
      Lookup.requireIntegerKey(key.length);
    }
    return session.delete(found, key, key.length);
  }

  @Override
  public long deleteRange(KeyRange range) {
    WriteSession session = txn.session();
    TableTree found = tree();
    if (found == null) {
      return 0;
    }
    return session.deleteRange(found, treeRange(range, found.root()));
  }

  @Override
  public void clear() {
    WriteSession session = txn.session();
    TableTree found = tree();
    if (found != null) {
      session.clear(found);
    }
  }

  @Override
  void deleteAt(byte[] key, int keyLength) {
    TableTree found = tree();
    if (found != null) {
      txn.session().delete(found, key, keyLength);
    }
  }

  @Override
  void replaceAt(byte[] key, int keyLength, byte[] value) {
    TableTree found = tree();
    if (found != null) {
      Lookup.requireValue(value.length);
      MemorySegment bytes = MemorySegment.ofArray(value);
      txn.session()
          .put(found, key, keyLength, bytes, 0, value.length, millis(found, Expiry.DEFAULT));
    }
  }
}
