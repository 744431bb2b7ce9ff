package dev.quire.store.internal.txn;

import dev.quire.store.internal.page.PageAllocator;
import dev.quire.store.internal.page.PageReader;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// STUB.
@SuppressWarnings({"DoNotCallSuggester", "TooManyParameters"})
public final class WriteSession {
  public long txnId() {
    return 0;
  }

  public PageReader pages() {
    throw new UnsupportedOperationException();
  }

  public @Nullable TableTree findTable(byte[] name) {
    return null;
  }

  public TableTree createTable(byte[] name, boolean integerKeys) {
    throw new UnsupportedOperationException();
  }

  public boolean dropTable(byte[] name) {
    return false;
  }

  public void listTables(Consumer<byte[]> names) {}

  public boolean put(
      TableTree table,
      byte[] key,
      int keyLength,
      MemorySegment value,
      long offset,
      long length,
      long expiryMillis) {
    return false;
  }

  public boolean putIfAbsent(
      TableTree table,
      byte[] key,
      int keyLength,
      MemorySegment value,
      long offset,
      long length,
      long expiryMillis) {
    return false;
  }

  public void append(
      TableTree table,
      byte[] key,
      int keyLength,
      MemorySegment value,
      long offset,
      long length,
      long expiryMillis) {}

  public void putStream(
      TableTree table, byte[] key, int keyLength, PageAllocator.RunSource source, long length) {}

  public boolean delete(TableTree table, byte[] key, int keyLength) {
    return false;
  }

  public long deleteRange(
      TableTree table,
      byte @Nullable [] from,
      boolean fromInclusive,
      byte @Nullable [] to,
      boolean toInclusive) {
    return 0;
  }

  public void clear(TableTree table) {}

  public int savepoint() {
    return 0;
  }

  public void rollbackTo(int savepoint) {}

  public void release(int savepoint) {}

  public void commit() {}

  public void rollback() {}
}
