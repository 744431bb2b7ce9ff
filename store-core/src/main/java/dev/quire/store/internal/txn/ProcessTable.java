package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.ProcessSlot;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.SharedAreas.Area;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Who has the store open: one slot for each process, alive as long as its lock byte is held.
final class ProcessTable {

  /// Slots, and so processes that can have a store open at once.
  static final int SLOTS = 240;

  static final long SIZE_BYTES = (long) SLOTS * ProcessSlot.SIZE_BYTES;

  private ProcessTable() {}

  /// Enters this process; its lock byte is held already.
  ///
  /// @return the slot's new incarnation
  static long enter(SharedState state, int slot) {
    MemorySegment s = state.segment();
    long at = slotOffset(state, slot);
    long incarnation = Word.get(s, at + ProcessSlot.INCARNATION) + 1;
    Word.setVolatile(s, at + ProcessSlot.INCARNATION, incarnation);
    Word.set(s, at + ProcessSlot.PID, ProcessHandle.current().pid());
    Word.set(s, at + ProcessSlot.START_MILLIS, System.currentTimeMillis());
    Word.set(s, at + ProcessSlot.TICKET, 0);
    return incarnation;
  }

  /// The name of the process that has a slot now.
  ///
  /// @param owner its slot + 1 in the high, its incarnation in the low half
  static ProcessLife.Name nameOf(SharedState state, long owner) {
    int slot = (int) (owner >>> Integer.SIZE) - 1;
    long at = slotOffset(state, slot) + ProcessSlot.START_MILLIS;
    return new ProcessLife.Name(owner, Word.get(state.segment(), at));
  }

  /// The process of a slot in words, for messages.
  static String describe(SharedState state, int slot) {
    MemorySegment s = state.segment();
    long at = slotOffset(state, slot);
    byte[] host = new byte[4 * Long.BYTES];
    MemorySegment.copy(s, at + ProcessSlot.HOST, MemorySegment.ofArray(host), 0, host.length);
    String name = new String(host, StandardCharsets.UTF_8).replace("\0", "");
    return "process "
        + Word.get(s, at + ProcessSlot.PID)
        + (name.isEmpty() ? "" : " on " + name)
        + " (slot "
        + slot
        + ")";
  }

  private static long slotOffset(SharedState state, int slot) {
    return state.areas().offset(Area.PROCESSES) + (long) slot * ProcessSlot.SIZE_BYTES;
  }
}
