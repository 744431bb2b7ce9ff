package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.WORD;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/// One process that has the store open. It lives as long as lock byte 16 + slot index is held,
/// whatever the fields say.
///
/// | offset | size | field       | meaning                                               |
/// |-------:|-----:|-------------|-------------------------------------------------------|
/// |      0 |    8 | incarnation | counts the processes that had this slot; 0: none yet  |
/// |      8 |    8 | pid         | process id, for messages only                         |
/// |     16 |    8 | startMillis | when it opened the store, epoch milliseconds; 0: gone |
/// |     24 |    8 | ticket      | its place among those who wait for the turn, 0: none  |
/// |     32 |   32 | host        | host name, UTF-8, zero-padded                         |
/// |     64 |   64 | reserved    | zero                                                  |
public final class ProcessSlot {

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          WORD.withName("incarnation"),
          WORD.withName("pid"),
          WORD.withName("startMillis"),
          WORD.withName("ticket"),
          MemoryLayout.sequenceLayout(4, WORD).withName("host"),
          MemoryLayout.sequenceLayout(8, WORD).withName("reserved"));

  /// Size of the struct, in bytes.
  public static final int SIZE_BYTES = 128;

  public static final long INCARNATION = offset("incarnation");
  public static final long PID = offset("pid");
  public static final long START_MILLIS = offset("startMillis");
  public static final long TICKET = offset("ticket");
  public static final long HOST = offset("host");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
  }

  private ProcessSlot() {}

  private static long offset(String field) {
    return Fields.offset(LAYOUT, field);
  }
}
