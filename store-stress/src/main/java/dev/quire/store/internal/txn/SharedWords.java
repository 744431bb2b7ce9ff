package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.HeadRecord;
import dev.quire.store.internal.format.ReaderSlot;
import dev.quire.store.internal.format.SharedHeader;
import java.lang.foreign.MemorySegment;

/// Where the words of the tests lie: as in `shm`, but each state has its own.
final class SharedWords {

  /// One reader slot.
  static final long SLOT = SharedHeader.HEAD + 256;

  static final long SLOT_TXN_ID = SLOT + ReaderSlot.TXN_ID;
  static final long SLOT_OWNER = SLOT + ReaderSlot.OWNER;

  /// A word that stands for a page of `data`.
  static final long PAGE = SLOT + ReaderSlot.SIZE_BYTES;

  private static final long BYTES = PAGE + 128;

  private SharedWords() {}

  /// The head, one slot and one page, all zero.
  static MemorySegment create() {
    return MemorySegment.ofArray(new long[(int) (BYTES / Long.BYTES)]);
  }

  /// The head and the places of the head ring, which begin at [#PAGE].
  static MemorySegment createRing() {
    long bytes = PAGE + (long) HeadRecord.PLACES * HeadRecord.SIZE_BYTES;
    return MemorySegment.ofArray(new long[(int) (bytes / Long.BYTES)]);
  }
}
