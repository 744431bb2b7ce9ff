package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.ReaderSlot;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.SharedAreas.Area;
import java.lang.foreign.MemorySegment;

/// The lookups that all reader slots have counted, up to one moment: in all, and those in the slots
/// that each process owns now.
final class ReaderLookups {

  private long hits;
  private long misses;
  private final long[] hitsOf = new long[ProcessTable.SLOTS];
  private final long[] missesOf = new long[ProcessTable.SLOTS];

  private ReaderLookups() {}

  /// Adds up all slots that there are, used or not.
  static ReaderLookups of(SharedState state) {
    state.areas().mapAll();
    ReaderLookups sums = new ReaderLookups();
    long slots = 0;
    for (int chunk = 0; chunk < ReaderTable.MAX_CHUNKS; chunk++) {
      slots += state.areas().capacityBytes(Area.READERS.code() + chunk) / ReaderSlot.SIZE_BYTES;
    }
    for (int block = 0; block < slots; block += ReaderTable.BLOCK_SLOTS) {
      sums.addBlock(state, block);
    }
    return sums;
  }

  private void addBlock(SharedState state, int block) {
    MemorySegment s = state.segment();
    long owner = Word.getVolatile(s, ReaderTable.slotOffset(state, block) + ReaderSlot.OWNER);
    int process = (int) (owner >>> Integer.SIZE) - 1;
    boolean owned =
        process >= 0
            && process < ProcessTable.SLOTS
            && (int) owner == (int) ProcessTable.incarnation(state, process);
    long blockHits = sum(state, block, ReaderSlot.HITS);
    long blockMisses = sum(state, block, ReaderSlot.MISSES);
    hits += blockHits;
    misses += blockMisses;
    if (owned) {
      hitsOf[process] += blockHits;
      missesOf[process] += blockMisses;
    }
  }

  /// A counter of all slots of a block, added up.
  static long sum(SharedState state, int block, long field) {
    MemorySegment s = state.segment();
    long sum = 0;
    for (int slot = block; slot < block + ReaderTable.BLOCK_SLOTS; slot++) {
      sum += Word.getAcquire(s, ReaderTable.slotOffset(state, slot) + field);
    }
    return sum;
  }

  /// Lookups of one kind, 0 for a counter of something else.
  long total(Counter counter) {
    return switch (counter) {
      case HITS -> hits;
      case MISSES -> misses;
      default -> 0;
    };
  }

  /// The same in the slots that a process owns.
  long inSlotsOf(int process, Counter counter) {
    return switch (counter) {
      case HITS -> hitsOf[process];
      case MISSES -> missesOf[process];
      default -> 0;
    };
  }
}
