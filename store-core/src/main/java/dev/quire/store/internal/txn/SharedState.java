package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.internal.format.CheckpointRecord;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.HeadRecord;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.PendingPages;
import dev.quire.store.internal.page.SharedAreas;
import dev.quire.store.internal.page.SharedAreas.Area;
import dev.quire.store.internal.region.SharedRegion;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The words of `shm` that say which transaction is newest, which is durable, and whether the store
/// has failed.
///
/// Publishing fills the next place of the head ring and then stores the head word once, volatile. A
/// place is filled again 64 transactions later: a reader's copy of place T is whole if the head
/// word, loaded after the copy, is at most T + 62.
final class SharedState {

  /// Bytes of a new `shm`: room for the header and the areas of a small store.
  static final long FIRST_SIZE_BYTES = 256 << 10;

  private final SharedRegion region;
  private final SharedAreas areas;

  SharedState(SharedRegion region) {
    this.region = region;
    this.areas = new SharedAreas(region);
  }

  SharedAreas areas() {
    return areas;
  }

  MemorySegment segment() {
    return region.segment();
  }

  void close() {
    region.close();
  }

  /// Makes room for what every store has: the head ring, process slots, the first reader slots, the
  /// pending pages.
  void createAreas() {
    areas.require(Area.HEAD_RING, (long) HeadRecord.PLACES * HeadRecord.SIZE_BYTES);
    areas.require(Area.PROCESSES, ProcessTable.SIZE_BYTES);
    areas.require(Area.READERS.code(), ReaderTable.chunkBytes(0));
    areas.require(Area.PENDING_EVEN, PendingPages.FIRST_CAPACITY_BYTES);
  }

  /// The newest published transaction.
  long headTxnId() {
    return Word.getVolatile(segment(), SharedHeader.HEAD);
  }

  /// The newest published state. Only for the holder of the turn or of the space lock: nobody
  /// publishes meanwhile.
  Head head() {
    MemorySegment s = segment();
    long at = areas.offset(Area.HEAD_RING) + HeadRecord.place(headTxnId());
    return HeadRecord.read(s, at);
  }

  /// Log position of the newest published transaction, without a lock.
  long newestLsn() {
    while (true) {
      long t = headTxnId();
      MemorySegment s = segment();
      long at = areas.offset(Area.HEAD_RING) + HeadRecord.place(t);
      long lsn = Word.getAcquire(s, at + HeadRecord.LSN);
      VarHandle.acquireFence();
      if (headTxnId() < t + HeadRecord.PLACES - 1) {
        return lsn;
      }
    }
  }

  /// Fills the place of `head`; nobody sees it yet.
  void fillPlace(Head head) {
    MemorySegment s = segment();
    HeadRecord.write(s, areas.offset(Area.HEAD_RING) + HeadRecord.place(head.txnId()), head);
  }

  /// Makes `head`, whose place is filled, the newest transaction.
  void publish(long txnId) {
    Word.setVolatile(segment(), SharedHeader.HEAD, txnId);
  }

  boolean isPoisoned() {
    return Word.getVolatile(segment(), SharedHeader.POISON) != 0;
  }

  /// Refuses writes from now on, in every process. Idempotent.
  void poison() {
    Word.setVolatile(segment(), SharedHeader.POISON, 1);
  }

  /// @throws StoreFailedException if the store is poisoned
  void requireSound() {
    if (isPoisoned()) {
      throw new StoreFailedException(
          "an earlier write or sync of this store failed; reads go on, writes are refused: "
              + "close it in every process and open it again");
    }
  }

  /// Sequence of the superblock that is durable.
  long durableSequence() {
    return Word.getVolatile(segment(), SharedHeader.DURABLE);
  }

  /// Sequence of the superblock that is being written, or of the durable one.
  long candidateSequence() {
    return Word.getVolatile(segment(), SharedHeader.CANDIDATE);
  }

  long durableTxnId() {
    return checkpointField(SharedHeader.DURABLE, CheckpointRecord.TXN_ID);
  }

  long candidateTxnId() {
    return checkpointField(SharedHeader.CANDIDATE, CheckpointRecord.TXN_ID);
  }

  long durableLsn() {
    return checkpointField(SharedHeader.DURABLE, CheckpointRecord.LSN);
  }

  long durableStampLimit() {
    return checkpointField(SharedHeader.DURABLE, CheckpointRecord.STAMP_LIMIT);
  }

  /// A superblock is about to be written: its pages are pinned from now on.
  void setCandidate(Superblock b) {
    MemorySegment s = segment();
    long at = checkpointRecord(b.sequence());
    // The sequence first: whoever reads a field, then the sequence, sees that the record changed.
    Word.setVolatile(s, at + CheckpointRecord.SEQUENCE, b.sequence());
    Word.setRelease(s, at + CheckpointRecord.TXN_ID, b.txnId());
    Word.setRelease(s, at + CheckpointRecord.LSN, b.lsn());
    Word.setRelease(s, at + CheckpointRecord.STAMP_LIMIT, b.stampLimit());
    Word.setVolatile(s, SharedHeader.CANDIDATE, b.sequence());
  }

  /// The candidate is on the medium.
  void setDurable(long sequence) {
    Word.setVolatile(segment(), SharedHeader.DURABLE, sequence);
  }

  /// The candidate was never written: the durable superblock stays in force.
  void dropCandidate() {
    Word.setVolatile(segment(), SharedHeader.CANDIDATE, durableSequence());
  }

  /// The log is on the medium up to here.
  long syncedLsn() {
    return Word.getAcquire(segment(), SharedHeader.SYNCED_LSN);
  }

  void setSyncedLsn(long lsn) {
    Word.setRelease(segment(), SharedHeader.SYNCED_LSN, lsn);
  }

  long nextStamp() {
    return Word.getAcquire(segment(), SharedHeader.STAMP_NEXT);
  }

  void setNextStamp(long stamp) {
    Word.setRelease(segment(), SharedHeader.STAMP_NEXT, stamp);
  }

  /// What is counted over the life of `shm`.
  long count(Counter counter) {
    return Word.getAcquire(segment(), SharedHeader.counterWord(counter.code()));
  }

  /// Adds to a counter; the caller holds the space lock.
  void add(Counter counter, long amount) {
    long at = SharedHeader.counterWord(counter.code());
    Word.setRelease(segment(), at, Word.get(segment(), at) + amount);
  }

  /// A field of the record that a sequence word names. The record is filled again two checkpoints
  /// later: then the sequence in it is another, and the word has moved.
  private long checkpointField(long sequenceWord, long field) {
    MemorySegment s = segment();
    while (true) {
      long sequence = Word.getVolatile(s, sequenceWord);
      long at = checkpointRecord(sequence);
      long value = Word.getAcquire(s, at + field);
      if (Word.getVolatile(s, at + CheckpointRecord.SEQUENCE) == sequence) {
        return value;
      }
    }
  }

  private static long checkpointRecord(long sequence) {
    return SharedHeader.CHECKPOINTS + (sequence & 1) * CheckpointRecord.SIZE_BYTES;
  }
}
