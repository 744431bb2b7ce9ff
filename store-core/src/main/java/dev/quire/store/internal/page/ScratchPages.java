package dev.quire.store.internal.page;

import java.lang.foreign.MemorySegment;

/// The private pages of one write transaction, in chunks of native memory.
public final class ScratchPages {

  /// Where chunks come from. They are kept for the life of this object.
  @FunctionalInterface
  public interface ChunkSource {
    /// Native memory of this size, zeroed, aligned to 4 KiB.
    MemorySegment allocate(long sizeBytes);
  }

  /// Pages in a chunk: adjacent indexes below this granularity are adjacent in memory.
  public static final int CHUNK_PAGES = 256;

  public ScratchPages(int pageSizeBytes, ChunkSource source) {
    throw new UnsupportedOperationException();
  }

  /// A page whose content is undefined (but was never anyone else's memory).
  public int allocate() {
    return 0;
  }

  /// Gives a page back: at once if it belongs to the innermost savepoint, else when that is released.
  public void free(int index) {}

  /// Whether the page was allocated since the innermost savepoint, and so may be edited.
  public boolean isEditable(int index) {
    return false;
  }

  public MemorySegment segmentOf(int index) {
    throw new UnsupportedOperationException();
  }

  public long offsetOf(int index) {
    return 0;
  }

  /// One more than the greatest index in use.
  public int limit() {
    return 0;
  }

  /// Whether a page of the transaction lies at this index.
  public boolean isLive(int index) {
    return false;
  }

  /// Number of live pages.
  public int liveCount() {
    return 0;
  }

  /// Opens a savepoint inside the innermost one. Pages of before are from now on copied, not edited.
  ///
  /// @return its nesting depth, from 1 on
  public int savepoint() {
    return 0;
  }

  /// Undoes everything since the savepoint was opened; it stays open, those inside it are gone.
  public void rollbackTo(int savepoint) {}

  /// Closes the savepoint and those inside it; what was done since then belongs to the one around.
  public void release(int savepoint) {}

  /// Ends the transaction: no page is in use. Chunks stay.
  public void reset() {}
}
