package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// An [Increment] as bytes: at the start of the first page of its file. The rest of that page is
/// zero.
///
/// | offset | size | field           | meaning                                                   |
/// |-------:|-----:|-----------------|-----------------------------------------------------------|
/// |      0 |    8 | magic           | `QUINC` and three bytes that text transfers destroy       |
/// |      8 |    4 | crc             | CRC32C of bytes 12 to 191                                 |
/// |     12 |    4 | formatVersion   | [SuperblockPage#FORMAT_VERSION]                           |
/// |     16 |    4 | pageSize        | bytes                                                     |
/// |     20 |    4 | flags           | those of the superblock                                   |
/// |     24 |   16 | storeId         | of the store                                              |
/// |     40 |    8 | created         | of the store, epoch milliseconds                          |
/// |     48 |    8 | id              | random, not 0                                             |
/// |     56 |    8 | parentId        | id of the increment it builds on, 0: a backup, a store    |
/// |     64 |    8 | parentTxnId     | transaction of what it builds on                          |
/// |     72 |    8 | parentCatalogue | root of the catalogue there, 0 if it is empty             |
/// |     80 |    8 | parentStamp     | stamp of that root, 0 if there is none                    |
/// |     88 |    8 | firstPage       | number of the first page that follows                     |
/// |     96 |    8 | pages           | how many follow                                           |
/// |    104 |    8 | txnId           | the state's transaction                                   |
/// |    112 |    8 | catalogue       | reference of the catalogue's root, 0 if it is empty       |
/// |    120 |    8 | stampLimit      | all stamps of the state are below                         |
/// |    128 |    8 | userTerm        | user word                                                 |
/// |    136 |    8 | userIndex       | user word                                                 |
/// |    144 |    8 | nextTableId     | next table id                                             |
/// |    152 |   40 | reserved        | zero                                                      |
public final class IncrementPage {

  /// `QUINC`, 0x0D, 0x0A, 0x1A, read as a little-endian word.
  public static final long MAGIC = 0x1A0A_0D43_4E49_5551L;

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          U64.withName("magic"),
          U32.withName("crc"),
          U32.withName("formatVersion"),
          U32.withName("pageSize"),
          U32.withName("flags"),
          MemoryLayout.sequenceLayout(2, U64).withName("storeId"),
          U64.withName("created"),
          U64.withName("id"),
          U64.withName("parentId"),
          U64.withName("parentTxnId"),
          U64.withName("parentCatalogue"),
          U64.withName("parentStamp"),
          U64.withName("firstPage"),
          U64.withName("pages"),
          U64.withName("txnId"),
          U64.withName("catalogue"),
          U64.withName("stampLimit"),
          U64.withName("userTerm"),
          U64.withName("userIndex"),
          U64.withName("nextTableId"),
          MemoryLayout.sequenceLayout(5, U64).withName("reserved"));

  /// Size of the struct, in bytes.
  public static final int SIZE_BYTES = 192;

  private static final long PAGE_SIZE = offset("pageSize");
  private static final long FLAGS = offset("flags");
  private static final long STORE_ID = offset("storeId");
  private static final long CREATED = offset("created");
  private static final long ID = offset("id");
  private static final long PARENT_ID = offset("parentId");
  private static final long PARENT_TXN_ID = offset("parentTxnId");
  private static final long PARENT_CATALOGUE = offset("parentCatalogue");
  private static final long PARENT_STAMP = offset("parentStamp");
  private static final long FIRST_PAGE = offset("firstPage");
  private static final long PAGES = offset("pages");
  private static final long TXN_ID = offset("txnId");
  private static final long CATALOGUE = offset("catalogue");
  private static final long STAMP_LIMIT = offset("stampLimit");
  private static final long USER_TERM = offset("userTerm");
  private static final long USER_INDEX = offset("userIndex");
  private static final long NEXT_TABLE_ID = offset("nextTableId");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
    assert offset("crc") == FileHeader.CRC && offset("formatVersion") == FileHeader.VERSION;
  }

  private IncrementPage() {}

  /// Writes everything but the CRC into zeroed bytes.
  public static void write(MemorySegment s, long at, Increment i) {
    s.set(U64, at, MAGIC);
    s.set(U32, at + FileHeader.VERSION, SuperblockPage.FORMAT_VERSION);
    s.set(U32, at + PAGE_SIZE, i.pageSizeBytes());
    s.set(U32, at + FLAGS, i.flags());
    s.set(U64, at + STORE_ID, i.storeIdHigh());
    s.set(U64, at + STORE_ID + 8, i.storeIdLow());
    s.set(U64, at + CREATED, i.createdMillis());
    s.set(U64, at + ID, i.id());
    s.set(U64, at + PARENT_ID, i.parent().id());
    s.set(U64, at + PARENT_TXN_ID, i.parent().txnId());
    s.set(U64, at + PARENT_CATALOGUE, i.parent().catalogueRef());
    s.set(U64, at + PARENT_STAMP, i.parent().rootStamp());
    s.set(U64, at + FIRST_PAGE, i.firstPage());
    s.set(U64, at + PAGES, i.pages());
    s.set(U64, at + TXN_ID, i.txnId());
    s.set(U64, at + CATALOGUE, i.catalogueRef());
    s.set(U64, at + STAMP_LIMIT, i.stampLimit());
    s.set(U64, at + USER_TERM, i.userTerm());
    s.set(U64, at + USER_INDEX, i.userIndex());
    s.set(U64, at + NEXT_TABLE_ID, i.nextTableId());
  }

  /// Reads the fields; the caller has verified magic, version and CRC.
  public static Increment read(MemorySegment s, long at) {
    return new Increment(
        s.get(U32, at + PAGE_SIZE),
        s.get(U32, at + FLAGS),
        s.get(U64, at + STORE_ID),
        s.get(U64, at + STORE_ID + 8),
        s.get(U64, at + CREATED),
        s.get(U64, at + ID),
        new Increment.Parent(
            s.get(U64, at + PARENT_ID),
            s.get(U64, at + PARENT_TXN_ID),
            s.get(U64, at + PARENT_CATALOGUE),
            s.get(U64, at + PARENT_STAMP)),
        s.get(U64, at + FIRST_PAGE),
        s.get(U64, at + PAGES),
        s.get(U64, at + TXN_ID),
        s.get(U64, at + CATALOGUE),
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
