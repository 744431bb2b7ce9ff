package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U16;
import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;
import static dev.quire.store.internal.format.Le.U8;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// The header of one record of the redo ring.
///
/// Records are multiples of 8 bytes long and follow each other; none crosses the ring's end. Where
/// fewer than [#SIZE_BYTES] bytes remain before the end, the log continues at the ring's start;
/// where more remain, but too few for the next record, a skip record fills them. Of that only the
/// header is written, and its CRC covers no more.
///
/// | offset | size | field       | meaning                                                       |
/// |-------:|-----:|-------------|---------------------------------------------------------------|
/// |      0 |    4 | length      | of the whole record, in bytes                                 |
/// |      4 |    4 | crc         | CRC32C of the predecessor's crc, then length, then all from 8 |
/// |      8 |    8 | lsn         | absolute log position; ring offset is lsn mod ring size       |
/// |     16 |    8 | txnId       | the transaction; of skip and void the newest committed one    |
/// |     24 |    8 | predecessor | the transaction whose state this one changed                  |
/// |     32 |    8 | checkpoint  | sequence of the superblock that was durable then              |
/// |     40 |    4 | epoch       | writer generation: changes at recovery and takeover only      |
/// |     44 |    1 | kind        | [#COMMIT], [#SKIP] or [#VOID]                                 |
/// |     45 |    1 | reserved1   | zero                                                          |
/// |     46 |    2 | reserved2   | zero                                                          |
/// |     48 |    8 | userTerm    | user word that commits with the transaction                   |
/// |     56 |    8 | userIndex   | user word that commits with the transaction                   |
/// |     64 |    4 | operations  | length of the operations that follow, in bytes                |
/// |     68 |    4 | reserved3   | zero                                                          |
public final class RedoRecord {

  /// A transaction's operations.
  public static final int COMMIT = 1;

  /// Filler up to the ring's end.
  public static final int SKIP = 2;

  /// Written by a process that takes over from a dead writer: ends whatever that one left behind.
  public static final int VOID = 3;

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          U32.withName("length"),
          U32.withName("crc"),
          U64.withName("lsn"),
          U64.withName("txnId"),
          U64.withName("predecessor"),
          U64.withName("checkpoint"),
          U32.withName("epoch"),
          U8.withName("kind"),
          U8.withName("reserved1"),
          U16.withName("reserved2"),
          U64.withName("userTerm"),
          U64.withName("userIndex"),
          U32.withName("operations"),
          U32.withName("reserved3"));

  /// Size of the header, in bytes.
  public static final int SIZE_BYTES = 72;

  /// First byte after length and crc.
  public static final int BODY = 8;

  private static final long LENGTH = offset("length");
  private static final long CRC = offset("crc");
  private static final long LSN = offset("lsn");
  private static final long TXN_ID = offset("txnId");
  private static final long PREDECESSOR = offset("predecessor");
  private static final long CHECKPOINT = offset("checkpoint");
  private static final long EPOCH = offset("epoch");
  private static final long KIND = offset("kind");
  private static final long USER_TERM = offset("userTerm");
  private static final long USER_INDEX = offset("userIndex");
  private static final long OPERATIONS = offset("operations");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
    assert LSN == BODY : LAYOUT;
  }

  /// The decoded header without its CRC.
  ///
  /// @param length whole record, in bytes
  /// @param lsn absolute log position
  /// @param txnId the transaction
  /// @param predecessor the transaction before it
  /// @param checkpoint sequence of the durable superblock
  /// @param epoch writer generation
  /// @param kind [#COMMIT], [#SKIP] or [#VOID]
  /// @param userTerm user word
  /// @param userIndex user word
  /// @param operationsBytes length of the operations
  public record Header(
      int length,
      long lsn,
      long txnId,
      long predecessor,
      long checkpoint,
      int epoch,
      int kind,
      long userTerm,
      long userIndex,
      int operationsBytes) {}

  private RedoRecord() {}

  /// Length of a record with so many bytes of operations.
  public static long lengthBytes(long operationsBytes) {
    return SIZE_BYTES + operationsBytes + 7 & -8L;
  }

  /// Writes everything but the CRC.
  public static void write(MemorySegment s, long at, Header h) {
    s.set(U32, at + LENGTH, h.length);
    s.set(U32, at + CRC, 0);
    s.set(U64, at + LSN, h.lsn);
    s.set(U64, at + TXN_ID, h.txnId);
    s.set(U64, at + PREDECESSOR, h.predecessor);
    s.set(U64, at + CHECKPOINT, h.checkpoint);
    s.set(U32, at + EPOCH, h.epoch);
    s.set(U32, at + KIND, h.kind);
    s.set(U64, at + USER_TERM, h.userTerm);
    s.set(U64, at + USER_INDEX, h.userIndex);
    s.set(U64, at + OPERATIONS, h.operationsBytes);
  }

  public static Header read(MemorySegment s, long at) {
    return new Header(
        s.get(U32, at + LENGTH),
        s.get(U64, at + LSN),
        s.get(U64, at + TXN_ID),
        s.get(U64, at + PREDECESSOR),
        s.get(U64, at + CHECKPOINT),
        s.get(U32, at + EPOCH),
        Byte.toUnsignedInt(s.get(U8, at + KIND)),
        s.get(U64, at + USER_TERM),
        s.get(U64, at + USER_INDEX),
        s.get(U32, at + OPERATIONS));
  }

  public static int crc(MemorySegment s, long at) {
    return s.get(U32, at + CRC);
  }

  public static void setCrc(MemorySegment s, long at, int crc) {
    s.set(U32, at + CRC, crc);
  }

  private static long offset(String field) {
    return Fields.offset(LAYOUT, field);
  }
}
