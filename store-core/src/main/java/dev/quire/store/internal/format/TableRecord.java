package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U16;
import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;
import static dev.quire.store.internal.format.Le.U8;
import static java.lang.foreign.MemoryLayout.structLayout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// One table's record: the value of its name in the catalogue tree.
///
/// | offset | size | field               | meaning                                         |
/// |-------:|-----:|---------------------|-------------------------------------------------|
/// |      0 |    8 | rootRef             | reference to the root page, 0 of an empty table |
/// |      8 |    8 | entries             | number of keys                                  |
/// |     16 |    4 | tableId             | never given to another table of the store       |
/// |     20 |    1 | kind                | [#KIND_BYTES] or [#KIND_INTEGERS]               |
/// |     21 |    1 | depth               | levels of the tree, 0 of an empty table         |
/// |     22 |    2 | flags               | [#EXPIRES]                                      |
/// |     24 |    8 | leafPages           | leaves of the tree                              |
/// |     32 |    8 | branchPages         | branches of the tree                            |
/// |     40 |    8 | overflowPages       | pages of its overflow runs                      |
/// |     48 |    8 | defaultExpiryMillis | life of an entry put without one, 0 for ever    |
/// |     56 |    8 | keyCodec            | [CodecIds] of the keys, 0: none is known         |
/// |     64 |    8 | valueCodec          | the same of the values                          |
/// |     72 |    8 | created             | id of the transaction that created the table    |
/// |     80 |    8 | maxEntries          | most entries it holds, 0 for no bound           |
/// |     88 |    8 | maxBytes            | most bytes of keys and values, 0 for no bound   |
public record TableRecord(
    long rootRef,
    long entries,
    int tableId,
    int kind,
    int depth,
    int flags,
    long leafPages,
    long branchPages,
    long overflowPages,
    long defaultExpiryMillis,
    long keyCodec,
    long valueCodec,
    long created,
    long maxEntries,
    long maxBytes) {

  /// Kind of a table with keys of any length.
  public static final int KIND_BYTES = 1;

  /// Kind of a table with keys of exactly 8 bytes.
  public static final int KIND_INTEGERS = 2;

  /// Flag of a table some of whose entries may expire.
  public static final int EXPIRES = 1;

  static final StructLayout LAYOUT =
      structLayout(
          U64.withName("rootRef"),
          U64.withName("entries"),
          U32.withName("tableId"),
          U8.withName("kind"),
          U8.withName("depth"),
          U16.withName("flags"),
          U64.withName("leafPages"),
          U64.withName("branchPages"),
          U64.withName("overflowPages"),
          U64.withName("defaultExpiryMillis"),
          U64.withName("keyCodec"),
          U64.withName("valueCodec"),
          U64.withName("created"),
          U64.withName("maxEntries"),
          U64.withName("maxBytes"));

  /// Size of a record.
  public static final int SIZE_BYTES = 96;

  private static final long ROOT_REF = offset("rootRef");
  private static final long ENTRIES = offset("entries");
  private static final long TABLE_ID = offset("tableId");
  private static final long KIND = offset("kind");
  private static final long DEPTH = offset("depth");
  private static final long FLAGS = offset("flags");
  private static final long LEAF_PAGES = offset("leafPages");
  private static final long BRANCH_PAGES = offset("branchPages");
  private static final long OVERFLOW_PAGES = offset("overflowPages");
  private static final long DEFAULT_EXPIRY_MILLIS = offset("defaultExpiryMillis");
  private static final long KEY_CODEC = offset("keyCodec");
  private static final long VALUE_CODEC = offset("valueCodec");
  private static final long CREATED = offset("created");
  private static final long MAX_ENTRIES = offset("maxEntries");
  private static final long MAX_BYTES = offset("maxBytes");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
    assert Limits.MAX_DEPTH < 256;
  }

  /// Reads the record at `offset`.
  public static TableRecord read(MemorySegment segment, long offset) {
    return new TableRecord(
        segment.get(U64, offset + ROOT_REF),
        segment.get(U64, offset + ENTRIES),
        segment.get(U32, offset + TABLE_ID),
        Byte.toUnsignedInt(segment.get(U8, offset + KIND)),
        Byte.toUnsignedInt(segment.get(U8, offset + DEPTH)),
        Short.toUnsignedInt(segment.get(U16, offset + FLAGS)),
        segment.get(U64, offset + LEAF_PAGES),
        segment.get(U64, offset + BRANCH_PAGES),
        segment.get(U64, offset + OVERFLOW_PAGES),
        segment.get(U64, offset + DEFAULT_EXPIRY_MILLIS),
        segment.get(U64, offset + KEY_CODEC),
        segment.get(U64, offset + VALUE_CODEC),
        segment.get(U64, offset + CREATED),
        segment.get(U64, offset + MAX_ENTRIES),
        segment.get(U64, offset + MAX_BYTES));
  }

  /// Writes the record at `offset`.
  public void write(MemorySegment segment, long offset) {
    segment.set(U64, offset + ROOT_REF, rootRef);
    segment.set(U64, offset + ENTRIES, entries);
    segment.set(U32, offset + TABLE_ID, tableId);
    segment.set(U8, offset + KIND, (byte) kind);
    segment.set(U8, offset + DEPTH, (byte) depth);
    segment.set(U16, offset + FLAGS, (short) flags);
    segment.set(U64, offset + LEAF_PAGES, leafPages);
    segment.set(U64, offset + BRANCH_PAGES, branchPages);
    segment.set(U64, offset + OVERFLOW_PAGES, overflowPages);
    segment.set(U64, offset + DEFAULT_EXPIRY_MILLIS, defaultExpiryMillis);
    segment.set(U64, offset + KEY_CODEC, keyCodec);
    segment.set(U64, offset + VALUE_CODEC, valueCodec);
    segment.set(U64, offset + CREATED, created);
    segment.set(U64, offset + MAX_ENTRIES, maxEntries);
    segment.set(U64, offset + MAX_BYTES, maxBytes);
  }

  /// Whether the table evicts entries to stay below a bound.
  public boolean isBounded() {
    return (maxEntries | maxBytes) != 0;
  }

  /// A copy with other codecs.
  public TableRecord withCodecs(long keys, long values) {
    return new TableRecord(
        rootRef,
        entries,
        tableId,
        kind,
        depth,
        flags,
        leafPages,
        branchPages,
        overflowPages,
        defaultExpiryMillis,
        keys,
        values,
        created,
        maxEntries,
        maxBytes);
  }

  /// Changes the root of the record at `offset`.
  public static void setRootRef(MemorySegment segment, long offset, long ref) {
    segment.set(U64, offset + ROOT_REF, ref);
  }

  private static long offset(String field) {
    return Fields.offset(LAYOUT, field);
  }
}
