package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.HeadRecord;
import dev.quire.store.internal.format.NoteRecord;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.PendingPages;
import dev.quire.store.internal.page.RunList;
import dev.quire.store.internal.page.SharedAreas;
import dev.quire.store.internal.page.SharedAreas.Area;
import dev.quire.store.internal.page.SpaceMap;
import dev.quire.store.internal.txn.Steps.Step;
import java.lang.foreign.MemorySegment;

/// What a publish is about to change in `shm`, written down before the first change.
///
/// Publishing marks the transaction's new pages, moves the pages that it replaced to the pending
/// list, fills a place of the head ring and stores the head word. Each step may be repeated:
/// whoever takes over from a process that died in the middle does all of them again, from the note
/// alone, and the result is the same. The note is in force while its state is not
/// [NoteRecord#NONE]. Guarded by the space lock.
final class Note {

  private final SharedState state;
  private final SpaceMap map;
  private final PendingPages pending;
  private final Steps steps;

  Note(SharedState state, SpaceMap map, PendingPages pending, Steps steps) {
    this.state = state;
    this.map = map;
    this.pending = pending;
    this.steps = steps;
  }

  /// Reserves all the memory that writing and applying a note of this size takes; nothing fails
  /// afterwards.
  void require(int births, int frees, long highWater) {
    state.areas().require(Area.NOTE, NoteRecord.lengthBytes(births, frees));
    map.require(highWater);
    pending.require(frees);
  }

  /// Writes the note and puts it in force.
  ///
  /// @param noteState [NoteRecord#PUBLISH] or [NoteRecord#PREPARED]
  void write(Head head, RunList births, RunList frees, long noteState) {
    long length = NoteRecord.lengthBytes(births.size(), frees.size());
    long at = state.areas().offset(Area.NOTE, length);
    MemorySegment s = state.segment();
    NoteRecord.setCounts(s, at, births.size(), frees.size());
    NoteRecord.setPending(s, at, pending.epoch(), pending.end());
    HeadRecord.write(s, at + NoteRecord.HEAD, head);
    for (int i = 0; i < births.size(); i++) {
      NoteRecord.setBirth(s, at, i, births.start(i), births.count(i));
    }
    for (int i = 0; i < frees.size(); i++) {
      NoteRecord.setFree(s, at, births.size(), i, frees.start(i), frees.count(i), frees.birth(i));
    }
    setState(noteState);
    steps.reached(Step.NOTE_WRITTEN);
  }

  /// One of the states of [NoteRecord].
  ///
  /// @throws dev.quire.store.errors.StoreFailedException if it is none
  long state() {
    long noteState = Word.getAcquire(state.segment(), SharedHeader.NOTE_STATE);
    if (noteState < NoteRecord.NONE || noteState > NoteRecord.PREPARED) {
      throw SharedAreas.damaged("a note in state " + noteState);
    }
    return noteState;
  }

  /// Offset of the note, all of which is there.
  private long place() {
    long at = state.areas().offset(Area.NOTE, NoteRecord.lengthBytes(0, 0));
    MemorySegment s = state.segment();
    int births = NoteRecord.births(s, at);
    int frees = NoteRecord.frees(s, at);
    if (births < 0 || frees < 0) {
      throw SharedAreas.damaged("a note of " + births + " and " + frees + " runs");
    }
    return state.areas().offset(Area.NOTE, NoteRecord.lengthBytes(births, frees));
  }

  /// The state that the note publishes.
  Head head() {
    return HeadRecord.read(state.segment(), place() + NoteRecord.HEAD);
  }

  /// Does what the note says, however much of it was done before, up to the head word.
  void publish() {
    applyToMap();
    MemorySegment s = state.segment();
    long at = place();
    Head head = head();
    int births = NoteRecord.births(s, at);
    int frees = NoteRecord.frees(s, at);
    // The list was compacted since the note was written only by somebody who had applied it.
    long position = NoteRecord.pendingEnd(s, at);
    if (NoteRecord.pendingEpoch(s, at) == pending.epoch()) {
      for (int i = 0; i < frees; i++) {
        pending.write(
            position + i,
            NoteRecord.freePage(s, at, births, i),
            NoteRecord.freeCount(s, at, births, i),
            NoteRecord.freeBirth(s, at, births, i),
            head.txnId());
      }
      pending.setEnd(position + frees);
    }
    state.fillPlace(head);
    steps.reached(Step.NOTE_APPLIED);
    state.publish(head.txnId());
    steps.reached(Step.HEAD_STORED);
    setState(NoteRecord.NONE);
  }

  /// Publishes a transaction whose candidate superblock turned out to be durable. Other pages may
  /// have become pending since the note was written.
  void publishPrepared() {
    MemorySegment s = state.segment();
    long at = place();
    pending.require(NoteRecord.frees(s, at));
    at = place();
    NoteRecord.setPending(state.segment(), at, pending.epoch(), pending.end());
    setState(NoteRecord.PUBLISH);
    publish();
  }

  /// Marks the new pages used and live, and the replaced ones no longer live.
  void applyToMap() {
    MemorySegment s = state.segment();
    long at = place();
    int births = NoteRecord.births(s, at);
    state.raiseHighWater(head().highWaterPage());
    for (int i = 0; i < births; i++) {
      long page = NoteRecord.birthPage(s, at, i);
      long count = NoteRecord.birthCount(s, at, i);
      map.setUsed(page, count);
      map.setLive(page, count);
    }
    for (int i = 0; i < NoteRecord.frees(s, at); i++) {
      map.clearLive(NoteRecord.freePage(s, at, births, i), NoteRecord.freeCount(s, at, births, i));
    }
  }

  /// Undoes [#applyToMap]: the transaction will not be published.
  void withdraw() {
    MemorySegment s = state.segment();
    long at = place();
    int births = NoteRecord.births(s, at);
    for (int i = 0; i < births; i++) {
      long page = NoteRecord.birthPage(s, at, i);
      long count = NoteRecord.birthCount(s, at, i);
      map.clearLive(page, count);
      map.clearUsed(page, count);
    }
    for (int i = 0; i < NoteRecord.frees(s, at); i++) {
      map.setLive(NoteRecord.freePage(s, at, births, i), NoteRecord.freeCount(s, at, births, i));
    }
    setState(NoteRecord.NONE);
  }

  private void setState(long noteState) {
    Word.setVolatile(state.segment(), SharedHeader.NOTE_STATE, noteState);
  }
}
