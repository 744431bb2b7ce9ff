package dev.quire.store.internal.page;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The private pages of one write transaction, in chunks of native memory.
///
/// A page is named by its index; adjacent indexes of a chunk are adjacent in memory. Each page
/// knows the savepoint, by nesting depth, in which it was allocated. A page of the innermost
/// savepoint may be edited and is gone when freed; one of before is copied instead of edited, and
/// kept when freed, until it is certain that no rollback will want it.
///
/// What a rollback must know is written to two logs, of allocations and of kept pages; a savepoint
/// is a position in each. Without savepoints nothing is logged.
public final class ScratchPages {

  /// Where chunks come from. They are kept for the life of this object.
  @FunctionalInterface
  public interface ChunkSource {
    /// Native memory of this size, zeroed.
    MemorySegment allocate(long sizeBytes);
  }

  /// Pages in a chunk.
  public static final int CHUNK_PAGES = 256;

  private static final int CHUNK_SHIFT = Integer.numberOfTrailingZeros(CHUNK_PAGES);
  private static final byte FREE = -1;
  private static final int MAX_SAVEPOINTS = Byte.MAX_VALUE;

  private final int pageSizeBytes;
  private final ChunkSource source;

  private MemorySegment[] chunks = {};

  /// Of each page: the nesting depth of the savepoint that it belongs to, or FREE.
  private byte[] depths = {};

  /// Of each page: whether it was freed and is kept for a savepoint.
  private boolean[] superseded = {};

  private int limit;
  private int liveCount;
  private int depth;
  private int generation;

  private final IndexList free = new IndexList();
  private final IndexList allocated = new IndexList();
  private final IndexList kept = new IndexList();
  private final IndexList marks = new IndexList();

  public ScratchPages(int pageSizeBytes, ChunkSource source) {
    this.pageSizeBytes = pageSizeBytes;
    this.source = source;
  }

  /// A page whose content is undefined (but was never anyone else's memory).
  public int allocate() {
    int index = free.isEmpty() ? extend() : free.pop();
    depths[index] = (byte) depth;
    liveCount++;
    if (depth > 0) {
      allocated.push(index);
    }
    return index;
  }

  private int extend() {
    if (limit == depths.length) {
      int chunk = chunks.length;
      chunks = Arrays.copyOf(chunks, chunk + 1);
      chunks[chunk] = source.allocate((long) CHUNK_PAGES * pageSizeBytes);
      depths = Arrays.copyOf(depths, depths.length + CHUNK_PAGES);
      superseded = Arrays.copyOf(superseded, depths.length);
    }
    return limit++;
  }

  /// Gives a page back: at once if it belongs to the innermost savepoint, else when that is
  /// released.
  public void free(int index) {
    assert isLive(index) : index;
    if (depths[index] == depth) {
      discard(index);
    } else {
      kept.push(index);
      superseded[index] = true;
    }
  }

  /// Gives back a page whose content has found a place elsewhere, whatever savepoint it belongs to.
  public void discard(int index) {
    generation++;
    depths[index] = FREE;
    superseded[index] = false;
    liveCount--;
    free.push(index);
  }

  /// Whether the page was allocated since the innermost savepoint, and so may be edited.
  public boolean isEditable(int index) {
    return depths[index] == depth;
  }

  /// The nesting depth of the savepoint that a page in use belongs to; 0 if to none.
  public int depthOf(int index) {
    return depths[index];
  }

  public MemorySegment segmentOf(int index) {
    return chunks[index >>> CHUNK_SHIFT];
  }

  /// Offset of the page in [#segmentOf].
  public long offsetOf(int index) {
    return (long) (index & (CHUNK_PAGES - 1)) * pageSizeBytes;
  }

  /// One more than the greatest index that was in use since [#reset].
  public int limit() {
    return limit;
  }

  /// Whether the page is in use. With savepoints open: or kept for one.
  public boolean isLive(int index) {
    return index >= 0 && index < limit && depths[index] != FREE;
  }

  /// Whether the page was freed, and is kept only because a savepoint may want it back.
  public boolean isSuperseded(int index) {
    return superseded[index];
  }

  /// Changes whenever a page is given back, or ceases to be editable.
  public int generation() {
    return generation;
  }

  /// Number of pages for which [#isLive].
  public int liveCount() {
    return liveCount;
  }

  /// Opens a savepoint inside the innermost one. Pages of before are from now on copied, not
  /// edited.
  ///
  /// @return its nesting depth, from 1 on
  /// @throws IllegalStateException if 127 are open
  public int savepoint() {
    if (depth == MAX_SAVEPOINTS) {
      throw new IllegalStateException("more than " + MAX_SAVEPOINTS + " savepoints in each other");
    }
    generation++;
    marks.push(allocated.size());
    marks.push(kept.size());
    return ++depth;
  }

  /// Undoes everything since the savepoint was opened; it stays open, those inside it are gone.
  public void rollbackTo(int savepoint) {
    generation++;
    int firstAllocated = firstAllocated(savepoint);
    for (int i = firstAllocated; i < allocated.size(); i++) {
      int index = allocated.get(i);
      if (depths[index] >= savepoint) {
        discard(index);
      }
    }
    allocated.truncate(firstAllocated);
    int firstKept = firstKept(savepoint);
    for (int i = firstKept; i < kept.size(); i++) {
      superseded[kept.get(i)] = false;
    }
    kept.truncate(firstKept);
    marks.truncate(2 * savepoint);
    depth = savepoint;
  }

  /// Closes the savepoint and those inside it; what was done since then belongs to the one around.
  public void release(int savepoint) {
    generation++;
    int outer = savepoint - 1;
    for (int i = firstAllocated(savepoint); i < allocated.size(); i++) {
      int index = allocated.get(i);
      if (depths[index] > outer) {
        depths[index] = (byte) outer;
      }
    }
    int stillKept = firstKept(savepoint);
    for (int i = stillKept; i < kept.size(); i++) {
      int index = kept.get(i);
      if (depths[index] == outer) {
        discard(index);
      } else {
        kept.set(stillKept++, index);
      }
    }
    kept.truncate(stillKept);
    marks.truncate(2 * outer);
    depth = outer;
    if (depth == 0) {
      allocated.truncate(0);
    }
  }

  private int firstAllocated(int savepoint) {
    requireOpen(savepoint);
    return marks.get(2 * savepoint - 2);
  }

  private int firstKept(int savepoint) {
    return marks.get(2 * savepoint - 1);
  }

  private void requireOpen(int savepoint) {
    if (savepoint < 1 || savepoint > depth) {
      throw new IllegalStateException("savepoint " + savepoint + " of " + depth + " is not open");
    }
  }

  /// Ends the transaction: no page is in use. Chunks stay.
  public void reset() {
    generation++;
    limit = 0;
    liveCount = 0;
    depth = 0;
    Arrays.fill(depths, FREE);
    Arrays.fill(superseded, false);
    free.truncate(0);
    allocated.truncate(0);
    kept.truncate(0);
    marks.truncate(0);
  }
}
