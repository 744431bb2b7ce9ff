package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U16;
import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.U64;
import static dev.quire.store.internal.format.Le.U8;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// One operation of a redo record: what a transaction did to one key, range or table. Operations
/// say what the result is, so that replaying them needs no clock and no decision. They follow each
/// other without padding: header, key, value.
///
/// | offset | size | field       | meaning                                                   |
/// |-------:|-----:|-------------|-----------------------------------------------------------|
/// |      0 |    1 | code        | see below                                                 |
/// |      1 |    1 | flags       | of a range: which bounds there are                        |
/// |      2 |    2 | reserved    | zero                                                      |
/// |      4 |    4 | tableId     | the table                                                 |
/// |      8 |    8 | expiry      | of a put: absolute, epoch milliseconds, 0 for none        |
/// |     16 |    4 | keyLength   | bytes of the key, the lower bound or the table's name     |
/// |     20 |    4 | valueLength | bytes of the value, the upper bound or the table's record |
///
/// | code | operation                                            |
/// |-----:|------------------------------------------------------|
/// |    1 | put: key, value                                      |
/// |    2 | delete: key                                          |
/// |    3 | delete range: lower bound, upper bound               |
/// |    4 | create table: name, [TableRecord] of the empty table |
/// |    5 | drop table                                           |
/// |    6 | clear table                                          |
public final class RedoOperation {

  public static final int PUT = 1;
  public static final int DELETE = 2;
  public static final int DELETE_RANGE = 3;
  public static final int CREATE_TABLE = 4;
  public static final int DROP_TABLE = 5;
  public static final int CLEAR_TABLE = 6;

  /// Flags of a range.
  public static final int HAS_FROM = 1;

  public static final int FROM_INCLUSIVE = 2;
  public static final int HAS_TO = 4;
  public static final int TO_INCLUSIVE = 8;

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          U8.withName("code"),
          U8.withName("flags"),
          U16.withName("reserved"),
          U32.withName("tableId"),
          U64.withName("expiry"),
          U32.withName("keyLength"),
          U32.withName("valueLength"));

  /// Size of the header, in bytes.
  public static final int SIZE_BYTES = 24;

  private static final long CODE = offset("code");
  private static final long FLAGS = offset("flags");
  private static final long TABLE_ID = offset("tableId");
  private static final long EXPIRY = offset("expiry");
  private static final long KEY_LENGTH = offset("keyLength");
  private static final long VALUE_LENGTH = offset("valueLength");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
  }

  private RedoOperation() {}

  /// Bytes that an operation takes.
  public static long lengthBytes(long keyLength, long valueLength) {
    return SIZE_BYTES + keyLength + valueLength;
  }

  /// Writes the header.
  public static void write(
      MemorySegment s, long at, int code, int flags, int tableId, int keyLength, int valueLength) {
    s.set(U32, at, code | flags << 8);
    s.set(U32, at + TABLE_ID, tableId);
    s.set(U64, at + EXPIRY, 0);
    s.set(U32, at + KEY_LENGTH, keyLength);
    s.set(U32, at + VALUE_LENGTH, valueLength);
  }

  public static void setExpiry(MemorySegment s, long at, long expiryMillis) {
    s.set(U64, at + EXPIRY, expiryMillis);
  }

  public static int code(MemorySegment s, long at) {
    return s.get(U8, at + CODE);
  }

  public static int flags(MemorySegment s, long at) {
    return s.get(U8, at + FLAGS);
  }

  public static int tableId(MemorySegment s, long at) {
    return s.get(U32, at + TABLE_ID);
  }

  public static long expiryMillis(MemorySegment s, long at) {
    return s.get(U64, at + EXPIRY);
  }

  public static int keyLength(MemorySegment s, long at) {
    return s.get(U32, at + KEY_LENGTH);
  }

  public static int valueLength(MemorySegment s, long at) {
    return s.get(U32, at + VALUE_LENGTH);
  }

  private static long offset(String field) {
    return Fields.offset(LAYOUT, field);
  }
}
