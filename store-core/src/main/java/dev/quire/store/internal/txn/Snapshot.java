package dev.quire.store.internal.txn;

import dev.quire.store.internal.page.PageReader;
import dev.quire.store.internal.tree.TreeRoot;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// STUB.
public final class Snapshot implements PageReader {
  private final ValueSlot slot = new ValueSlot();

  @Override
  public int pageSizeBytes() {
    return 0;
  }

  @Override
  public MemorySegment segmentOf(long ref) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long offsetOf(long ref) {
    return 0;
  }

  public long txnId() {
    return 0;
  }

  public @Nullable TreeRoot findTable(byte[] name) {
    return null;
  }

  public long catalogueRef() {
    return 0;
  }

  /// A place for one lookup's result, for whoever holds the snapshot: no allocation per get.
  public ValueSlot slot() {
    return slot;
  }

  public void end() {}
}
