package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.TableRecord;
import dev.quire.store.internal.tree.TreeWriter;
import dev.quire.store.internal.tree.ValueSlot;
import java.lang.foreign.MemorySegment;

/// What write transactions of a process use one after the other: scratch pages, the redo buffer,
/// the tree writer. Guarded by the writer's turn.
final class WriterMemory {

  /// Even a store without a log has a buffer that stays empty.
  private static final long MIN_REDO_BYTES = 4096;

  final SessionPages pages;
  final PageFlush flush;
  final RedoBuffer redo;
  final TreeWriter tree;
  final TouchedKeys touched;
  final ValueSlot slot = new ValueSlot();

  /// A table record on its way into the catalogue.
  final MemorySegment tableRecord;

  /// Whether there may be a detached table. Nobody knows after opening.
  boolean hasDetached = true;

  /// No entry expires before; 0 if nobody knows.
  long nextExpiryMillis;

  WriterMemory(EngineParts parts) {
    this.pages = new SessionPages(parts);
    this.flush = new PageFlush(parts, pages.scratch());
    this.redo =
        new RedoBuffer(parts.buffers, Math.max(MIN_REDO_BYTES, parts.ring.maxRecordBytes()));
    this.tree = new TreeWriter(pages);
    this.touched = parts.touched;
    this.tableRecord = parts.buffers.allocate(TableRecord.SIZE_BYTES);
  }
}
