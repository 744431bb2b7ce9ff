package dev.quire.store.internal.page;

import java.util.Arrays;

/// Finds pending pages that nobody can read any more.
///
/// The one rule: a page born at B and replaced at F is free iff F is at most the head that was
/// loaded before the pins were scanned, and no pin s has B <= s < F. A new pin is never below that
/// head, so an entry that one pin holds need not be looked at again before that pin has gone: it is
/// parked with the youngest pin that holds it. What this object remembers is only an index; the
/// list itself is in shared memory, and the index is made anew when the list was compacted. Other
/// processes spend entries, which the index passes over when it comes to them, and add some; so
/// does who finishes the work of a process that died: a note that is done once more writes its
/// entries where they stand already, behind all that was examined.
public final class Reclaimer {

  /// Who reads what.
  public interface Pins {
    /// Loads the head, then collects every pin.
    ///
    /// @return the transaction id of the head
    long scan(PinList target);
  }

  /// Where free pages go.
  @FunctionalInterface
  interface Sink {
    /// @param birth transaction that wrote the pages
    /// @param freed transaction that stopped referring to them
    void free(long page, int count, long birth, long freed);
  }

  private final PendingPages pending;
  private final Pins pins;
  private final PinList pinList = new PinList();
  private long epoch = -1;
  private long examined;
  private long[] parkedPins = new long[4];
  private long[][] parked = new long[4][];
  private int[] parkedCounts = new int[4];
  private int parkedSize;

  Reclaimer(PendingPages pending, Pins pins) {
    this.pending = pending;
    this.pins = pins;
  }

  /// Whether so many pages, or more, were never examined. An entry stands for one page at least.
  boolean hasUnexamined(int pages) {
    long position = pending.epoch() == epoch ? examined : pending.start();
    long end = pending.end();
    long found = end - position;
    while (found < pages && position < end) {
      found += pending.count(position) - 1;
      position++;
    }
    return found >= pages;
  }

  /// Hands every page that is free now to `sink`.
  void reclaim(Sink sink) {
    long head = pins.scan(pinList);
    if (pending.epoch() != epoch) {
      epoch = pending.epoch();
      examined = pending.start();
      parkedSize = 0;
    }
    examineParked(sink);
    long end = pending.end();
    examined = Math.max(examined, pending.start());
    while (examined < end && pending.freed(examined) <= head) {
      examine(examined, sink);
      examined++;
    }
    pending.skipSpent();
  }

  private void examineParked(Sink sink) {
    for (int i = parkedSize - 1; i >= 0; i--) {
      if (pinList.contains(parkedPins[i])) {
        continue;
      }
      long[] positions = parked[i];
      int count = parkedCounts[i];
      removeParked(i);
      for (int p = 0; p < count; p++) {
        examine(positions[p], sink);
      }
    }
  }

  private void examine(long position, Sink sink) {
    int count = pending.count(position);
    if (count == 0) {
      return;
    }
    long birth = pending.birth(position);
    long freed = pending.freed(position);
    long pin = pinList.lower(freed);
    if (pin >= birth) {
      park(pin, position);
      return;
    }
    long page = pending.pageNo(position);
    pending.spend(position);
    sink.free(page, count, birth, freed);
  }

  private void park(long pin, long position) {
    int at = Arrays.binarySearch(parkedPins, 0, parkedSize, pin);
    if (at < 0) {
      at = -at - 1;
      insertParked(at, pin);
    }
    int count = parkedCounts[at];
    if (count == parked[at].length) {
      parked[at] = Arrays.copyOf(parked[at], 2 * count);
    }
    parked[at][count] = position;
    parkedCounts[at] = count + 1;
  }

  private void insertParked(int at, long pin) {
    if (parkedSize == parkedPins.length) {
      parkedPins = Arrays.copyOf(parkedPins, 2 * parkedSize);
      parked = Arrays.copyOf(parked, 2 * parkedSize);
      parkedCounts = Arrays.copyOf(parkedCounts, 2 * parkedSize);
    }
    int moved = parkedSize - at;
    System.arraycopy(parkedPins, at, parkedPins, at + 1, moved);
    System.arraycopy(parked, at, parked, at + 1, moved);
    System.arraycopy(parkedCounts, at, parkedCounts, at + 1, moved);
    parkedPins[at] = pin;
    parked[at] = new long[16];
    parkedCounts[at] = 0;
    parkedSize++;
  }

  private void removeParked(int at) {
    int moved = parkedSize - at - 1;
    System.arraycopy(parkedPins, at + 1, parkedPins, at, moved);
    System.arraycopy(parked, at + 1, parked, at, moved);
    System.arraycopy(parkedCounts, at + 1, parkedCounts, at, moved);
    parkedSize--;
  }
}
