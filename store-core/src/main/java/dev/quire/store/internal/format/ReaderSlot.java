package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.WORD;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/// One pinned snapshot. A slot belongs to a transaction object, never to a thread, and fills two
/// cache lines so that readers write no line in common.
///
/// | offset | size | field    | meaning                                                  |
/// |-------:|-----:|----------|----------------------------------------------------------|
/// |      0 |    8 | owner    | high half: process slot + 1, low: incarnation; 0: nobody |
/// |      8 |    8 | txnId    | [#FREE], [#CLAIMED], or the pinned transaction           |
/// |     16 |    8 | since    | when the pin was taken, epoch milliseconds; 0: not noted |
/// |     24 |    8 | hits     | lookups that found their key, by all who had the slot    |
/// |     32 |    8 | misses   | lookups that did not                                     |
/// |     40 |   88 | reserved | zero                                                     |
public final class ReaderSlot {

  /// Nobody reads through the slot.
  public static final long FREE = 0;

  /// Taken, nothing pinned yet.
  public static final long CLAIMED = -1;

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          WORD.withName("owner"),
          WORD.withName("txnId"),
          WORD.withName("since"),
          WORD.withName("hits"),
          WORD.withName("misses"),
          MemoryLayout.sequenceLayout(11, WORD).withName("reserved"));

  /// Size of the struct, in bytes.
  public static final int SIZE_BYTES = 128;

  public static final long OWNER = offset("owner");
  public static final long TXN_ID = offset("txnId");
  public static final long SINCE = offset("since");
  public static final long HITS = offset("hits");
  public static final long MISSES = offset("misses");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
  }

  private ReaderSlot() {}

  private static long offset(String field) {
    return Fields.offset(LAYOUT, field);
  }
}
