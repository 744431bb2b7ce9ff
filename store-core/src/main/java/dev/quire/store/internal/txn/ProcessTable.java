package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.ProcessSlot;
import dev.quire.store.internal.format.SharedHeader;
import dev.quire.store.internal.format.Word;
import dev.quire.store.internal.page.SharedAreas.Area;
import dev.quire.store.internal.region.HostName;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Who has the store open: one slot for each process, alive as long as its lock byte is held.
///
/// An incarnation is a slot and its count. It ends when a later process enters the slot, or when
/// somebody who holds the slot's byte buries it; what it owned in `shm` is nobody's from then on.
final class ProcessTable {

  /// Slots, and so processes that can have a store open at once.
  static final int SLOTS = 240;

  static final long SIZE_BYTES = (long) SLOTS * ProcessSlot.SIZE_BYTES;

  private static final int HOST_BYTES = 4 * Long.BYTES;

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
    byte[] host = Arrays.copyOf(HostName.current().getBytes(StandardCharsets.UTF_8), HOST_BYTES);
    MemorySegment.copy(MemorySegment.ofArray(host), 0, s, at + ProcessSlot.HOST, HOST_BYTES);
    Word.setVolatile(s, at + ProcessSlot.TICKET, 0);
    Word.setVolatile(s, at + ProcessSlot.START_MILLIS, System.currentTimeMillis());
    return incarnation;
  }

  /// Notes that the process of a slot is gone; its lock byte is held. What it owned is stale.
  static void bury(SharedState state, int slot) {
    MemorySegment s = state.segment();
    long at = slotOffset(state, slot);
    Word.setVolatile(s, at + ProcessSlot.INCARNATION, incarnation(state, slot) + 1);
    Word.setVolatile(s, at + ProcessSlot.TICKET, 0);
    Word.set(s, at + ProcessSlot.PID, 0);
    Word.setVolatile(s, at + ProcessSlot.START_MILLIS, 0);
  }

  /// Buries everybody: only while no process lives.
  static void clear(SharedState state) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (isEntered(state, slot)) {
        bury(state, slot);
      }
    }
  }

  static long incarnation(SharedState state, int slot) {
    return Word.getVolatile(state.segment(), slotOffset(state, slot) + ProcessSlot.INCARNATION);
  }

  /// When the process of a slot opened the store, 0 if nobody has the slot.
  static long startMillis(SharedState state, int slot) {
    return Word.getVolatile(state.segment(), slotOffset(state, slot) + ProcessSlot.START_MILLIS);
  }

  /// Whether a process entered the slot and has not left, as far as is known: it may have died.
  static boolean isEntered(SharedState state, int slot) {
    return startMillis(state, slot) != 0;
  }

  /// Draws a ticket: a number that is greater than all drawn before.
  static long drawTicket(SharedState state) {
    MemorySegment s = state.segment();
    long last;
    do {
      last = Word.getVolatile(s, SharedHeader.TURN_TICKETS);
    } while (!Word.compareAndSet(s, SharedHeader.TURN_TICKETS, last, last + 1));
    return last + 1;
  }

  static long ticket(SharedState state, int slot) {
    return Word.getVolatile(state.segment(), slotOffset(state, slot) + ProcessSlot.TICKET);
  }

  /// @param ticket 0: the process does not wait for the turn
  static void setTicket(SharedState state, int slot, long ticket) {
    Word.setVolatile(state.segment(), slotOffset(state, slot) + ProcessSlot.TICKET, ticket);
  }

  /// The slot that has waited longest for the turn, not counting `slot`, or -1.
  static int longestWaiting(SharedState state, int slot) {
    int found = -1;
    long least = Long.MAX_VALUE;
    for (int other = 0; other < SLOTS; other++) {
      long ticket = ticket(state, other);
      if (other != slot && ticket != 0 && ticket < least) {
        least = ticket;
        found = other;
      }
    }
    return found;
  }

  /// The process of a slot in words, for messages.
  static String describe(SharedState state, int slot) {
    String name = host(state, slot);
    return "process "
        + pid(state, slot)
        + (name.isEmpty() ? "" : " on " + name)
        + " (slot "
        + slot
        + ")";
  }

  /// Process id of the process of a slot, for messages.
  static long pid(SharedState state, int slot) {
    return Word.get(state.segment(), slotOffset(state, slot) + ProcessSlot.PID);
  }

  /// Host name of the process of a slot, for messages.
  static String host(SharedState state, int slot) {
    byte[] host = new byte[HOST_BYTES];
    MemorySegment.copy(
        state.segment(),
        slotOffset(state, slot) + ProcessSlot.HOST,
        MemorySegment.ofArray(host),
        0,
        host.length);
    return new String(host, StandardCharsets.UTF_8).replace("\0", "");
  }

  private static long slotOffset(SharedState state, int slot) {
    return state.areas().offset(Area.PROCESSES, SIZE_BYTES) + (long) slot * ProcessSlot.SIZE_BYTES;
  }
}
