package dev.quire.store;

import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.options.Expiry;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A table as a read transaction sees it.
final class SnapshotTable extends TxnTable {

  private final EngineReadTxn txn;
  private final @Nullable FoundTable found;
  private final @Nullable TreeRoot root;

  SnapshotTable(EngineReadTxn txn, String name) {
    super(name);
    this.txn = txn;
    this.found = Lookup.findTable(txn.snapshot(), encodedName());
    this.root = found == null ? null : found.root();
  }

  @Override
  PageReader pages() {
    return txn.snapshot();
  }

  @Override
  @Nullable TreeRoot root() {
    return root;
  }

  @Override
  @Nullable FoundTable found() {
    return found;
  }

  @Override
  public long nowMillis() {
    return txn.nowMillis();
  }

  @Override
  long expiryRef() {
    return Lookup.expiryRef(txn.snapshot());
  }

  @Override
  boolean canChange() {
    return false;
  }

  @Override
  long version() {
    return 0;
  }

  @Override
  void deleteAt(byte[] key, int keyLength) {
    throw refused("delete");
  }

  @Override
  void replaceAt(byte[] key, int keyLength, byte[] value) {
    throw refused("replace");
  }

  @Override
  public boolean put(byte[] key, byte[] value) {
    throw refused("put");
  }

  @Override
  public boolean put(MemorySegment key, MemorySegment value) {
    throw refused("put");
  }

  @Override
  public boolean put(byte[] key, InputStream source, long length) {
    throw refused("put");
  }

  @Override
  public boolean put(byte[] key, byte[] value, Expiry expiry) {
    throw refused("put");
  }

  @Override
  public boolean expire(byte[] key, Expiry expiry) {
    throw refused("expire");
  }

  @Override
  public boolean putIfAbsent(byte[] key, byte[] value, Expiry expiry) {
    throw refused("putIfAbsent");
  }

  @Override
  public boolean putIfAbsent(byte[] key, byte[] value) {
    throw refused("putIfAbsent");
  }

  @Override
  public boolean replace(byte[] key, byte[] value) {
    throw refused("replace");
  }

  @Override
  public boolean compareAndSet(byte[] key, byte @Nullable [] expected, byte[] value) {
    throw refused("compareAndSet");
  }

  @Override
  public boolean delete(byte[] key, byte[] expected) {
    throw refused("delete");
  }

  @Override
  public long increment(byte[] key, long delta, long least, long most) {
    throw refused("increment");
  }

  @Override
  public void append(byte[] key, byte[] value) {
    throw refused("append");
  }

  @Override
  public boolean delete(byte[] key) {
    throw refused("delete");
  }

  @Override
  public long deleteRange(KeyRange range) {
    throw refused("deleteRange");
  }

  @Override
  public void clear() {
    throw refused("clear");
  }

  private IllegalStateException refused(String method) {
    requireOpen();
    return new IllegalStateException(
        method
            + " on table \""
            + name()
            + "\" of a read transaction: begin a write transaction instead");
  }
}
