package dev.quire.store;

import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.inspect.SnapshotDiff;
import dev.quire.store.internal.page.MappedFaults;
import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.region.PendingFault;
import dev.quire.store.internal.tree.ValueSlot;
import dev.quire.store.internal.txn.ExpiryIndex;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The difference of two snapshots of the engine, and its life.
final class EngineChanges implements Changes {

  private final SnapshotDiff diff;
  private final PageReader pages;
  private final long nowMillis;
  private final Runnable requireValid;
  private final Runnable onEnd;
  private final ValueSlot slot = new ValueSlot();
  private boolean peeked;
  private boolean valid;
  private boolean ended;
  private boolean closed;

  /// @param pages of one of the snapshots
  /// @param nowMillis when the newer snapshot was begun
  /// @param requireValid throws [IllegalStateException] if the snapshots can no longer be read
  /// @param onEnd is run when the last change is behind
  EngineChanges(
      SnapshotDiff diff, PageReader pages, long nowMillis, Runnable requireValid, Runnable onEnd) {
    this.diff = diff;
    this.pages = pages;
    this.nowMillis = nowMillis;
    this.requireValid = requireValid;
    this.onEnd = onEnd;
  }

  /// Whether there is any change; the first [#next] goes to it.
  boolean peek() {
    peeked = move();
    return peeked;
  }

  @Override
  public boolean next() {
    requireOpen();
    if (peeked) {
      peeked = false;
      valid = true;
      return true;
    }
    valid = false;
    valid = !ended && move();
    if (!valid && !ended) {
      ended = true;
      onEnd.run();
    }
    return valid;
  }

  private boolean move() {
    try {
      boolean found = diff.next();
      PendingFault.raise();
      return found;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
  }

  @Override
  public Kind kind() {
    requireChange();
    return switch (diff.kind()) {
      case TABLE_CREATED -> Kind.TABLE_CREATED;
      case PUT -> Kind.PUT;
      case DELETE -> Kind.DELETE;
      case TABLE_DROPPED -> Kind.TABLE_DROPPED;
    };
  }

  @Override
  public String table() {
    requireChange();
    return new String(diff.table(), StandardCharsets.UTF_8);
  }

  @Override
  public byte[] key() {
    requireChange();
    if (!diff.isOfEntry()) {
      throw new IllegalStateException("the change is one of a table and has no key");
    }
    try {
      PageEntry key = diff.key();
      byte[] copy = Arrays.copyOf(key.key, key.keyLength);
      PendingFault.raise();
      return copy;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
  }

  @Override
  public long longKey() {
    return Keys.toLong(key());
  }

  @Override
  public @Nullable MemorySegment oldValue() {
    return findOld() ? Lookup.view(pages, slot) : null;
  }

  @Override
  public @Nullable MemorySegment newValue() {
    return findNew() ? Lookup.view(pages, slot) : null;
  }

  @Override
  public byte @Nullable [] oldBytes() {
    return findOld() ? Lookup.copy(pages, slot) : null;
  }

  @Override
  public byte @Nullable [] newBytes() {
    return findNew() ? Lookup.copy(pages, slot) : null;
  }

  @Override
  public boolean isExpired() {
    requireChange();
    return diff.kind() == SnapshotDiff.Kind.DELETE
        && findOld()
        && ExpiryIndex.isOver(slot.expiryMillis, nowMillis);
  }

  private boolean findOld() {
    requireChange();
    try {
      boolean found = diff.oldValue(slot);
      PendingFault.raise();
      return found;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
  }

  private boolean findNew() {
    requireChange();
    try {
      boolean found = diff.newValue(slot);
      PendingFault.raise();
      return found;
    } catch (RuntimeException | Error e) {
      throw MappedFaults.translate(pages, e);
    }
  }

  private void requireChange() {
    requireOpen();
    if (!valid) {
      throw new IllegalStateException("there is no change here: call next first");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the changes are closed");
    }
    requireValid.run();
  }

  @Override
  public void close() {
    closed = true;
  }
}
