package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.errors.StoreTruncatedException;
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

  private static final long HEAD_RING_BYTES = (long) HeadRecord.PLACES * HeadRecord.SIZE_BYTES;
  private static final long FAILED = 1;
  private static final long TRUNCATED = 2;

  /// Whether this process has lost its place in the store: it must not write any more, to `shm`
  /// neither.
  private volatile boolean expelled;

  /// Whether somebody cut `shm`: then this process has lost its place.
  private volatile boolean cut;

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
    areas.require(Area.HEAD_RING, HEAD_RING_BYTES);
    areas.require(Area.PROCESSES, ProcessTable.SIZE_BYTES);
    areas.require(Area.READERS.code(), ReaderTable.chunkBytes(0));
    areas.require(Area.PENDING_EVEN, PendingPages.FIRST_CAPACITY_BYTES);
    setTurnClean(true);
  }

  /// The newest published transaction.
  long headTxnId() {
    return Word.getVolatile(segment(), SharedHeader.HEAD);
  }

  /// The newest published state. Only for the holder of the turn or of the space lock: nobody
  /// publishes meanwhile.
  Head head() {
    MemorySegment s = segment();
    long at = headPlace(headTxnId());
    return HeadRecord.read(s, at);
  }

  /// Log position of the newest published transaction, without a lock.
  long newestLsn() {
    while (true) {
      long t = headTxnId();
      MemorySegment s = segment();
      long at = headPlace(t);
      long lsn = Word.getAcquire(s, at + HeadRecord.LSN);
      VarHandle.acquireFence();
      long now = headTxnId();
      if (now < t + HeadRecord.PLACES - 1) {
        return lsn;
      }
      if (now == t) {
        throw SharedAreas.damaged("transaction " + t + " as the newest");
      }
    }
  }

  /// Offset of the place of a transaction in the head ring.
  long headPlace(long txnId) {
    return areas.offset(Area.HEAD_RING, HEAD_RING_BYTES) + HeadRecord.place(txnId);
  }

  /// Fills the place of `head`; nobody sees it yet.
  void fillPlace(Head head) {
    MemorySegment s = segment();
    HeadRecord.write(s, headPlace(head.txnId()), head);
  }

  /// Makes `head`, whose place is filled, the newest transaction.
  void publish(long txnId) {
    Word.setVolatile(segment(), SharedHeader.HEAD, txnId);
  }

  /// Whether this process may not write: nobody may, or it has lost its place.
  boolean isPoisoned() {
    return expelled || Word.getVolatile(segment(), SharedHeader.POISON) != 0;
  }

  /// Refuses writes from now on, in every process. Idempotent. A process that has lost its place
  /// does so for itself alone.
  void poison() {
    if (!expelled) {
      Word.compareAndSet(segment(), SharedHeader.POISON, 0, FAILED);
    }
  }

  /// Refuses writes from now on because somebody cut a file: whatever failed before, this is why.
  /// Of `data` all processes learn by the word of poison; if it is `shm`, each finds out alone.
  void noteTruncated() {
    if (isCut()) {
      cut = true;
      expelled = true;
    } else if (!expelled) {
      Word.setVolatile(segment(), SharedHeader.POISON, TRUNCATED);
    }
  }

  /// Whether writes are refused because somebody cut a file.
  boolean isTruncated() {
    return cut || !expelled && Word.getVolatile(segment(), SharedHeader.POISON) == TRUNCATED;
  }

  /// Whether `shm` is shorter than what is mapped of it.
  boolean isCut() {
    return region.isCut();
  }

  /// @throws StoreTruncatedException if somebody cut `shm`
  void requireWhole() {
    if (isCut()) {
      noteTruncated();
      requireSound();
    }
  }

  /// This process has lost its place in the store.
  void expel() {
    expelled = true;
  }

  boolean isExpelled() {
    return expelled;
  }

  /// @throws StoreFailedException if the store is poisoned, or this process has lost its place
  /// @throws StoreTruncatedException if it is poisoned because the data file was cut
  void requireSound() {
    if (isTruncated()) {
      throw new StoreTruncatedException(
          "a file of the store, "
              + (cut ? "shm" : "data")
              + ", became shorter while it was open: something outside the store cut it; close the"
              + " store in every process"
              + (cut ? " and open it again" : " and restore a backup"));
    }
    if (expelled) {
      throw new StoreFailedException(
          "this process has lost its locks on the store, and others took it for dead: something"
              + " in it has opened and closed the file `lock`; close the store here and open it"
              + " again");
    }
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
    Word.setVolatile(segment(), SharedHeader.SYNCED_LSN, lsn);
  }

  /// The log is on the medium at least up to here. Processes may say so at the same time.
  void raiseSyncedLsn(long lsn) {
    MemorySegment s = segment();
    long known = Word.getVolatile(s, SharedHeader.SYNCED_LSN);
    while (known < lsn && !Word.compareAndSet(s, SharedHeader.SYNCED_LSN, known, lsn)) {
      known = Word.getVolatile(s, SharedHeader.SYNCED_LSN);
    }
  }

  long nextStamp() {
    return Word.getAcquire(segment(), SharedHeader.STAMP_NEXT);
  }

  void setNextStamp(long stamp) {
    Word.setRelease(segment(), SharedHeader.STAMP_NEXT, stamp);
  }

  /// Pages from here on are in no bitmap.
  ///
  /// @throws StoreFailedException if the bitmaps hold fewer
  long highWater() {
    long pages = Word.getAcquire(segment(), SharedHeader.HIGH_WATER);
    long held =
        Math.min(areas.capacityBytes(Area.USED), areas.capacityBytes(Area.LIVE)) * Byte.SIZE;
    if (pages < 0 || pages > held) {
      throw SharedAreas.damaged(pages + " pages in bitmaps of " + held);
    }
    return pages;
  }

  /// Bits of pages below may be set from now on. With the turn, under the space lock.
  void raiseHighWater(long pages) {
    if (pages > highWater()) {
      Word.setRelease(segment(), SharedHeader.HIGH_WATER, pages);
    }
  }

  /// The file ends here from now on: no bit of a page behind is set, and no published head that a
  /// reader could still begin with needs one. With the turn, under the space lock.
  void lowerHighWater(long pages) {
    Word.setRelease(segment(), SharedHeader.HIGH_WATER, pages);
  }

  /// Pages that the next checkpoint makes durable, about.
  long dirtyPages() {
    return Word.getAcquire(segment(), SharedHeader.DIRTY_PAGES);
  }

  /// With the turn, under the space lock.
  void setDirtyPages(long pages) {
    Word.setRelease(segment(), SharedHeader.DIRTY_PAGES, pages);
  }

  /// Counts how often the turn was taken; who has it can tell by it that nobody else took it.
  long turn() {
    return Word.getVolatile(segment(), SharedHeader.TURN);
  }

  /// This process has taken the turn: its lock byte is held.
  ///
  /// @return the new [#turn]
  long beginTurn(int slot) {
    MemorySegment s = segment();
    long number = turn() + 1;
    Word.setVolatile(s, SharedHeader.TURN_CLEAN, 0);
    Word.setVolatile(s, SharedHeader.TURN, number);
    Word.setVolatile(s, SharedHeader.TURN_HOLDER, slot);
    Word.setVolatile(s, SharedHeader.TURN_SINCE, System.currentTimeMillis());
    Word.setVolatile(s, SharedHeader.TURN_NEXT, 0);
    return number;
  }

  /// This process is about to let go of the turn.
  ///
  /// @param next slot of who may take it next, or -1
  /// @param clean whether nothing is half done
  void endTurn(int next, boolean clean) {
    MemorySegment s = segment();
    Word.setVolatile(s, SharedHeader.TURN_NEXT, next + 1L);
    if (clean) {
      setTurnClean(true);
    }
  }

  boolean isTurnClean() {
    return Word.getVolatile(segment(), SharedHeader.TURN_CLEAN) == 1;
  }

  void setTurnClean(boolean clean) {
    Word.setVolatile(segment(), SharedHeader.TURN_CLEAN, clean ? 1 : 0);
  }

  /// Slot of the process that took the turn last.
  int turnHolder() {
    return Math.max(0, slot(Word.getVolatile(segment(), SharedHeader.TURN_HOLDER)));
  }

  /// A slot of a process, -1 for what is none.
  private static int slot(long number) {
    return number >= 0 && number < ProcessTable.SLOTS ? (int) number : -1;
  }

  /// When it took it, epoch milliseconds.
  long turnSince() {
    return Word.getVolatile(segment(), SharedHeader.TURN_SINCE);
  }

  /// Slot of the process that may take the turn next, or -1.
  int turnNext() {
    return slot(Word.getVolatile(segment(), SharedHeader.TURN_NEXT) - 1);
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
      if (Word.getVolatile(s, sequenceWord) == sequence) {
        throw SharedAreas.damaged("no record of superblock " + sequence);
      }
    }
  }

  /// Whether the superblocks that `durable` and `candidate` name have their records.
  boolean hasCheckpointRecords() {
    return hasRecord(durableSequence()) && hasRecord(candidateSequence());
  }

  private boolean hasRecord(long sequence) {
    return Word.getVolatile(segment(), checkpointRecord(sequence) + CheckpointRecord.SEQUENCE)
        == sequence;
  }

  private static long checkpointRecord(long sequence) {
    return SharedHeader.CHECKPOINTS + (sequence & 1) * CheckpointRecord.SIZE_BYTES;
  }
}
