package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// A [Superblock] as bytes: at the start of pages 0 and 1 (slot 0, twice the same) and of pages 2
/// and 3 (slot 1). The rest of those pages is zero.
///
/// | offset | size | field         | meaning                                             |
/// |-------:|-----:|---------------|-----------------------------------------------------|
/// |      0 |    8 | magic         | `QUIRE` and three bytes that text transfers destroy |
/// |      8 |    4 | crc           | CRC32C of bytes 12 to 191                           |
/// |     12 |    4 | formatVersion | [#FORMAT_VERSION]                                   |
/// |     16 |    4 | pageSize      | bytes                                               |
/// |     20 |    4 | flags         | bit 0: pages carry a CRC                            |
/// |     24 |   16 | storeId       | random, of the store's creation                     |
/// |     40 |    8 | created       | epoch milliseconds                                  |
/// |     48 |    8 | sequence      | counts superblocks; slot = sequence mod 2           |
/// |     56 |    8 | txnId         | the state's transaction                             |
/// |     64 |    8 | catalogue     | reference of the catalogue's root, 0 if it is empty |
/// |     72 |    8 | map           | reference of the space map's root                   |
/// |     80 |    4 | mapLevels     | 1: the root is a map leaf                           |
/// |     84 |    4 | chainCrc      | CRC of the log record before `lsn`                  |
/// |     88 |    8 | highWater     | first page number never allocated                   |
/// |     96 |    8 | fileSize      | bytes                                               |
/// |    104 |    8 | ringSize      | bytes                                               |
/// |    112 |    8 | lsn           | log position of the first record not contained      |
/// |    120 |    4 | epoch         | of the log                                          |
/// |    124 |    4 | reserved1     | zero                                                |
/// |    128 |    8 | stampLimit    | all stamps in use are below                         |
/// |    136 |    8 | userTerm      | user word                                           |
/// |    144 |    8 | userIndex     | user word                                           |
/// |    152 |    8 | nextTableId   | next table id                                       |
/// |    160 |   32 | reserved2     | zero                                                |
public final class SuperblockPage {

  /// `QUIRE`, 0x0D, 0x0A, 0x1A, read as a little-endian word.
  public static final long MAGIC = 0x1A0A_0D45_5249_5551L;

  /// The format that this version reads and writes.
  public static final int FORMAT_VERSION = 1;

  /// Flag: pages carry a CRC.
  public static final int FLAG_CHECKSUMS = 1;

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          U64.withName("magic"),
          U32.withName("crc"),
          U32.withName("formatVersion"),
          U32.withName("pageSize"),
          U32.withName("flags"),
          MemoryLayout.sequenceLayout(2, U64).withName("storeId"),
          U64.withName("created"),
          U64.withName("sequence"),
          U64.withName("txnId"),
          U64.withName("catalogue"),
          U64.withName("map"),
          U32.withName("mapLevels"),
          U32.withName("chainCrc"),
          U64.withName("highWater"),
          U64.withName("fileSize"),
          U64.withName("ringSize"),
          U64.withName("lsn"),
          U32.withName("epoch"),
          U32.withName("reserved1"),
          U64.withName("stampLimit"),
          U64.withName("userTerm"),
          U64.withName("userIndex"),
          U64.withName("nextTableId"),
          MemoryLayout.sequenceLayout(4, U64).withName("reserved2"));

  /// Size of the struct, in bytes.
  public static final int SIZE_BYTES = 192;

  private static final long PAGE_SIZE = offset("pageSize");
  private static final long FLAGS = offset("flags");
  private static final long STORE_ID = offset("storeId");
  private static final long CREATED = offset("created");
  private static final long SEQUENCE = offset("sequence");
  private static final long TXN_ID = offset("txnId");
  private static final long CATALOGUE = offset("catalogue");
  private static final long MAP = offset("map");
  private static final long MAP_LEVELS = offset("mapLevels");
  private static final long CHAIN_CRC = offset("chainCrc");
  private static final long HIGH_WATER = offset("highWater");
  private static final long FILE_SIZE = offset("fileSize");
  private static final long RING_SIZE = offset("ringSize");
  private static final long LSN = offset("lsn");
  private static final long EPOCH = offset("epoch");
  private static final long STAMP_LIMIT = offset("stampLimit");
  private static final long USER_TERM = offset("userTerm");
  private static final long USER_INDEX = offset("userIndex");
  private static final long NEXT_TABLE_ID = offset("nextTableId");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
    assert offset("crc") == FileHeader.CRC && offset("formatVersion") == FileHeader.VERSION;
  }

  private SuperblockPage() {}

  /// Writes everything but the CRC into zeroed bytes.
  public static void write(MemorySegment s, long at, Superblock b) {
    s.set(U64, at, MAGIC);
    s.set(U32, at + FileHeader.VERSION, FORMAT_VERSION);
    s.set(U32, at + PAGE_SIZE, b.pageSizeBytes());
    s.set(U32, at + FLAGS, b.flags());
    s.set(U64, at + STORE_ID, b.storeIdHigh());
    s.set(U64, at + STORE_ID + 8, b.storeIdLow());
    s.set(U64, at + CREATED, b.createdMillis());
    s.set(U64, at + SEQUENCE, b.sequence());
    s.set(U64, at + TXN_ID, b.txnId());
    s.set(U64, at + CATALOGUE, b.catalogueRef());
    s.set(U64, at + MAP, b.mapRef());
    s.set(U32, at + MAP_LEVELS, b.mapLevels());
    s.set(U32, at + CHAIN_CRC, b.chainCrc());
    s.set(U64, at + HIGH_WATER, b.highWaterPage());
    s.set(U64, at + FILE_SIZE, b.fileSizeBytes());
    s.set(U64, at + RING_SIZE, b.ringSizeBytes());
    s.set(U64, at + LSN, b.lsn());
    s.set(U32, at + EPOCH, b.epoch());
    s.set(U64, at + STAMP_LIMIT, b.stampLimit());
    s.set(U64, at + USER_TERM, b.userTerm());
    s.set(U64, at + USER_INDEX, b.userIndex());
    s.set(U64, at + NEXT_TABLE_ID, b.nextTableId());
  }

  /// Reads the fields; the caller has verified magic, version and CRC.
  public static Superblock read(MemorySegment s, long at) {
    return new Superblock(
        s.get(U32, at + PAGE_SIZE),
        s.get(U32, at + FLAGS),
        s.get(U64, at + STORE_ID),
        s.get(U64, at + STORE_ID + 8),
        s.get(U64, at + CREATED),
        s.get(U64, at + SEQUENCE),
        s.get(U64, at + TXN_ID),
        s.get(U64, at + CATALOGUE),
        s.get(U64, at + MAP),
        s.get(U32, at + MAP_LEVELS),
        s.get(U64, at + HIGH_WATER),
        s.get(U64, at + FILE_SIZE),
        s.get(U64, at + RING_SIZE),
        s.get(U64, at + LSN),
        s.get(U32, at + CHAIN_CRC),
        s.get(U32, at + EPOCH),
        s.get(U64, at + STAMP_LIMIT),
        s.get(U64, at + USER_TERM),
        s.get(U64, at + USER_INDEX),
        s.get(U64, at + NEXT_TABLE_ID));
  }

  public static boolean hasMagic(MemorySegment s, long at) {
    return s.get(U64, at) == MAGIC;
  }

  private static long offset(String field) {
    return Fields.offset(LAYOUT, field);
  }
}
