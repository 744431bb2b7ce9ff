package dev.quire.store;

import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.tree.TreeEstimate;
import dev.quire.store.internal.tree.TreeRange;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.internal.txn.TableSettings;
import dev.quire.store.options.Expiry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The reading half of a table that is bound to a transaction.
abstract sealed class TxnTable implements Table, LookupClock permits SnapshotTable, SessionTable {

  private final String name;
  private final byte[] encodedName;
  private final ValueSlot slot = new ValueSlot();

  TxnTable(String name) {
    this.name = name;
    this.encodedName = TableName.encode(name);
  }

  /// The transaction's pages.
  ///
  /// @throws IllegalStateException if the transaction is closed
  abstract PageReader pages();

  /// The table's tree, or null if there is no such table.
  abstract @Nullable TreeRoot root();

  /// The table's record and tree, or null if there is no such table.
  abstract @Nullable FoundTable found();

  /// The time of the transaction.
  @Override
  public abstract long nowMillis();

  /// Root of the index of expiring entries, or `PageRef.NONE`.
  abstract long expiryRef();

  /// Whether the transaction can change the table.
  abstract boolean canChange();

  /// Changes whenever the tree does; a cursor then has to find its place anew.
  abstract long version();

  /// Deletes an entry under a cursor.
  abstract void deleteAt(byte[] key, int keyLength);

  /// Replaces the value of an entry under a cursor.
  abstract void replaceAt(byte[] key, int keyLength, byte[] value);

  /// @throws IllegalStateException if the transaction is closed
  final void requireOpen() {
    pages();
  }

  final byte[] encodedName() {
    return encodedName;
  }

  private boolean find(byte[] key, ValueSlot out) {
    return Lookup.find(pages(), root(), key, this, out);
  }

  private boolean find(long key, ValueSlot out) {
    return Lookup.find(pages(), root(), key, this, out);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final byte @Nullable [] get(byte[] key) {
    return find(key, slot) ? Lookup.copy(pages(), slot) : null;
  }

  @Override
  public final byte @Nullable [] get(long key) {
    return find(key, slot) ? Lookup.copy(pages(), slot) : null;
  }

  @Override
  public final <T extends @Nullable Object, X extends Exception> @Nullable T get(
      byte[] key, ValueReader<T, X> reader) throws X {
    return find(key, slot) ? Lookup.read(pages(), slot, reader) : null;
  }

  @Override
  public final byte @Nullable [] get(byte[] key, long offset, int length) {
    Lookup.requirePart(offset, length);
    return find(key, slot) ? Lookup.copy(pages(), slot, offset, length) : null;
  }

  @Override
  public final long getInto(byte[] key, byte[] target) {
    return find(key, slot) ? Lookup.copyInto(pages(), slot, target) : -1;
  }

  @Override
  public final long getInto(long key, byte[] target) {
    return find(key, slot) ? Lookup.copyInto(pages(), slot, target) : -1;
  }

  @Override
  public final @Nullable MemorySegment view(byte[] key) {
    return find(key, slot) ? Lookup.view(pages(), slot) : null;
  }

  @Override
  public final @Nullable MemorySegment view(long key) {
    return find(key, slot) ? Lookup.view(pages(), slot) : null;
  }

  @Override
  public final long valueLength(byte[] key) {
    return find(key, slot) ? Lookup.length(pages(), slot) : -1;
  }

  @Override
  public final long readTo(byte[] key, WritableByteChannel target) throws IOException {
    return find(key, slot) ? Lookup.writeTo(pages(), slot, target) : -1;
  }

  @Override
  public final @Nullable InputStream stream(byte[] key) {
    return stream(key, () -> {});
  }

  /// The value as a stream that calls `onClose` in the end.
  final @Nullable InputStream stream(byte[] key, Runnable onClose) {
    ValueSlot place = new ValueSlot();
    return find(key, place) ? new ValueStream(this::pages, place, onClose) : null;
  }

  @Override
  public final long count() {
    requireOpen();
    FoundTable found = found();
    return found == null ? 0 : count(found);
  }

  private long count(FoundTable found) {
    return Lookup.count(pages(), found, found.root().expires ? expiryRef() : 0, nowMillis());
  }

  @Override
  public final @Nullable Expiry expiry(byte[] key) {
    return find(key, slot) ? Expiries.of(slot.expiryMillis) : null;
  }

  @Override
  public final @Nullable Duration timeLeft(byte[] key) {
    return find(key, slot) ? Expiries.timeLeft(slot.expiryMillis, nowMillis()) : null;
  }

  @Override
  public final long estimate(KeyRange range) {
    PageReader pages = pages();
    TreeRoot root = root();
    if (root == null) {
      return 0;
    }
    try {
      long count = TreeEstimate.count(pages, root, treeRange(range, root));
      PendingFault.raise();
      return count;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
  }

  @Override
  public final @Nullable TableStats stats() {
    requireOpen();
    FoundTable found = found();
    return found == null ? null : stats(name, found, count(found));
  }

  @Override
  public final Cursor cursor(KeyRange range) {
    return new EngineCursor(this, range, () -> {});
  }

  /// The shape of a tree.
  static TableStats stats(String name, FoundTable found, long entries) {
    TreeRoot root = found.root();
    return new TableStats(
        name,
        TableOptions.of(TableSettings.of(found.record())),
        entries,
        root.depth,
        root.leafPages,
        root.branchPages,
        root.overflowPages);
  }

  /// The range as the tree wants it.
  static TreeRange treeRange(KeyRange range, TreeRoot root) {
    KeyRange fitting = root.integerKeys ? range.forIntegerKeys() : range;
    return new TreeRange(
        fitting.lowerEnd(), fitting.fromInclusive(), fitting.upperEnd(), fitting.toInclusive());
  }
}
