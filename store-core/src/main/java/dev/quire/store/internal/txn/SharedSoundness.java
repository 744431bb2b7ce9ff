package dev.quire.store.internal.txn;

import dev.quire.store.errors.StoreFailedException;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.HeadRecord;
import dev.quire.store.internal.format.NoteRecord;
import dev.quire.store.internal.format.PageRef;
import dev.quire.store.internal.format.PlanRecord;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.PendingPages;
import dev.quire.store.internal.page.SharedAreas;
import dev.quire.store.internal.page.SharedAreas.Area;
import dev.quire.store.internal.region.SharedRegion;
import java.lang.foreign.MemorySegment;

/// Looks whether what a dead process left in `shm` can be what a process leaves, at whatever step
/// it died: before anything in it is followed.
///
/// `shm` has no checksums, and it is only a short cut: what is not sound is thrown away, and the
/// superblock and the log have the word. A damaged bit of a bitmap is not seen here, but by the
/// checker.
final class SharedSoundness {

  private final SharedState state;
  private final SharedAreas areas;
  private final MemorySegment shm;
  private final Superblock newest;
  private final long sizeBytes;

  private SharedSoundness(SharedState state, SharedRegion shared, Superblock newest) {
    this.state = state;
    this.areas = state.areas();
    this.shm = state.segment();
    this.newest = newest;
    this.sizeBytes = Math.min(shared.sizeBytes(), shm.byteSize());
  }

  /// Whether it can.
  ///
  /// @param newest superblock of the store, which `shm` calls durable or the candidate
  static boolean holds(SharedState state, SharedRegion shared, Superblock newest) {
    SharedSoundness soundness = new SharedSoundness(state, shared, newest);
    try {
      return soundness.areasHold()
          && soundness.headHolds()
          && soundness.checkpointsHold()
          && soundness.noteHolds()
          && soundness.planHolds()
          && soundness.pendingHolds();
    } catch (StoreFailedException e) {
      // A word that no process may use.
      return false;
    }
  }

  /// Room is taken and filled with zeros before the area's word is stored. Whoever dies in between
  /// leaves room that no area has.
  private boolean areasHold() {
    for (int code = 0; code < SharedHeader.AREAS; code++) {
      long size = areas.saidBytes(code);
      long start = areas.saidOffset(code);
      if (size == 0) {
        continue;
      }
      if (start < SharedHeader.SIZE_BYTES || start + size > sizeBytes) {
        return false;
      }
      for (int other = 0; other < code; other++) {
        long from = areas.saidOffset(other);
        if (from < start + size && start < from + areas.saidBytes(other)) {
          return false;
        }
      }
    }
    return hasRoom(Area.HEAD_RING, (long) HeadRecord.PLACES * HeadRecord.SIZE_BYTES)
        && hasRoom(Area.PROCESSES, ProcessTable.SIZE_BYTES)
        && hasRoom(Area.READERS, ReaderTable.chunkBytes(0))
        && Word.get(shm, SharedHeader.AREAS_END) >= end();
  }

  private long end() {
    long end = SharedHeader.SIZE_BYTES;
    for (int code = 0; code < SharedHeader.AREAS; code++) {
      end = Math.max(end, areas.saidOffset(code) + areas.saidBytes(code));
    }
    return end;
  }

  private boolean hasRoom(Area area, long bytes) {
    return areas.capacityBytes(area) >= bytes;
  }

  /// Both bitmaps have grown before the high-water page is raised, and that is raised before a head
  /// is stored that needs it. A cut lowers the head's first. The place of the newest head is
  /// written again by a void record alone: who dies in that leaves the old or the new position,
  /// epoch and checksum, which all are possible.
  private boolean headHolds() {
    long pages = state.highWater();
    if (state.headTxnId() < 1 || pages < newest.firstPage() || pages > bitmapPages()) {
      return false;
    }
    return isPossible(state.head(), state.headTxnId(), pages);
  }

  /// Page numbers that both bitmaps hold. One grows after the other: who dies in between leaves
  /// them of different sizes.
  private long bitmapPages() {
    return Math.min(areas.capacityBytes(Area.USED), areas.capacityBytes(Area.LIVE)) * Byte.SIZE;
  }

  private boolean isPossible(Head head, long txnId, long pages) {
    return head.txnId() == txnId
        && head.loggedTxnId() >= 0
        && head.loggedTxnId() <= txnId
        && head.nextTableId() > 0
        && head.epoch() > 0
        && head.lsn() >= 0
        && head.highWaterPage() <= pages
        && head.highWaterPage() >= newest.firstPage()
        && head.fileSizeBytes() >= head.highWaterPage() * newest.pageSizeBytes()
        && PageRef.pageNo(head.catalogueRef()) < pages;
  }

