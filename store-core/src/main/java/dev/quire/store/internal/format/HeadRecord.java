package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.WORD;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// One place of the head ring: the state that a transaction published. The head word names the
/// place: transaction id modulo [#PLACES]. A writer fills the next place before it stores the word.
///
/// | offset | size | field       | meaning                                                    |
/// |-------:|-----:|-------------|------------------------------------------------------------|
/// |      0 |    8 | txnId       | id of the transaction: the head word that names this place |
/// |      8 |    8 | catalogue   | reference of the catalogue's root                          |
/// |     16 |    8 | highWater   | first page number never allocated                          |
/// |     24 |    8 | fileSize    | length of the data file, bytes                             |
/// |     32 |    8 | lsn         | log position after the transaction's record                |
/// |     40 |    4 | chainCrc    | CRC of the last record before `lsn`                        |
/// |     44 |    4 | epoch       | of the log                                                 |
/// |     48 |    8 | loggedTxn   | last transaction in the log or in the durable superblock   |
/// |     56 |    8 | nextTableId | table id to give out next                                  |
/// |     64 |    8 | userTerm    | user word                                                  |
/// |     72 |    8 | userIndex   | user word                                                  |
/// |     80 |   48 | reserved    | zero                                                       |
public final class HeadRecord {

  /// Places in the ring, a power of two.
  public static final int PLACES = 64;

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          WORD.withName("txnId"),
          WORD.withName("catalogue"),
          WORD.withName("highWater"),
          WORD.withName("fileSize"),
          WORD.withName("lsn"),
          U32.withName("chainCrc"),
          U32.withName("epoch"),
          WORD.withName("loggedTxn"),
          WORD.withName("nextTableId"),
          WORD.withName("userTerm"),
          WORD.withName("userIndex"),
          MemoryLayout.sequenceLayout(6, WORD).withName("reserved"));

  /// Size of the struct, in bytes.
  public static final int SIZE_BYTES = 128;

  public static final long TXN_ID = offset("txnId");
  public static final long CATALOGUE = offset("catalogue");
  public static final long HIGH_WATER = offset("highWater");
  public static final long FILE_SIZE = offset("fileSize");
  public static final long LSN = offset("lsn");
  public static final long CHAIN_CRC = offset("chainCrc");
  public static final long EPOCH = offset("epoch");
  public static final long LOGGED_TXN = offset("loggedTxn");
  public static final long NEXT_TABLE_ID = offset("nextTableId");
  public static final long USER_TERM = offset("userTerm");
  public static final long USER_INDEX = offset("userIndex");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
  }

  private HeadRecord() {}

  /// Offset of the place of transaction `txnId` in the ring's area.
  public static long place(long txnId) {
    return (txnId & PLACES - 1) * SIZE_BYTES;
  }

  /// Writes the record of a transaction.
  public static void write(MemorySegment s, long at, Head head) {
    Word.set(s, at + TXN_ID, head.txnId());
    Word.set(s, at + CATALOGUE, head.catalogueRef());
    Word.set(s, at + HIGH_WATER, head.highWaterPage());
    Word.set(s, at + FILE_SIZE, head.fileSizeBytes());
    Word.set(s, at + LSN, head.lsn());
    s.set(U32, at + CHAIN_CRC, head.chainCrc());
    s.set(U32, at + EPOCH, head.epoch());
    Word.set(s, at + LOGGED_TXN, head.loggedTxnId());
    Word.set(s, at + NEXT_TABLE_ID, head.nextTableId());
    Word.set(s, at + USER_TERM, head.userTerm());
    Word.set(s, at + USER_INDEX, head.userIndex());
  }

  public static Head read(MemorySegment s, long at) {
    return new Head(
        Word.get(s, at + TXN_ID),
        Word.get(s, at + CATALOGUE),
        Word.get(s, at + HIGH_WATER),
        Word.get(s, at + FILE_SIZE),
        Word.get(s, at + LSN),
        s.get(U32, at + CHAIN_CRC),
        s.get(U32, at + EPOCH),
        Word.get(s, at + LOGGED_TXN),
        Word.get(s, at + NEXT_TABLE_ID),
        Word.get(s, at + USER_TERM),
        Word.get(s, at + USER_INDEX));
  }

  private static long offset(String field) {
    return Fields.offset(LAYOUT, field);
  }
}
