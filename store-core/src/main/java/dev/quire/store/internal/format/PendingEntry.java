package dev.quire.store.internal.format;

import static dev.quire.store.internal.format.Le.U32;
import static dev.quire.store.internal.format.Le.WORD;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// Pages that no new snapshot refers to, but a live one may.
///
/// | offset | size | field  | meaning                                    |
/// |-------:|-----:|--------|--------------------------------------------|
/// |      0 |    4 | pageNo | first page                                 |
/// |      4 |    4 | count  | pages from there on; 0: the entry is spent |
/// |      8 |    8 | birth  | transaction that wrote them                |
/// |     16 |    8 | freed  | transaction that stopped referring to them |
public final class PendingEntry {

  static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          U32.withName("pageNo"),
          U32.withName("count"),
          WORD.withName("birth"),
          WORD.withName("freed"));

  /// Size of the struct, in bytes.
  public static final int SIZE_BYTES = 24;

  private static final long PAGE_NO = offset("pageNo");
  private static final long COUNT = offset("count");
  private static final long BIRTH = offset("birth");
  private static final long FREED = offset("freed");

  static {
    assert LAYOUT.byteSize() == SIZE_BYTES : LAYOUT;
  }

  private PendingEntry() {}

  public static long pageNo(MemorySegment s, long at) {
    return Integer.toUnsignedLong(s.get(U32, at + PAGE_NO));
  }

  public static int count(MemorySegment s, long at) {
    return s.get(U32, at + COUNT);
  }

  public static long birth(MemorySegment s, long at) {
    return Word.get(s, at + BIRTH);
  }

  public static long freed(MemorySegment s, long at) {
    return Word.get(s, at + FREED);
  }

  public static void write(
      MemorySegment s, long at, long pageNo, int count, long birth, long freed) {
    s.set(U32, at + PAGE_NO, (int) pageNo);
    s.set(U32, at + COUNT, count);
    Word.set(s, at + BIRTH, birth);
    Word.set(s, at + FREED, freed);
  }

  /// Marks the entry spent.
  public static void spend(MemorySegment s, long at) {
    s.set(U32, at + COUNT, 0);
  }

  private static long offset(String field) {
    return Fields.offset(LAYOUT, field);
  }
}