  /// The superblock in the file says what `shm` says of it, and the log fits the ring.
  ///
  /// The record of a candidate lies where the one before the durable was, and is written before
  /// `candidate` is. A commit through a checkpoint names the transaction behind the head in its
  /// superblock, and its note is in force from before that until the head is stored. Pages of trees
  /// have stamps below the durable superblock's limit; those of a space map that is on its way may
  /// have stamps behind it, and there are fewer of them than pages.
  private boolean checkpointsHold() {
    long durable = state.durableSequence();
    long candidate = state.candidateSequence();
    if (durable < 1 || candidate < durable || candidate > durable + 1) {
      return false;
    }
    if (!state.hasCheckpointRecords()) {
      return false;
    }
    boolean isDurable = newest.sequence() == durable;
    long txnId = isDurable ? state.durableTxnId() : state.candidateTxnId();
    if (newest.ringSizeBytes() == 0) {
      return txnId == newest.txnId();
    }
    long logged = state.head().lsn() - state.durableLsn();
    int unpublished = Word.getAcquire(shm, SharedHeader.NOTE_STATE) == NoteRecord.NONE ? 0 : 1;
    return txnId == newest.txnId()
        && state.durableTxnId() <= state.headTxnId() + unpublished
        && state.candidateTxnId() <= state.headTxnId() + 1
        && (!isDurable || state.durableLsn() == newest.lsn())
        && (!isDurable || state.durableStampLimit() == newest.stampLimit())
        && state.nextStamp() >= newest.stampLimit() - EngineParts.STAMP_RESERVE
        && state.nextStamp() <= newest.stampLimit() + state.highWater()
        && logged >= 0
        && logged <= newest.ringSizeBytes()
        && state.syncedLsn() >= 0;
  }

  /// The note is whole before it is in force, and so is the room for what it says: its own, that of
  /// the bitmaps, and that of its entries among the pending pages. These are written before the end
  /// of their list is moved over them, once, and that before the head is stored; a prepared note
  /// takes other places when it is published.
  private boolean noteHolds() {
    long noteState = Word.getAcquire(shm, SharedHeader.NOTE_STATE);
    if (noteState == NoteRecord.NONE) {
      return true;
    }
    long at = areas.saidOffset(Area.NOTE.code());
    long capacity = areas.capacityBytes(Area.NOTE);
    if (noteState != NoteRecord.PUBLISH && noteState != NoteRecord.PREPARED
        || capacity < NoteRecord.lengthBytes(0, 0)) {
      return false;
    }
    int births = NoteRecord.births(shm, at);
    int frees = NoteRecord.frees(shm, at);
    if (births < 0 || frees < 0 || NoteRecord.lengthBytes(births, frees) > capacity) {
      return false;
    }
    Head head = HeadRecord.read(shm, at + NoteRecord.HEAD);
    long pages = bitmapPages();
    long txnId = head.txnId();
    if (txnId < state.headTxnId()
        || txnId > state.headTxnId() + 1
        || !isPossible(head, txnId, pages)) {
      return false;
    }
    for (int i = 0; i < births; i++) {
      if (!areNumbers(NoteRecord.birthPage(shm, at, i), NoteRecord.birthCount(shm, at, i), pages)) {
        return false;
      }
    }
    for (int i = 0; i < frees; i++) {
      long page = NoteRecord.freePage(shm, at, births, i);
      long birth = NoteRecord.freeBirth(shm, at, births, i);
      if (!areNumbers(page, NoteRecord.freeCount(shm, at, births, i), pages)
          || birth < 1
          || birth > txnId) {
        return false;
      }
    }
    PendingPages pending = new PendingPages(areas);
    if (noteState == NoteRecord.PREPARED || NoteRecord.pendingEpoch(shm, at) != pending.epoch()) {
      return true;
    }
    long end = NoteRecord.pendingEnd(shm, at);
    boolean isWritten = end + frees == pending.end();
    return (isWritten || end == pending.end() && txnId > state.headTxnId())
        && end + frees <= pending.capacityEntries();
  }

  private boolean areNumbers(long page, long count, long pages) {
    return page >= newest.firstPage() && count > 0 && page + count <= pages;
  }

  /// A plan is in force before the high-water page is raised for the pages that it takes; the
  /// bitmaps have grown by then. What it takes and leaves is settled before the file is cut.
  private boolean planHolds() {
    long planState = Word.getVolatile(shm, SharedHeader.PLAN_STATE);
    if (planState == PlanRecord.NONE) {
      return true;
    }
    long at = areas.saidOffset(Area.PLAN.code());
    long capacity = areas.capacityBytes(Area.PLAN);
    if (planState != PlanRecord.PLANNED && planState != PlanRecord.ABANDONED
        || capacity < PlanRecord.lengthBytes(0, 0)) {
      return false;
    }
    int taken = PlanRecord.taken(shm, at);
    int left = PlanRecord.left(shm, at);
    if (taken < 0 || left < 0 || PlanRecord.lengthBytes(taken, left) > capacity) {
      return false;
    }
    for (int i = 0; i < taken + left; i++) {
      if (!areNumbers(PlanRecord.page(shm, at, i), 1, bitmapPages())) {
        return false;
      }
    }
    return true;
  }

  /// An entry is written before the end of the list is moved over it, and its pages were live, so
  /// the high-water page is behind them; its transaction is published next. The list is copied
  /// before the epoch switches to the copy. Entries of pages that a cut took are spent.
  private boolean pendingHolds() {
    PendingPages pending = new PendingPages(areas);
    if (pending.epoch() < 0) {
      return false;
    }
    long start = pending.start();
    long end = pending.end();
    if (start > end) {
      return false;
    }
    for (long at = start; at < end; at++) {
      int count = pending.count(at);
      if (count != 0
          && (!areNumbers(pending.pageNo(at), count, state.highWater())
              || pending.birth(at) < 1
              || pending.birth(at) > pending.freed(at)
              || pending.freed(at) > state.headTxnId() + 1)) {
        return false;
      }
    }
    return true;
  }
}
